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

  it("says nothing elsewhere", function()
    assert.equal("", written(false, "xterm"))
    assert.equal("", written(true, "dumb"))
    assert.equal("", written(true, nil))
  end)
end)
