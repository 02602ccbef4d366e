-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

-- What is written and which options the function got, of a run of 5.5 seconds.
local function run(opts)
  local tl = fake.load "traceleft"
  local M = require "traceleft.interval"
  local shown = {}
  fake.at(5.5, function() fake.signals = 1 end)
  tl.on("syscall.read", function() end)
  local text = fake.stdout(function() M.run(opts, function(print_opts) shown[#shown + 1] = print_opts end) end)
  tl.close()
  return shown, text
end

describe("traceleft.interval", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.interval") end)

  it("shows it once, at the end", function()
    local shown, text = run { top = 20 }
    assert.same({ { top = 20, clear = true, title = false } }, shown)
    assert.equal("", text)
  end)

  it("shows it again and again, with the time, and what came after", function()
    local shown, text = run { top = 3, interval = 2 }
    assert.equal(3, #shown)
    local _, times = text:gsub("%d%d:%d%d:%d%d\n", "")
    assert.equal(3, times)
  end)

  it("draws what it shows, bars or a heat map, and reads it once", function()
    for _, interval in ipairs { false, 2 } do
      local tl = fake.load "traceleft"
      local M, path, got = require "traceleft.interval", os.tmpname(), nil
      fake.at(5.5, function() fake.signals = 1 end)
      local waits = tl.hist { "openat", value = "duration" }
      fake.stdout(function()
        M.run({ svg = path, interval = interval or nil }, function(print_opts) got = print_opts end, waits)
      end)
      local file <close> = assert(io.open(path))
      assert.truthy(file:read "a":find("^<svg "))
      assert.same({}, got.rows)
      os.remove(path)
      tl.close()
    end
  end)

  it("hands on the form", function()
    local shown, text = run { interval = 5, json = true }
    assert.same({ clear = true, title = false, json = true }, shown[1])
    assert.equal("", text)
  end)
end)
