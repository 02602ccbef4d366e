-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.summary", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.summary") end)

  local M = fake.load "traceleft.summary"
  local function filled()
    local summary = M.new()
    for _ = 1, 2 do summary:add { event = "tcp.connect", daddr = "::1", dport = 80 } end
    summary:add { event = "tcp.connect", daddr = "10.0.0.1", dport = 80, error = "ECONNREFUSED" }
    summary:add { event = "tcp.accept", daddr = "10.0.0.9", dport = 50123 }
    summary:add { event = "tcp.close", sent = 2048, received = 10 }
    return summary
  end

  it("is a few lines for people", function()
    local file = fake.file()
    filled():write(file)
    assert.equal([[

connects 3, accepts 1, closes 1, listens 0
failures 1 (1 ECONNREFUSED)
2.0 KiB sent, 10 B received
top peers: 2 [::1]:80, 1 10.0.0.1:80, 1 10.0.0.9
]], file.text)
  end)

  it("is one object as JSON", function()
    local file = fake.file()
    M.new():write(file, true)
    assert.equal('{"accept":0,"close":0,"connect":0,"event":"netwatch.summary","failed":0,"failures":[],"listen":0,'
                 .. '"peers":[],"received":0,"sent":0}\n', file.text)
  end)
end)
