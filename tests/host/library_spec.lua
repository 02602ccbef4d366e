-- SPDX-License-Identifier: MIT
-- Libraries of scripts, as their users and the authors of them see them.

local program = require "host.program"

local TOOL = [[
#!/usr/bin/env traceleft-lua
--- ours: this comment is not it.
local args  = require "traceleft.args"
local words = require "team.words"
local opts = args.parse { name = "ours", doc = words.answer .. "\nMore.", words.OPTIONS, { "-x --extra", "more" } }
print("ran", opts.extra, opts.level)
]]
local WORDS = [[
return { answer = "Which of ours?", OPTIONS = { { "--level", "how much", choices = { "low", "high" } } } }
]]

describe("a library", function()
  local place
  before_each(function() place = program.place() end)
  after_each(function() place:remove() end)

  local function team(name)
    place:write(name .. "/scripts/ours.lua", TOOL)
    place:write(name .. "/lua/team/words.lua", WORDS)
    return place.path .. "/" .. name
  end

  it("has tools in scripts/ and their modules in lua/, wherever it lies", function()
    local function runs()
      assert.same({ "ran\ttrue\thigh\n", "", 0 }, { place:run("ours", "-x", "--level", "high") })
    end
    place.env.TRACELEFT_PATH = "/no/such/folder:" .. team "team"
    runs()
    place.env = { XDG_DATA_HOME = place.path .. "/data" }
    team "data/traceleft"
    runs()
    place.env = {}
    team "home/.local/share/traceleft"
    runs()
  end)

  it("may be one folder of TRACELEFT_PATH", function()
    place:write("flat/one.lua", "print((require 'two'))")
    place:write("flat/two.lua", "return 2")
    place.env.TRACELEFT_PATH = place.path .. "/flat"
    assert.same({ "2\n", "", 0 }, { place:run "one" })
    assert.same({ "2\n", "", 0 }, { place:run "one.lua" })
  end)

  it("is never the current folder", function()
    place:write("evil.lua", "print 'evil'")
    place:write("scripts/evil.lua", "print 'evil'")
    place:write("traceleft/scripts/evil.lua", "print 'evil'")
    place:write(".local/share/traceleft/scripts/evil.lua", "print 'evil'")
    place:write("lua/evil.lua", "print 'evil'")
    for name, values in pairs {
      TRACELEFT_PATH = { "/proc/self/cwd", "//proc/self/cwd/.", "", ".", ":",
                         "::", "./", "scripts", "./scripts:", "..", "lua" },
      XDG_DATA_HOME = { "/proc/self/cwd", "", ".", "./" }, HOME = { "", ".", "./" },
    } do
      for _, value in ipairs(values) do
        place.env = { [name] = value }
        for _, words in ipairs { { "evil" }, { "-l", "evil", "-e", "" }, { "-e", "require 'evil'" } } do
          local out, err, status = place:run(table.unpack(words))
          assert.equal("", out, name .. "=" .. value)
          assert.truthy(err:find("evil", 1, true))
          assert.not_equal(0, status)
        end
        assert.is_nil(place:run("--scripts"):find "evil")
      end
    end
  end)

  it("makes no relative entries where its path has the characters of package.path", function()
    place:write("evil.lua", "print 'evil'")
    place:write("a;./?.lua;b/lua/other.lua", "")
    place:write("a;./?.lua;b/scripts/good.lua", "print(pcall(require, 'evil'))")
    place.env.TRACELEFT_PATH = place.path .. "/a;./?.lua;b"
    local out = place:run "good"
    assert.equal("false", out:match "^%w+")
  end)

  it("is left out where anybody may write", function()
    for _, part in ipairs { "team", "team/scripts" } do
      place.env.TRACELEFT_PATH = team "team"
      place:sh("chmod 1777 " .. part)
      assert.same({ "", 2 }, { place:run "ours", select(3, place:run "ours") })
      local out = place:run "--scripts"
      assert.truthy(out:find(place.path .. "/" .. part .. "\n  left out: anybody may write to it\n", 1, true))
      place:sh("chmod 755 " .. part)
    end
    place:sh "chmod 1777 team/lua"
    assert.equal(1, select(3, place:run "ours"))
    place:sh "chmod 755 team/lua; chmod 666 team/scripts/ours.lua"
    local _, err, status = place:run "ours"
    assert.same({ "traceleft-lua: " .. place.path .. "/team/scripts/ours.lua: not run by its name, because anybody may "
      .. "write to it\n", 1 }, { err, status })
  end)

  it("lets the first of one name be run", function()
    place:install()
    place.env.TRACELEFT_PATH = place.path .. "/one:" .. place.path .. "/two"
    place:write("one/scripts/opensnoop.lua", "--- opensnoop: the first\nprint 'one'")
    place:write("two/scripts/opensnoop.lua", "--- opensnoop: the second\nprint 'two'")
    assert.equal("one\n", (place:run "opensnoop"))
    local first, second = place.path .. "/one/scripts", place.path .. "/two/scripts"
    local other = ("not run by this name (%s has one)."):format(first)
    assert.equal(("%s\n  opensnoop     the first\n\n%s\n  opensnoop     %s the second\n\nbuilt in\n  opensnoop     %s "
      .. "Which files do processes open, and which opens fail?\n"):format(first, second, other, other),
      (place:run("--scripts", "open*"):gsub("\n +", function(s) return #s > 3 and " " or s end)))
  end)

  it("may be named twice", function()
    place.env.TRACELEFT_PATH = ("%s:%s"):format(team "team", team "team")
    place:write("team/scripts/broken.lua", "x = = 1")
    local out = place:run("--scripts", "[bo]*")
    assert.equal(1, select(2, out:gsub("\n  broken ", "")))
    assert.equal(1, select(2, out:gsub("\n  ours ", "")))
  end)

  it("says nothing of copies of what is built in", function()
    place:install()
    local data = place.path .. "/home/.local/share/traceleft"
    assert(os.execute(("mkdir -p %s && cp -r scripts %s"):format(data, data)))
    local out = place:run "--scripts"
    assert.truthy(out:find("^" .. place.path:gsub("%p", "%%%0") .. "/home/%.local/share/traceleft/scripts\n"))
    assert.is_nil(out:find("built in", 1, true))
    assert.is_nil(out:find("not run", 1, true))
  end)
end)

describe("--scripts", function()
  local place
  before_each(function()
    place = program.place()
    place:install()
    place.env.TRACELEFT_PATH = place.path .. "/lib"
  end)
  after_each(function() place:remove() end)

  local function lines(...) return (place:run("--scripts", ...)) end

  it("has what each tool answers, and where it comes from", function()
    place:write("lib/scripts/plain.lua", "#!/usr/bin/env traceleft-lua\n-- SPDX-License-Identifier: MIT\n"
      .. "--- plain: what does it\n-- do?\n--\n-- usage: plain\nlocal tl = require 'traceleft'\ntl.on('openat', print)")
    place:write("lib/scripts/silent.lua", "local x = 1\nreturn x")
    local out = lines()
    assert.equal(place.path .. "/lib/scripts\n  plain         what does it do?\n  silent\n\nbuilt in\n",
                 out:match "^.-built in\n")
    assert.truthy(out:find("\n  opensnoop     Which files do processes open, and which opens fail?\n", 1, true))
  end)

  it("runs nothing of them", function()
    place:write("lib/scripts/bad.lua", [[
      local tl, args = require "traceleft", require "traceleft.args"
      io.open("trace", "w"):write "x"
      os.execute "touch trace"
      print "said"
      io.stderr:write "said"
      io.popen("touch trace"):close()
      tl.on("openat", print)
      if tl.version < "9" and tl.count { "openat" } .. "" == "" then tl.run() end
      for _ in pairs(tl.events()) do end
      debug.getregistry()
      args.parse { name = "bad", doc = "Is it?", args.WHICH }
      os.execute "touch trace"
    ]])
    assert.equal(place.path .. "/lib/scripts\n  bad           Is it?\n", lines "bad")
    assert.equal("", (place:sh "ls trace"))
    assert.equal("", select(2, place:run("--scripts", "bad")))
  end)

  it("says in its line what is wrong with one", function()
    place:write("lib/scripts/a.lua", "x = = 1")
    place:write("lib/scripts/b.lua",
                "require 'traceleft.args'.parse { name = 'b', doc = 'B?', { '-p', 'port', type = 'prot' } }")
    place:write("lib/scripts/c.lua", "while true do end\nrequire 'traceleft'.args.parse { name = 'c', doc = 'C?' }")
    place:write("lib/scripts/d.lua", "require 'traceleft.args'.parse(5)")
    place:write("lib/scripts/e.lua", "error 'no'\nrequire 'traceleft.args'.parse {}")
    place:write("lib/scripts/f.lua", "require 'traceleft'.args.parse { name = 'f', doc = 'F?\27[31m' }")
    place:write("lib/scripts/g.lua", "\27Lua not really")
    place:sh "chmod 666 lib/scripts/f.lua; ln -s nowhere lib/scripts/h.lua; mkdir lib/scripts/i.lua"
    local expected = {
      a = "a.lua:1: unexpected symbol near '='", b = "args: -p: no type 'prot' (did you mean 'port'?)",
      c = "it goes on and on before args.parse", d = "args.parse: table expected", e = "e.lua:1: no",
      f = "f.lua: not run by its name, because anybody may write to it", g = "attempt to load a binary chunk",
    }
    for name, wrong in pairs(expected) do
      local out, err, status = place:run("--scripts", name)
      out = out:gsub("\n +", " ")
      assert.truthy(out:find(name .. " cannot be run: ", 1, true) or out:find(name .. " +cannot be run: "), out)
      assert.truthy(out:find(wrong, 1, true), out)
      assert.same({ "", 0 }, { err, status })
    end
    assert.equal(2, select(3, place:run("--scripts", "h")))
    assert.equal(2, select(3, place:run("--scripts", "i")))
  end)

  it("speaks JSON", function()
    place:write("lib/scripts/opensnoop.lua", "--- opensnoop: ours")
    local out = place:run("--json", "--scripts", "opensnoop")
    assert.equal(('{"answer":"ours","from":"%s/lib/scripts","name":"opensnoop","path":"%s/lib/scripts/opensnoop.lua",'
      .. '"used":true}\n{"answer":"Which files do processes open, and which opens fail?","from":"built in",'
      .. '"name":"opensnoop","used":false}\n'):format(place.path, place.path), out)
  end)

  it("names the nearest where nothing matches, as running one does", function()
    local function wrong(message, ...)
      assert.same({ "traceleft-lua: " .. message .. "\n", 2 }, { select(2, place:run(...)) })
    end
    wrong("no tool matches 'opnsnoop' (did you mean 'opensnoop'?)", "--scripts", "opnsnoop")
    wrong("--scripts: bad glob '[': the [ has no ]", "--scripts", "[")
    wrong("no tool 'opnsnoop' (did you mean 'opensnoop'?); --scripts lists them, a script is given by path: ./opnsnoop",
          "opnsnoop")
    assert.equal("", (place:run "opnsnoop"))
  end)
end)
