-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("host.repl_show", function()
  it("touches no global", function() assert.same({}, fake.new_globals "host.repl_show") end)

  local M
  before_each(function() M = fake.load "host.repl_show" end)

  it("shows tables with sorted keys", function()
    assert.equal('{ 1, "two", [10] = 3, a = 1, b = true, ["c d"] = {}, ["end"] = 2 }',
                 M.text { 1, "two", b = true, a = 1, ["end"] = 2, ["c d"] = {}, [10] = 3 })
  end)

  it("is bounded", function()
    local deep = {}
    local at = deep
    for _ = 1, 20 do at.x = {} at = at.x end
    assert.truthy(M.text(deep):find "{ … }")
    local many = {}
    for i = 1, 200 do many[i] = i end
    assert.truthy(M.text(many):find "… 100 more")
    local loop = {}
    loop.loop = loop
    assert.equal("{ loop = <the table that this is in> }", M.text(loop))
    local shared = {}
    assert.equal("{ {}, {} }", M.text { shared, shared })
  end)

  it("lets nothing reach the terminal that could do harm", function()
    assert.equal("\\x1b[31m", M.text "\27[31m")
    assert.equal('{ ["\\x1b"] = "\\x1b" }', M.text { ["\27"] = "\27" })
    assert.equal("\\x1b!", M.text(setmetatable({}, { __tostring = function() return "\27!" end })))
    assert.truthy(M.text(setmetatable({}, { __tostring = function() error "no" end })):find "__tostring")
  end)

  it("shows an event field by field, with meanings", function()
    local text = M.text { event = "syscall.openat", time = 1, pid = 7, comm = "c\27t", dirfd = -100, ret = -2,
                          error = "ENOENT", pathname = "/x", flags = 0, unread = { "uid" } }
    assert.truthy(text:find "^FIELD +VALUE +MEANING\n")
    assert.truthy(text:find "\ndirfd +%-100 +AT_FDCWD\n")
    assert.truthy(text:find "\nflags +0 +O_RDONLY\n")
    assert.truthy(text:find "\ncomm +c\\x1bt\n")
    assert.truthy(text:find "\nuid +%- +%?")
  end)

  it("shows functions with their source", function()
    M.keep("=repl:1", "f = function(a)\n  return a\nend")
    load("f = function(a)\n  return a\nend", "=repl:1", "t", package.loaded)()
    local text = M.text(package.loaded.f)
    package.loaded.f = nil
    assert.truthy(text:find "%(repl:1:1%)\n  f = function%(a%)\n    return a\n  end$")
    assert.truthy(M.text(print):find "%(in C%)$")
  end)

  it("prints results: refusals as text, aggregates by themselves", function()
    local tl = require "traceleft"
    assert.equal("no root (EPERM)\n", fake.stdout(function()
      local real = print
      _G.print = function(text) io.stdout:write(text .. "\n") end
      M.results { n = 3, nil, "no root", "EPERM" }
      _G.print = real
    end))
    local calls = tl.count { "read", name = "calls" }
    assert.equal("calls: 0\n", fake.stdout(function() M.results { n = 1, calls } end))
  end)
end)
