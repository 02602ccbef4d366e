-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.format", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.format") end)

  local M = fake.load "traceleft.format"
  local VALUES = { comm = "cat", ret = -2, path = "/a\27" }
  local TEXTS = { comm = "cat", ret = "-2 ENOENT", path = "/a\\x1b", gone = "-" }

  local function line(template)
    return assert(M.parse(template)):line(function(name) return TEXTS[name] end, function(name) return VALUES[name] end)
  end

  it("puts the text of fields in place", function()
    assert.equal("<cat> -2 ENOENT /a\\x1b -", line "<{comm}> {ret} {path} {gone}")
  end)

  it("pads to the right and to the left, and cuts nothing", function()
    assert.equal("cat  |  cat|cat", line "{comm:5}|{comm:>5}|{comm:2}")
  end)

  it("has values as they are, but safe", function()
    assert.equal("-2|   -2|/a\\x1b|-", line "{ret.raw}|{ret.raw:>5}|{path.raw}|{gone.raw}")
  end)

  it("knows braces, tabs and line ends", function()
    assert.equal("{cat}\tx\n\\q", line "{{{comm}}}\\tx\\n\\q")
  end)

  it("names its fields once", function()
    assert.same({ "comm", "ret" }, M.parse("{comm} {ret} {comm.raw:3}").fields)
  end)

  local function wrong(template)
    local format, message = M.parse(template)
    assert.is_nil(format)
    return message
  end

  it("says what is wrong", function()
    local places = "is none of {field}, {field:12}, {field:>12}, {field.raw}"
    assert.equal("column 3: a single '{'; write '{{' for one", wrong "a {comm")
    assert.equal("column 7: a single '}'; write '}}' for one", wrong "{comm}}")
    assert.equal("'{}' " .. places, wrong "{}")
    assert.equal("'{comm:x}' " .. places, wrong "{comm:x}")
    assert.equal("'{comm.rawx}' " .. places, wrong "{comm.rawx}")
    assert.equal("'{comm:>}' " .. places, wrong "{comm:>}")
    assert.equal("'{comm:99999}': at most 1000 wide", wrong "{comm:99999}")
    assert.equal("names no field, such as {comm}", wrong "hello")
  end)

  it("says which field there is not", function()
    local format = M.parse "{comm} {pathnam}"
    assert.equal("no field 'pathnam' (did you mean 'pathname'?)", format:wrong { "comm", "pathname" })
    assert.is_nil(format:wrong { "comm", "pathnam" })
  end)
end)
