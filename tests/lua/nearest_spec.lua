-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.nearest", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.nearest") end)

  local M = fake.load "traceleft.nearest"
  it("counts edits", function()
    assert.equal(0, M.distance("pid", "pid"))
    assert.equal(1, M.distance("pid", "pids"))
    assert.equal(3, M.distance("kitten", "sitting"))
    assert.equal(4, M.distance("", "four"))
    assert.equal(1, M.distance("fiel", "file"))
    assert.equal(2, M.distance("abcd", "badc"))
  end)

  it("finds the nearest word, or none", function()
    assert.equal("fields", M.word("fild", { "follow", "field", "fields" }) and M.word("filds", { "follow", "fields" }))
    assert.is_nil(M.word("xyz", { "follow", "fields" }))
  end)

  it("says what a wrong option could have been", function()
    assert.equal("on: no option 'folow' (did you mean 'follow'?)",
                 M.unknown_option("on", { folow = true }, { "pid", "follow" }))
    assert.equal("on: no option 'aaa'", M.unknown_option("on", { zzz = 1, aaa = 1 }, { "pid", "follow" }))
    assert.is_nil(M.unknown_option("on", { pid = 1 }, { "pid" }))
  end)

  it("names several that are equally near, or have the word in them", function()
    local tools = { "execsnoop", "opensnoop", "statsnoop", "tcpaccept", "tcpconnect", "tcplife", "tcpstates", "tcptop" }
    assert.same({ "opensnoop" }, M.several("opnsnoop", tools))
    assert.same({ "tcplife" }, M.several("tcplive", tools))
    assert.same({ "tcpaccept", "tcpconnect", "tcplife", "tcpstates" }, M.several("tcp", tools))
    assert.same({ "execsnoop", "opensnoop", "statsnoop" }, M.several("snoop", tools))
    assert.same({}, M.several("x", tools))
    assert.equal("", M.hints {})
    assert.equal(" (did you mean 'a'?)", M.hints { "a" })
    assert.equal(" (did you mean 'a', 'b' or 'c'?)", M.hints { "a", "b", "c" })
  end)
end)
