-- SPDX-License-Identifier: MIT
-- luacheck: std +busted
local headers = require "battery.gen.headers"

local DIR = "/tmp/traceleft-battery-spec." .. tostring(os.time()) .. tostring(math.random(1 << 30))

-- Each run asks the compiler some 200 questions, and all runs the same ones: they are answered once.
local CC = DIR .. ".cc"
local ASK_ONCE = [[
#!/bin/sh
case $1 in
-S) key=$(md5sum <"$7") ;;
*) key=$(echo "$*" | md5sum) ;;
esac
answer=$0.${key%% *}
[ -e "$answer" ] || { cc "$@" >"$answer.new" && mv "$answer.new" "$answer"; } || exit 1
cat "$answer"
]]
local MAIN = ("lua5.4 battery/gen/main.lua --cc '%s' "):format(CC)

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

setup(function()
  write(CC, ASK_ONCE)
  assert(os.execute("chmod +x " .. CC))
end)
teardown(function() os.execute(("rm -f %s %s.*"):format(CC, CC)) end)

-- The definitions of the battery, as the Makefile passes them.
local DEFINITIONS = "battery/tcp.lua battery/process.lua battery/syscalls/*.lua battery/other.lua"

describe("the battery's definitions", function()
  local events, reference = {}, nil

  setup(function()
    assert(os.execute("mkdir " .. DIR))
    local done, text = run(("%s --docs %s/EVENTS.md %s"):format(DIR, DIR, DEFINITIONS))
    assert.are.same({ true, "" }, { done, text })
    for line in read(DIR .. "/catalogue.txt"):gmatch "[^\n]+" do
      local name = line:match "^event\t([^\t]+)"
      if name then events[name] = true end
    end
    reference = read(DIR .. "/EVENTS.md")
  end)
  teardown(function() os.execute("rm -r " .. DIR) end)

  it("have an event for each call that the system's headers know", function()
    local missing = {}
    for name in pairs(headers.syscalls(headers.macros({ "asm/unistd.h" }, "cc"))) do
      if not events["syscall." .. name] then missing[#missing + 1] = name end
    end
    assert.are.same({}, missing)
  end)

  it("are all in the reference", function()
    assert.is_true(events["tcp.connect"] and events["process.exec"] and events["syscall.other"])
    for name in pairs(events) do
      assert.is_truthy(reference:find("\n### " .. name .. "\n", 1, true), name)
    end
  end)

  it("keep within what core takes: numbers of events and of layouts' members", function()
    local n, members = 0, 0
    for _ in pairs(events) do n = n + 1 end
    for line in read(DIR .. "/catalogue.txt"):gmatch "[^\n]+" do
      members = line:find "^member\t" and members + 1 or 0
      assert.is_true(members <= 16, line)
    end
    assert.is_true(n > 300 and n <= 1024, n)
  end)
end)

describe("main", function()
  local definition = DIR .. "/one.lua"
  local all = ("%s --docs %s/EVENTS.md %s"):format(DIR, DIR, definition)

  setup(function()
    assert(os.execute("mkdir " .. DIR))
    write(definition, 'return { doc = "One.", events = { '
      .. '{ name = "syscall.close", class = "desc", doc = "One.", ret = "", args = { { "fd", "fd" } } } } }')
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
      .. '{ name = "syscall.opnat", class = "desc", doc = "Two.", ret = "", args = {} } } }')
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
