-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.args.types", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.args.types") end)

  local M = fake.load "traceleft.args.types"
  local function read(kind, text)
    local _, reader = M.of { "-x", "", type = kind }
    return reader(text)
  end

  it("takes counts from 1 on", function()
    assert.equal(1, read("count", "1"))
    assert.same({ nil, "'0' is no number of at least 1" }, { read("count", "0") })
  end)

  it("takes names of processes as the kernel keeps them, and globs of such", function()
    assert.equal("a-name-that-is-", read("comm", "a-name-that-is-longer"))
    assert.equal("php*", read("comm", "php*"))
    assert.same({ nil, "bad glob 'a[': the [ has no ]" }, { read("comm", "a[") })
    assert.same({ nil, "a name or a glob expected" }, { read("comm", "") })
  end)

  it("takes events that there are, and names the nearest", function()
    assert.equal("tcp.*", read("event", "tcp.*"))
    assert.same({ "openat", "%file" }, read("events", "openat,%file"))
    assert.same({ nil, "no event 'opnat' (did you mean 'openat'?)" }, { read("event", "opnat") })
    assert.same({ nil, "no class 'fil' (did you mean '%file'?)" }, { read("events", "openat,%fil") })
    assert.same({ nil, "bad glob '[': the [ has no ]" }, { read("event", "[") })
  end)

  it("takes one of some words, and names the nearest", function()
    local argname, reader = M.of { "--by", "", choices = { "time", "size" } }
    assert.equal("time|size", argname)
    assert.equal("size", reader "size")
    assert.same({ nil, "'sise' is none of time, size (did you mean 'size'?)" }, { reader "sise" })
  end)

  it("calls a value as the option says", function()
    assert.equal("HOST", (M.of { "-a", "", type = "address", argname = "HOST" }))
    assert.equal("ADDRESS", (M.of { "-a", "", type = "address" }))
  end)
end)
