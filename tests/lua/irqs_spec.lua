-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.irqs", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.irqs") end)

  -- What is measured with these options.
  local function measured(opts)
    fake.load "traceleft"
    local M = require "traceleft.irqs"
    fake.at(1, function() fake.signals = 1 end)
    fake.stdout(function() M.run(opts, "tcp.connect", "comm") end)
    local spec = fake.session.aggs[1].spec
    return { spec.kind, table.concat(spec.by, " "), spec.value, spec.events[1] }
  end

  it("measures by one field, by the CPU too, and as histograms", function()
    assert.same({ "avg", "comm", "duration", "tcp.connect" }, measured {})
    assert.same({ "avg", "comm cpu", "duration", "tcp.connect" }, measured { cpus = true })
    assert.same({ "hist", "comm", "duration", "tcp.connect" }, measured { dist = true })
  end)
end)
