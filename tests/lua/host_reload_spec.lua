-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("host.reload", function()
  local M, tl, path, guards

  before_each(function()
    guards = {}
    package.preload["host.signals"] = function()
      return { guard = function(name) guards[#guards + 1] = name return "none" end }
    end
    package.preload["host.system"] = function() return { tools = function() return {} end } end
    for _, name in ipairs { "host.signals", "host.system" } do package.loaded[name] = nil end
    M = fake.load "host.reload"
    tl = require "traceleft"
    path = os.tmpname()
  end)
  after_each(function() os.remove(path) end)

  local function write(text)
    local file <close> = assert(io.open(path, "w"))
    file:write('local tl = require "traceleft"\n' .. text)
  end

  local function titles()
    local list = {}
    for i, one in ipairs(tl.attached() or {}) do list[i] = one.title end
    return list
  end

  local function load_it(...)
    return M.load(path, { ... })
  end

  it("touches no global", function() assert.same({}, fake.new_globals "host.reload") end)

  it("exchanges what a script made, and keeps its aggregates", function()
    tl.on("tcp.close", function() end)
    write 'calls = tl.count { "read" } gone = tl.count { "openat" } tl.on("read", print) tl.every(1, print)'
    assert(load_it())
    local calls = _G.calls
    write 'tl.on("openat", print) calls = tl.count { "read" }'
    assert(load_it())
    assert.equal(calls, _G.calls)
    assert.same({ "tcp.close", "openat", "count of read" }, titles())
    _G.calls, _G.gone = nil, nil
  end)

  it("leaves the old version as it is when the new one is wrong", function()
    write 'tl.on("read", print) tl.at_exit(function() out = (out or "") .. "old" end)'
    assert(load_it())
    write 'tl.on("openat", print) tl.at_exit(function() out = (out or "") .. "new" end) error "no good"'
    local script, wrong = load_it()
    assert.is_nil(script)
    assert.truthy(wrong:find "no good")
    assert.same({ "read" }, titles())
    write "this is no Lua"
    assert.is_nil(load_it())
    assert.same({ "read" }, titles())
    tl.finish()
    assert.equal("old", _G.out)
    _G.out = nil
  end)

  it("leaves it when the new one cannot be attached", function()
    write 'tl.on("read", print)'
    assert(load_it())
    fake.refuse_start = { "no root", "EPERM" }
    write 'tl.on("openat", print)'
    assert.same({ nil, "no root" }, { load_it() })
    assert.same({ "read" }, titles())
  end)

  it("takes what a callback made later for the script's", function()
    write 'tl.after(1, function() tl.on("read", print) end)'
    assert(load_it())
    fake.at(1, function() end)
    fake.now = 1000000000
    tl.poll()
    assert.same({ "read" }, titles())
    write "local x"
    assert(load_it())
    assert.same({}, titles())
  end)

  it("lets a script wait in its run, and go on behind it", function()
    M.take_over()
    write 'said = tl.run { duration = 5 } said = said .. " " .. (...)'
    local script = assert(load_it "word")
    assert.is_nil(_G.said)
    assert.same({ duration = 5 }, script.waiting)
    M.finish_all("signal", error)
    assert.equal("signal word", _G.said)
    assert.same({ "chunk", "none" }, { guards[2], guards[#guards] })
    _G.said = nil
  end)

  it("ends a run with its time, and with stop", function()
    M.take_over()
    write 'tl.at_exit(function() said = "exit" end) local why = tl.run { duration = 5 } said = said .. " " .. why'
    assert(load_it())
    fake.now = 6000000000
    tl.poll()
    tl.poll()
    assert.equal("exit duration", _G.said)
    write 'said = tl.run()'
    assert(load_it())
    tl.stop()
    tl.poll()
    assert.equal("stop", _G.said)
    _G.said = nil
  end)

  it("loads a script again when its file has changed, and has stopped changing", function()
    local seen = { 1, 0, 100, 5 }
    require("traceleft.core").stat = function() return table.unpack(seen) end
    write 'tl.on("read", print)'
    assert(load_it())
    local said = {}
    M.watch(path, function(_, wrong) said[#said + 1] = wrong or "again" end)
    local function look()
      fake.now = fake.now + 250000000
      tl.poll()
    end
    look()
    write 'tl.on("openat", print)'
    seen = { 1, 0, 200, 7 }
    look()
    assert.same({}, said)
    look()
    look()
    assert.same({ "again" }, said)
    assert.same({ "every 250 ms", "openat" }, titles())
    write "no Lua"
    seen = { 1, 0, 300, 7 }
    look()
    look()
    look()
    assert.equal(2, #said)
    assert.truthy(said[2]:find "syntax error")
  end)

  it("knows scripts by their names", function()
    assert.equal("tool", M.path "tool")
    assert.is_nil(M.path())
    write "local x"
    assert(load_it())
    assert.equal(path, M.path())
    assert.equal(path, M.path(path:match "[^/]+$"))
  end)
end)
