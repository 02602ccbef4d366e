-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.aggregate.meanings", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.aggregate.meanings") end)

  local M, session
  before_each(function()
    M = fake.load "traceleft.aggregate.meanings"
    session = require "traceleft".open {}
  end)

  -- The texts of a key with these clauses.
  local function texts(events, by, key, cut)
    local list = {}
    for i, tell in ipairs(M.tellers(session, events, by)) do list[i] = tell(key, i, cut and cut[i]) end
    return list
  end

  it("shows keys as the fields of events", function()
    local by = { "flags", "error", "pid", "comm", "pathname", "event" }
    assert.same({ "O_RDONLY|O_CLOEXEC", "ENOENT", "42", "a\\x1b", "/etc…", "syscall.openat" },
                texts({ "syscall.openat" }, by, { 524288, "ENOENT", 42, "a\27", "/etc", "syscall.openat", n = 6 },
                      { [5] = true }))
    assert.same({ "-", '""' }, texts({ "syscall.openat" }, { "error", "pathname" }, { nil, "", n = 2 }))
    assert.same({ "10.0.0.1", "443" }, texts({ "tcp.close" }, { "daddr", "dport" }, { "10.0.0.1", 443, n = 2 }))
    assert.same({ "refused" }, texts({ "tcp.connect" }, { "outcome" }, { 2, n = 1 }))
  end)

  it("shows what is no field as it is", function()
    assert.same({ "524288", "\\n", "true", "-" },
                texts({ "syscall.openat" }, { "flags | 0", "f(comm)", "ret < 0", print },
                      { 524288, "\n", true, nil, n = 4 }))
  end)

  it("asks the event where a field means different things", function()
    fake.meanings.other = { [1] = "ONE" }
    local describe = session.describe
    function session:describe(name)
      if name ~= "odd" then return describe(self, name) end
      return { name = "odd", fields = { { name = "flags", type = "s32", meaning = "other" } } }
    end
    local both = { "odd", "syscall.openat" }
    assert.same({ "1" }, texts(both, { "flags" }, { 1, n = 1 }))
    assert.same({ "ONE", "odd" }, texts(both, { "flags", "event" }, { 1, "odd", n = 2 }))
    assert.same({ "O_RDONLY", "syscall.openat" }, texts(both, { "flags", "event" }, { 0, "syscall.openat", n = 2 }))
  end)

  it("knows the unit of what is measured", function()
    assert.equal("duration", M.unit(session, { "tcp.connect", "tcp.listen" }, "duration"))
    assert.equal("bytes", M.unit(session, { "tcp.close" }, "sent"))
    assert.equal("bytes", M.unit(session, { "tcp.close" }, "sent + (received - 40)"))
    assert.equal("", M.unit(session, { "tcp.close" }, "sent + lifetime"))
    assert.equal("", M.unit(session, { "tcp.close" }, "sent // 1024"))
    assert.equal("us", M.unit(session, { "tcp.close" }, "lifetime // 1000"))
    assert.equal("ms", M.unit(session, { "tcp.close" }, " (lifetime - 5) // 1000000"))
    assert.equal("", M.unit(session, { "tcp.close" }, "5 + lifetime // 1000"))
    assert.equal("", M.unit(session, { "tcp.close" }, "lifetime // 1024"))
    assert.equal("", M.unit(session, { "tcp.close" }, "sent // 1000"))
    assert.equal("", M.unit(session, { "tcp.close" }, "1"))
    assert.equal("", M.unit(session, { "tcp.close" }, "dport"))
    assert.equal("", M.unit(session, { "tcp.close" }, print))
    assert.equal("", M.unit(session, { "tcp.close" }, "no_such"))
  end)
end)
