-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("host.repl_scan", function()
  it("touches no global", function() assert.same({}, fake.new_globals "host.repl_scan") end)

  local M = fake.load "host.repl_scan"

  it("finds the string that the end is in", function()
    assert.same({ 'on(', "tcp.c" }, { M.string 'on("tcp.c' })
    assert.same({ "x = ", " a ]] b" }, { M.string "x = [=[ a ]] b" })
    assert.same({ [[f('it\'s', ]], "a" }, { M.string [[f('it\'s', "a]] })
    assert.same({ "a = 'b' .. c" }, { M.string "a = 'b' .. c" })
    assert.same({ "-- it's\nx" }, { M.string "-- it's\nx" })
  end)

  it("knows comments", function()
    assert.is_nil(M.string "x = 1 -- on('tcp")
    assert.is_nil(M.string "--[[ 'a'\n")
    assert.same({ "--[[ ' ]] x" }, { M.string "--[[ ' ]] x" })
  end)

  it("knows whose table is open", function()
    assert.equal("on", M.call_of_table 'on("tcp.*", { ')
    assert.equal("tl.count", M.call_of_table 'tl.count { "a)b{", by = { "x" }, ')
    assert.equal("calls:print", M.call_of_table "calls:print { ")
    assert.equal("f", M.call_of_table "f(g(1, 2), {")
    assert.is_nil(M.call_of_table "f(1, {}")
  end)

  it("knows what a string is the value of", function()
    assert.equal("where", M.clause 'on("x", { where = ')
    assert.equal("by", M.clause 'count { "read", by = { "comm", ')
    assert.is_nil(M.clause 'on(')
  end)
end)
