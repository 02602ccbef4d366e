-- SPDX-License-Identifier: MIT
-- luacheck: std +busted
local DIR = "/tmp/traceleft-battery-spec." .. tostring(os.time()) .. tostring(math.random(1 << 30))
local MAIN = "lua5.4 battery/gen/main.lua "

local function run(arguments)
  local pipe = assert(io.popen(MAIN .. arguments .. " 2>&1"))
  local text = pipe:read "a"
  return pipe:close() or false, text
end

local function read(path)
  local file = io.open(path, "rb")
  local text = file and file:read "a"
  if file then file:close() end
  return text
end

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

describe("main", function()
  local definition = DIR .. "/one.lua"
  local all = ("%s --docs %s/EVENTS.md %s"):format(DIR, DIR, definition)

  setup(function()
    assert(os.execute("mkdir " .. DIR))
    write(definition, 'return { doc = "One.", events = { '
      .. '{ name = "syscall.close", doc = "One.", ret = "", args = { { "fd", "fd" } } } } }')
  end)
  teardown(function() os.execute("rm -r " .. DIR) end)

  it("writes all files", function()
    assert.are.same({ true, "" }, { run(all) })
    for _, name in ipairs { "tl_events.h", "syscalls.bpf.c", "battery.bpf.c", "catalogue.txt",
                            "constants.c", "common_fields.h", "events.meta.lua", "EVENTS.md" } do
      assert.is_truthy(read(DIR .. "/" .. name), name)
    end
  end)

  it("leaves a file alone whose text stays the same", function()
    run(all)
    assert(os.execute(("touch -d @1 %s/tl_events.h && touch -d @2 %s/stamp"):format(DIR, DIR)))
    run(all)
    assert.is_true(os.execute(("test %s/stamp -nt %s/tl_events.h"):format(DIR, DIR)))
  end)

  it("--check fails when the reference is stale, and writes nothing", function()
    run(all)
    assert.are.same({ true, "" }, { run("--check " .. all) })
    write(DIR .. "/EVENTS.md", "old\n")
    assert.are.same({ false, "battery: " .. DIR .. "/EVENTS.md: stale; run `make docs` and commit it\n" },
                    { run("--check " .. all) })
    assert.are.equal("old\n", read(DIR .. "/EVENTS.md"))
  end)

  it("refuses a wrong definition in one line", function()
    write(DIR .. "/two.lua", 'return { doc = "Two.", events = { '
      .. '{ name = "syscall.opnat", doc = "Two.", ret = "", args = {} } } }')
    assert.are.same({ false, "battery: two.lua: syscall.opnat: the system's headers know no "
      .. 'system call "opnat"\n' }, { run(DIR .. " " .. DIR .. "/two.lua") })
  end)

  it("says how it is used", function()
    local usage = "battery: usage: main.lua OUTDIR [--docs FILE] [--check] [--cc COMMAND] DEFINITION...\n"
    for _, arguments in ipairs { "", DIR, "--nope " .. all, "--check " .. DIR .. " x.lua", DIR .. " --docs" } do
      assert.are.same({ false, usage }, { run(arguments) })
    end
  end)
end)
