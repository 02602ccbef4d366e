-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.progress", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.progress") end)

  -- What is written to stderr in a run of 2.5 seconds, whose progress is done at its end.
  local function written(terminal, term)
    local tl = fake.load "traceleft"
    local M, real = require "traceleft.progress", os.getenv
    fake.columns = terminal and 80 or nil
    rawset(os, "getenv", function(name) return name == "TERM" and term or nil end)
    local text = fake.stderr(function()
      local done = M.start(tl, function() return 7 end)
      fake.at(2.5, function() fake.signals = 1 end)
      tl.on("openat", function() end)
      tl.run()
      done()
      done()
    end)
    rawset(os, "getenv", real)
    fake.columns = nil
    tl.close()
    return text
  end

  it("says on a terminal how long, and takes it away", function()
    local line = "\r\27[Ktracing for %d s, 7 events; Ctrl-C ends it"
    assert.equal(line:format(1) .. line:format(2) .. "\r\27[K", written(true, "xterm"))
  end)

  -- What is written while three programs are loaded, 0.6 s for each, and what the function answers.
  local function loading(terminal, signalled)
    fake.load "traceleft"
    local M, real, answers = require "traceleft.progress", os.getenv, {}
    fake.columns = terminal and 80 or nil
    rawset(os, "getenv", function(name) return name == "TERM" and "xterm" or nil end)
    local text = fake.stderr(function()
      local tell = M.loading()
      for done = 0, 3 do
        answers[#answers + 1] = tell(done, 3)
        if done == signalled then fake.signals = fake.signals + 1 end
        fake.now = fake.now + 600000000
      end
    end)
    rawset(os, "getenv", real)
    fake.columns = nil
    return text, answers
  end

  it("says on a terminal how far a long load is, and takes it away", function()
    assert.equal("\r\27[Kloading 2 of 3 programs; Ctrl-C ends it\r\27[K", (loading(true)))
    assert.equal("", (loading(false)))
  end)

  it("ends a load at Ctrl-C", function()
    assert.same({ true, true, true, true }, select(2, loading(true)))
    assert.same({ true, false, false, false }, select(2, loading(false, 0)))
  end)

  it("says nothing elsewhere", function()
    assert.equal("", written(false, "xterm"))
    assert.equal("", written(true, "dumb"))
    assert.equal("", written(true, nil))
  end)
end)
