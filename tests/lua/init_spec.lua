-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft") end)

  local tl
  before_each(function() tl = fake.load "traceleft" end)

  it("opens nothing until it is used", function()
    assert.equal("0.0.fake", tl.version)
    assert.equal(os.date("%H:%M:%S", 0) .. ".000000", tl.clock(0))
    assert.same({ { name = "BPF", ok = 1, note = "" } }, tl.check())
    assert.equal(0, tl.errors())
    assert.is_nil(tl.refusal())
    tl.close()
    assert.is_nil(fake.session)
  end)

  it("opens its session with what the program was given, once", function()
    tl.defaults { ring = "1M", channel = "perf" }
    tl.events()
    local first = fake.session
    assert.same({ ring = 1 << 20, channel = "perf", spare_readers = true }, first.opts)
    assert.equal(1, tl.stats().lost)
    assert.equal(first, fake.session)
    tl.close()
    assert.is_true(first.closed)
  end)

  it("hands back why it could not open", function()
    fake.refuse_open = { "battery: cut short", "EBADMSG" }
    assert.same({ nil, "battery: cut short", "EBADMSG" }, { tl.on("tcp.*", print) })
    assert.same({ nil, "battery: cut short", "EBADMSG" }, { tl.run() })
  end)

  it("names a wrong default", function()
    local ok, raised = pcall(tl.defaults, { pid = 5 })
    assert.is_false(ok)
    assert.equal("defaults: no option 'pid' (did you mean 'pids'?)", (raised:gsub("^[^:]*:%d+: ", "")))
  end)
end)
