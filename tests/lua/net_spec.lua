-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.net", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.net") end)

  local M = fake.load "traceleft.net"
  it("writes endpoints", function()
    assert.equal("10.0.0.1:80", M.endpoint("10.0.0.1", 80))
    assert.equal("[::1]:80", M.endpoint("::1", 80))
    assert.equal("?:?", M.endpoint())
  end)

  local function contains(network, address) return M.contains(assert(M.network(network)), address) end

  it("matches IPv4", function()
    assert.is_true(contains("10.0.0.0/8", "10.255.1.2"))
    assert.is_false(contains("10.0.0.0/8", "11.0.0.0"))
    assert.is_true(contains("192.168.128.0/17", "192.168.255.1"))
    assert.is_false(contains("192.168.128.0/17", "192.168.127.1"))
    assert.is_true(contains("0.0.0.0/0", "1.2.3.4"))
    assert.is_true(contains("127.0.0.1", "127.0.0.1"))
    assert.is_true(contains("::ffff:127.0.0.1", "127.0.0.1"))
  end)

  it("matches IPv6", function()
    assert.is_true(contains("::1", "0:0:0:0:0:0:0:1"))
    assert.is_true(contains("2001:db8::/32", "2001:db8:1::9"))
    assert.is_false(contains("2001:db8::/32", "2001:db9::"))
    assert.is_false(contains("::/0", "10.0.0.1"))
    assert.is_false(contains("::/0", nil))
  end)

  it("knows either side of an event", function()
    local network = M.network "10.0.0.0/8"
    assert.is_true(M.touches(network, { saddr = "10.0.0.1" }))
    assert.is_true(M.touches(network, { saddr = "1.1.1.1", daddr = "10.0.0.1" }))
    assert.is_false(M.touches(network, { saddr = "1.1.1.1", daddr = "1.0.0.1" }))
  end)

  it("refuses what is no address", function()
    for _, text in ipairs { "", "10.0.0", "10.0.0.256", "10.0.0.1/33", "1::2::3", ":1", "1:2:3:4:5:6:7", "::1/129",
                            "localhost", "1:2:3:4:5:6:7:8::", "10.0.0.1/" } do
      assert.same({ nil, "'" .. text .. "' is no address; write it as 10.0.0.1, 10.0.0.0/8, ::1 or 2001:db8::/32" },
                  { M.network(text) })
    end
  end)
end)
