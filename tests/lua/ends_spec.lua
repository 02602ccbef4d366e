-- SPDX-License-Identifier: MIT
local ends = require "traceleft.ends"

local function clause(opts)
  return ends.OPTIONS.finish(opts), opts.ends
end

describe("ends", function()
  it("makes a clause of the options", function()
    assert.same({ nil, nil }, { clause {} })
    assert.same({ nil, "sport == 443 or dport == 443" }, { clause { port = 443 } })
    assert.same({ nil, "(sport == 1 or dport == 1) and (saddr == '10.0.0.0/8' or daddr == '10.0.0.0/8')" },
                { clause { port = 1, address = "10.0.0.0/8" } })
  end)

  it("knows one end of listeners", function()
    local opts = { port = 80 }
    assert.is_nil(ends.OPTIONS_HERE.finish(opts))
    assert.equal("sport == 80", opts.ends)
  end)

  it("refuses what is no address", function()
    assert.equal("-a: '10.0' is no address; write it as 10.0.0.1, 10.0.0.0/8, ::1 or 2001:db8::/32",
                 (clause { address = "10.0" }))
  end)

  it("shows both ends", function()
    local event = { saddr = "10.0.0.1", sport = 80, daddr = "::1" }
    assert.equal("10.0.0.1:80", ends.LOCAL[3](event))
    assert.equal("[::1]:?", ends.PEER[3](event))
  end)
end)
