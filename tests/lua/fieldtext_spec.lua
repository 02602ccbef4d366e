-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.fieldtext", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.fieldtext") end)

  local describe_event = fake.load("traceleft").describe
  local M = require "traceleft.fieldtext"

  it("tells fields of any event", function()
    local tell = M.teller(describe_event)
    local listen = { event = "tcp.listen", time = 1000000000, comm = "n\27c", unread = { "saddr" } }
    assert.equal(os.date("%H:%M:%S", 1) .. ".000000", tell(listen, "time"))
    assert.equal("n\\x1bc", tell(listen, "comm"))
    assert.equal("?", tell(listen, "saddr"))
    assert.equal("-", tell(listen, "pathname"))
    assert.equal("/x", tell({ event = "syscall.openat", pathname = "/x" }, "pathname"))
    assert.equal("-", tell({ event = "syscall.openat" }, "time"))
  end)

  it("names all fields once", function()
    local names, seen = M.names(describe_event, { "syscall.openat", "tcp.listen" }), {}
    for _, name in ipairs(names) do
      assert.is_nil(seen[name])
      seen[name] = true
    end
    assert.truthy(seen.pathname and seen.backlog and seen.comm)
  end)
end)
