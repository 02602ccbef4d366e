-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.units", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.units") end)

  local M = fake.load "traceleft.units"
  it("writes bytes in five cells", function()
    local texts = {}
    for i, bytes in ipairs { 0, 1023, 1024, 10180, 10190, 1047551, 1048100, 17 << 20, math.maxinteger } do
      texts[i] = M.short_bytes(bytes)
    end
    assert.equal("0 1023 1.0K 9.9K 10K 1023K 1.0M 17M 8.0E", table.concat(texts, " "))
  end)

  it("writes bytes", function()
    assert.equal("0 B", M.bytes(0))
    assert.equal("1023 B", M.bytes(1023))
    assert.equal("4.0 KiB", M.bytes(4096))
    assert.equal("1.0 MiB", M.bytes(1024 * 1024 - 1))
    assert.equal("8.0 EiB", M.bytes(math.maxinteger))
  end)

  it("reads sizes", function()
    assert.equal(4096, M.parse_bytes(4096))
    assert.equal(65536, M.parse_bytes "64K")
    assert.equal(16 << 20, M.parse_bytes "16MiB")
    assert.same({ nil, "'many' is no size; write it as 4096, 64K or 16M" }, { M.parse_bytes "many" })
  end)

  it("writes unsigned numbers", function()
    assert.equal("7", M.unsigned(7))
    assert.equal("18446744073709551615", M.unsigned(-1))
    assert.equal("9223372036854775808", M.unsigned(math.mininteger))
  end)
end)
