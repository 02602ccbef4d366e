-- SPDX-License-Identifier: MIT
-- The man pages, and that they, completion and all else are installed where they are looked for.

local program = require "host.program"

local function lines_of(text)
  local list = {}
  for line in text:gmatch "[^\n]+" do list[#list + 1] = line end
  return list
end

local function tools()
  local names = {}
  for path in program.output "ls scripts/*.lua":gmatch "[^\n]+" do names[#names + 1] = path:match "([^/]+)%.lua$" end
  return names
end

describe("a man page", function()
  local place
  before_each(function() place = program.place() end)
  after_each(function() place:remove() end)

  -- The page, once as it is written and once as it is read.
  local function page(...)
    local text, err, status = place:run("--man", ...)
    assert.same({ "", 0 }, { err, status })
    place:write("page.1", text)
    return text, (place:sh "MANWIDTH=80 man -l page.1 | col -b")
  end

  local function headings(text)
    local list = {}
    for heading in text:gmatch "\n%.SH ([^\n]+)" do list[#list + 1] = heading end
    return table.concat(list, ", ")
  end

  -- What man, groff and the index of man pages have to say of it.
  local function complaints()
    local out, err = place:sh("man --warnings -E UTF-8 -l -Tutf8 -Z page.1 >/dev/null; "
      .. "groff -ww -man -Tutf8 -z page.1; lexgrog page.1 >/dev/null || echo lexgrog")
    return out .. err
  end

  it("of the program has all sections, and every option of -h", function()
    local text, read = page()
    assert.equal("NAME, SYNOPSIS, DESCRIPTION, OPTIONS, TOOLS, LIBRARIES, EXAMPLES, OVERHEAD, EXIT STATUS, "
      .. "ENVIRONMENT, FILES, SEE ALSO", headings(text))
    for _, line in ipairs(lines_of((place:run "-h"))) do
      local option = line:match "^  (%-[%w-]+)"
      if option then assert.truthy(read:find("\n +[^\n]*" .. option:gsub("%p", "%%%0")), option) end
    end
    for _, name in ipairs(tools()) do
      assert.truthy(read:find(name, 1, true), name)
      assert.truthy(read:find("traceleft%-" .. name .. "%(1%)"), name)
    end
  end)

  it("of a tool has all sections, its options and examples", function()
    for _, name in ipairs(tools()) do
      local text, read = page(name)
      assert.equal("NAME, SYNOPSIS, DESCRIPTION, OPTIONS, EXAMPLES, OVERHEAD, EXIT STATUS, SEE ALSO",
                   headings(text), name)
      local in_options = false
      for _, line in ipairs(lines_of((place:run(name, "-h")))) do
        local option = line:match "^  (%-[%w-]+)"
        if line == "Examples:" then in_options = true end
        if option and not in_options then assert.truthy(read:find(option, 1, true), name .. " " .. option) end
      end
      assert.truthy(read:find("EXAMPLES\n +traceleft%-lua " .. name), name)
    end
  end)

  it("is plain, and clean for man, groff and lexgrog", function()
    for _, name in ipairs { "groff", "man", "lexgrog" } do
      if not program.has(name) then return pending("no " .. name .. " here") end
    end
    for _, name in ipairs { false, table.unpack(tools()) } do
      local text = page(name or nil)
      assert.is_nil(text:find "[^\n -~]", name)
      assert.equal("", complaints(), name)
    end
    place:write("page.1", '.TH x 1\n.SH NAME\nx\n.no-such-request\n')
    assert.not_equal("", complaints())
  end)

  it("takes whatever a tool says as text", function()
    local spec = [[require "traceleft.args".parse { name = "odd", doc = ".TH is it?\n'quoted' \\fB a-b ~x^ `…`",
      examples = { { "-a '.x\\n'", ".so /etc/passwd" } }, { "-a", ".de" } }]]
    place:write("odd.lua", spec)
    local _, read = page "./odd.lua"
    assert.equal("", complaints())
    for _, text in ipairs { ".TH is it?", "'quoted' \\fB a-b ~x^ `…`", "traceleft-lua odd -a '.x\\n'",
                            ".so /etc/passwd", ".de" } do
      assert.truthy(read:find(text, 1, true), text .. "\n" .. read)
    end
  end)

  it("is refused where there is nothing to say", function()
    place:write("mute.lua", "return 1")
    assert.same({ "", "traceleft-lua: ./mute.lua: says nothing of itself with args.parse\n", 2 },
                { place:run("--man", "./mute.lua") })
    assert.same({ "", "traceleft-lua: no tool 'opnsnoop' (did you mean 'opensnoop'?); --scripts lists them, a script "
      .. "is given by path: ./opnsnoop\n", 2 }, { place:run("--man", "opnsnoop") })
  end)
end)

describe("make install", function()
  it("puts all where it is looked for, and uninstall takes it away", function()
    local place = program.place()
    finally(function() place:remove() end)
    local make = ("make --no-print-directory DESTDIR=%s PREFIX=/usr "):format(place.path)
    assert.truthy(os.execute(make .. "install >/dev/null 2>&1"))
    local expected = { "bin/traceleft-lua", "share/bash-completion/completions/traceleft-lua",
                       "share/zsh/site-functions/_traceleft-lua", "share/fish/vendor_completions.d/traceleft-lua.fish",
                       "share/man/man1/traceleft-lua.1" }
    for _, name in ipairs(tools()) do
      expected[#expected + 1] = ("share/man/man1/traceleft-%s.1"):format(name)
      expected[#expected + 1] = ("share/traceleft/scripts/%s.lua"):format(name)
    end
    for _, path in ipairs(expected) do
      local file <close> = assert(io.open(place.path .. "/usr/" .. path))
      assert.truthy(file:read(1), path)
    end
    assert.equal("#compdef traceleft-lua\n", (place:sh "head -n 1 usr/share/zsh/site-functions/_traceleft-lua"))
    assert.truthy(os.execute(make .. "uninstall"))
    assert.equal("", program.output(("find %s/usr -type f"):format(place.path)))
  end)
end)
