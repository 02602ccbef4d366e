-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.args", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.args") end)

  local M = fake.load "traceleft.args"
  local function parse(...)
    return M.parse({
      name = "tool", doc = "What is it?", overhead = "none.",
      examples = { { "", "all" }, { "-p 1 x", "one" } },
      { "-x --failed", "only failures" },
      { "-p --pid", "only process PID", type = "pid" },
      { "--pids", "several", type = "pids" },
      { "-a --address", "only ADDRESS", type = "address" },
      { "-t --time", "so long", type = "duration", default = "10s" },
      { "-P --port", "port", type = "port" },
      { "--size", "size", type = "size" },
      { "-n", "count", type = "integer" },
      { "--ratio", "ratio", type = "number" },
      { "file", "a file", optional = true },
    }, { ... })
  end

  it("reads every type", function()
    assert.same({ failed = true, pid = 7, pids = { 1, 2 }, address = { bytes = "\10\0\0\0", bits = 8 }, time = 0.5,
                  port = 80, size = 65536, n = 3, ratio = 1.5, file = "f" },
                parse("-x", "-p7", "--pids=1,2", "-a", "10.0.0.0/8", "-t", "500ms", "-P", "80", "--size", "64K",
                      "-n", "3", "--ratio", "1.5", "f"))
    assert.same({ time = 10 }, parse())
  end)

  local function raised(...)
    local ok, value = pcall(parse, ...)
    assert.is_false(ok)
    return value
  end

  it("ends with 2 on wrong usage, and names the word", function()
    assert.same({ exit = 2, message = "tool: --pid: 'x' is no process id; 'tool -h' tells more" }, raised("-p", "x"))
    assert.equal("tool: --pids: '0' is no process id; 'tool -h' tells more", raised("--pids", "1,0").message)
    assert.equal("tool: --port: '70000' is no port; 'tool -h' tells more", raised("-P", "70000").message)
    assert.equal("tool: unknown option '--faild' (did you mean '--failed'?); 'tool -h' tells more",
                 raised("--faild").message)
    assert.equal("tool: too many arguments; 'tool -h' tells more", raised("a", "b").message)
  end)

  it("ends with 0 on -h, and tells all", function()
    local help = raised("-h")
    assert.equal(0, help.exit)
    assert.equal("Usage: tool", help.message:match "^Usage: tool")
    assert.truthy(help.message:find("\n\nWhat is it?\n\n", 1, true))
    assert.truthy(help.message:find("\n  -p, --pid PID          only process PID\n", 1, true))
    assert.truthy(help.message:find("\n\nExamples:\n  tool          all\n  tool -p 1 x   one\n\nOverhead: none.",
                                     1, true))
  end)

  local function sets(...)
    return M.parse({ name = "tool", doc = "What?", M.WHICH, { "-x", "more" }, M.OUTPUT }, { ... })
  end

  it("makes a target of the options that say which processes", function()
    assert.is_nil(sets().target)
    assert.same({ pid = { 7 }, follow = true, comm = "php*" }, sets("-p", "7", "-f", "-C", "php*").target)
    assert.same({ comm = "a-name-that-is-" }, sets("-C", "a-name-that-is-longer").target)
    assert.same({ uid = nil, user = "root" }, sets("--user", "root").target)
  end)

  it("refuses what makes no target", function()
    local _, value = pcall(sets, "-f")
    assert.equal(2, value.exit)
    assert.truthy(value.message:find("children of which process", 1, true))
    _, value = pcall(sets, "--user", "no-such-user")
    assert.equal(3, value.exit)
    _, value = pcall(sets, "-C", "a[")
    assert.equal(2, value.exit)
  end)

  it("knows the forms of output", function()
    assert.is_true(sets("--csv").csv)
    assert.same({ "comm" }, sets("--format", "{comm}").format.fields)
    assert.equal("delta", sets("--time", "delta").time)
    local _, value = pcall(sets, "--csv", "--json")
    assert.equal("tool: --json and --csv: give one of them; 'tool -h' tells more", value.message)
    _, value = pcall(sets, "--format", "{")
    assert.equal("tool: --format: column 1: a single '{'; write '{{' for one; 'tool -h' tells more", value.message)
    _, value = pcall(sets, "--time", "now")
    assert.equal("tool: --time: 'now' is none of wall, relative, delta; 'tool -h' tells more", value.message)
  end)

  it("is tl.args too, loaded when it is asked for", function()
    local tl = fake.load "traceleft"
    assert.is_nil(package.loaded["traceleft.args"])
    assert.equal(require "traceleft.args", tl.args)
    assert.is_nil(tl.no_such_thing)
  end)

  it("checks a table without parsing anything", function()
    assert.is_nil(M.check { name = "x", doc = "y", { "-a", "b" } })
    local function wrong(message, spec)
      assert.same({ false, message }, { pcall(M.check, spec) })
    end
    wrong("args: name: string expected", { doc = "y" })
    wrong("args: -h: there are two of that name", { name = "x", doc = "y", { "-h --host", "z", type = "string" } })
    wrong("args: -p: there are two of that name", { name = "x", doc = "y", { "-p", "z" }, M.WHICH })
    wrong("args: doc: string expected", { name = "x" })
    wrong("args: -a: no type 'prot' (did you mean 'port'?)", { name = "x", doc = "y", { "-a", "b", type = "prot" } })
  end)
end)
