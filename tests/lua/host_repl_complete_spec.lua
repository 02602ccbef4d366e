-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

-- What the C module of the program would give.
local folder
package.preload["host.system"] = function()
  return { names = function(path) return folder[path] or {} end, tools = function() return {} end,
           status = function(path) return path == "/etc/pam.d" and "folder" or "file" end,
           executable = function() end }
end

describe("host.repl_complete", function()
  it("touches no global", function() assert.same({}, fake.new_globals "host.repl_complete") end)

  local M, env
  before_each(function()
    package.loaded["host.system"] = nil
    folder = { ["/etc/"] = { "passwd", "pam.d", "a\"b" }, ["."] = { "x.lua" } }
    M = fake.load "host.repl_complete"
    env = require("host.globals").make()
  end)

  local function words(text) return (M.words(env, text)) end

  it("offers globals, keywords and the library's functions", function()
    assert.same({ "do", "dofile" }, words "x = do")
    assert.same({ "hist" }, words "hi")
    assert.same({}, words "x = 1 -- hi")
  end)

  it("offers what a value has, and calls nothing for it", function()
    env.thing = setmetatable({ abc = 1 }, { __index = function() error "called" end })
    env.deep = { inner = setmetatable({}, { __index = { below = 1 } }) }
    assert.same({ "abc" }, words "thing.a")
    assert.same({ "below" }, words "deep.inner.b")
    assert.same({}, words "thing.missing.x")
    assert.same({ "format" }, words "string.for")
    env.text = "x"
    assert.same({ "reverse" }, words "text:rev")
  end)

  it("offers methods of what the library makes", function()
    env.sub = require("traceleft").on("read", function() end)
    assert.same({ "stop" }, words "sub:st")
  end)

  it("offers events, also as strace calls them", function()
    assert.same({ "tcp.close", "tcp.connect" }, words 'on("tcp.c')
    assert.same({ "tcp.close", "tcp.connect" }, words 'on({ "read", "tcp.c')
    assert.same({ "open", "openat", "openat2" }, words "on('op")
    assert.same({ "tcp.listen" }, words 'tl.events "tcp.close,tcp.l')
  end)

  it("offers fields of the events that were named", function()
    assert.same({ "daddr", "dport", "duration" }, words 'on("tcp.connect", { where = "sport > 1 and d')
    assert.same({ "outcome" }, words 'on("tcp.connect", function(e) print(e.out')
    assert.same({ "pathname" }, words 'count { "openat", by = { "comm", "path')
    assert.same({ "starts" }, words 'on("openat", { where = "st')
  end)

  it("offers options", function()
    assert.same({ "where = " }, words 'on("read", { wh')
    assert.same({ "value = ", "vars = " }, words 'hist { "read", va')
    assert.same({ "top = " }, words 'calls:print { to')
  end)

  it("offers paths", function()
    local found, begun = M.words(env, 'reload "/etc/pa')
    assert.same({ { "pam.d/", "passwd" }, "pa" }, { found, begun })
    assert.same({ "passwd" }, words 'on("openat", { where = "/etc/pas')
    assert.same({ "x.lua" }, words 'reload "')
    assert.same({}, words 'f("/etc/a')
  end)

  it("knows what words have in common", function()
    assert.equal("tcp.c", M.common { "tcp.close", "tcp.connect" })
    assert.equal("", M.common {})
  end)
end)
