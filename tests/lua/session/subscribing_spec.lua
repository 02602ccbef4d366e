-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.session.subscribing", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.session.subscribing") end)

  local tl
  before_each(function() tl = fake.load "traceleft" end)

  it("gives args to the callback one by one", function()
    local got
    tl.on("tcp.close", { args = { "sent", "comm" } }, function(...) got = table.pack(...) end)
    fake.at(1, function(core) core:emit { event = "tcp.close", sent = 5, comm = "nc" } end)
    tl.run { duration = 2 }
    assert.same({ n = 2, 5, "nc" }, got)
  end)
end)
