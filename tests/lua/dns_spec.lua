-- SPDX-License-Identifier: MIT
local dns = require "traceleft.dns"

local function header(flags, questions, answers)
  return string.pack(">I2I2I2I2I2I2", 0x1234, flags, questions, answers or 0, 0, 0)
end

local A, AAAA = "\0\1\0\1", "\0\28\0\1"

describe("dns.parse", function()
  it("reads a query", function()
    local message = header(0x0100, 1) .. "\3www\7example\3org\0" .. A
    assert.same({ id = 0x1234, response = false, code = "NOERROR", answers = 0, cut = false,
                  questions = { { name = "www.example.org", type = "A" } } }, dns.parse(message))
  end)

  it("reads an answer and its code, and follows pointers back", function()
    local message = header(0x8183, 2, 3) .. "\1a\0" .. AAAA .. "\1b\xc0\x0c" .. "\x7f\xff\0\1"
    local found = dns.parse(message)
    assert.is_true(found.response)
    assert.equal("NXDOMAIN", found.code)
    assert.equal(3, found.answers)
    assert.same({ { name = "a", type = "AAAA" }, { name = "b.a", type = "TYPE32767" } }, found.questions)
  end)

  it("has a name for the root, and tells dots in labels from those between", function()
    assert.equal(".", dns.parse(header(0, 1) .. "\0" .. A).questions[1].name)
    assert.equal("a\\.b.c\\\\", dns.parse(header(0, 1) .. "\3a.b\2c\\\0" .. A).questions[1].name)
  end)

  it("does not follow pointers around, ahead or to themselves", function()
    for _, name in ipairs { "\xc0\x0c", "\1a\xc0\x0c", "\xc0\x20", "\xff\xff", "\1a\xc0\x0e\xc0\x0c" } do
      local found = dns.parse(header(0, 1) .. name .. A .. ("\0"):rep(40))
      assert.same({}, found.questions)
      assert.is_true(found.cut)
    end
  end)

  it("stands anything, cut anywhere", function()
    local message = header(0x0100, 1) .. "\3www\7example\3org\0" .. A
    assert.is_nil(dns.parse "")
    for i = 0, #message - 1 do
      local found = dns.parse(message:sub(1, i))
      assert.is_true(found == nil or found.cut)
    end
    math.randomseed(4)
    for _ = 1, 2000 do
      local bytes = {}
      for i = 1, math.random(0, 80) do bytes[i] = string.char(math.random(0, 255)) end
      local found = dns.parse(table.concat(bytes))
      assert.is_true(found == nil or #found.questions <= 16)
    end
    assert.same({}, dns.parse(header(0, 1) .. ("\1a"):rep(200) .. "\0" .. A).questions)
  end)
end)
