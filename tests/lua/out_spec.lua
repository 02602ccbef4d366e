-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.out", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.out") end)

  local M = fake.load "traceleft.out"
  local real

  before_each(function() real = io.stdout end)
  after_each(function() io.stdout = real end)

  it("writes", function()
    local file = fake.file()
    M.write(file, "one\n")
    M.flush()
    assert.equal("one\n", file.text)
  end)

  it("names the file that is full", function()
    local file = fake.file()
    M.name(file, "events.json")
    file.refuse = { "No space left on device", 28 }
    local _, raised = pcall(M.write, file, "x")
    assert.equal(1, raised.exit)
    assert.equal("events.json: No space left on device", raised.message)
  end)

  it("notices at flush what write did not", function()
    local file = fake.file()
    M.write(file, "x")
    file.refuse = { "events.json: No space left on device", 28 }
    local _, raised = pcall(M.flush)
    assert.equal("output: No space left on device", raised.message)
    M.flush()
  end)

  it("ends in silence when the reader of stdout is gone", function()
    io.stdout = fake.file()
    io.stdout.refuse = { "Broken pipe", 32 }
    local _, raised = pcall(M.write, io.stdout, "x")
    assert.equal(0, raised.exit)
    assert.is_nil(raised.message)
  end)

  it("says so when another pipe is closed", function()
    local file = fake.file()
    file.refuse = { "Broken pipe", 32 }
    local _, raised = pcall(M.write, file, "x")
    assert.equal(1, raised.exit)
    assert.equal("output: Broken pipe", raised.message)
  end)
end)
