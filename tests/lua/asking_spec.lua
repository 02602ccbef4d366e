-- SPDX-License-Identifier: MIT
local asking = require "traceleft.asking"

local function message(id, flags, name)
  return string.pack(">I2I2I2I2I2I2", id, flags, 1, 0, 0, 0) .. string.pack("s1", name) .. "\0\0\1\0\1"
end

local function event(name, time, payload, more)
  local e = { event = name, time = time, pid = 7, sport = 5000, daddr = "10.0.0.1", payload = payload }
  for key, value in pairs(more or {}) do e[key] = value end
  return e
end

describe("asking", function()
  local shown, now, questions

  before_each(function()
    shown, now = {}, 0
    questions = asking.new(function(e) shown[#shown + 1] = { e.name, e.asked, e.code, e.latency } end,
                           function() return now end)
  end)

  it("puts an answer to its question", function()
    questions:take(event("udp.send", 100, message(1, 0x100, "a")))
    questions:take(event("udp.send", 110, message(2, 0x100, "b")))
    questions:take(event("udp.receive", 150, message(2, 0x8183, "b")))
    questions:take(event("udp.receive", 170, message(1, 0x8180, "a")))
    assert.same({ { "b", "A", "NXDOMAIN", 40 }, { "a", "A", "NOERROR", 70 } }, shown)
    questions:finish()
    assert.equal(2, #shown)
  end)

  it("tells what nobody answered, once", function()
    questions:take(event("udp.send", 100, message(1, 0x100, "a")))
    questions:take(event("udp.send", 200, message(1, 0x100, "a")))
    assert.same({ { "a", "A", "none" } }, shown)
    now = 5000000199
    questions:expire()
    assert.equal(1, #shown)
    now = 5000000200
    questions:expire()
    questions:finish()
    assert.equal(2, #shown)
  end)

  it("passes over nonsense, answers that are sent, questions that are received", function()
    questions:take(event("udp.send", 1, "x"))
    questions:take(event("udp.send", 1, nil))
    questions:take(event("udp.send", 1, message(1, 0x8180, "a")))
    questions:take(event("udp.receive", 1, message(1, 0x100, "a")))
    questions:finish()
    assert.same({}, shown)
  end)

  it("does not take ever more memory", function()
    for i = 1, 5000 do
      now = i
      questions:take(event("udp.send", i, message(i % 65536, 0x100, "a"), { sport = i }))
    end
    assert.is_true(questions.count <= 4096)
    questions:finish()
    assert.equal(5000, #shown)
  end)

  it("shows an answer whose question was not seen", function()
    questions:take(event("udp.receive", 5, message(9, 0x8182, "late")))
    assert.same({ { "late", "A", "SERVFAIL" } }, shown)
  end)
end)
