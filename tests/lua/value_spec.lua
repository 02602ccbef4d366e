-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.value", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.value") end)

  local M = fake.load "traceleft.value"
  local function field(name, type, meaning) return { name = name, type = type, meaning = meaning or "" } end

  it("says what numbers mean", function()
    assert.equal("O_RDONLY|O_CLOEXEC", M.text({ flags = 524288 }, field("flags", "s32", "flags:open")))
    assert.equal("12.3 µs", M.text({ duration = 12345 }, field("duration", "u64", "duration")))
    assert.equal("18446744073709551615", M.text({ n = -1 }, field("n", "u64")))
    assert.equal("-1", M.text({ n = -1 }, field("n", "s64")))
    assert.equal("true", M.text({ n = true }, field("n", "bool")))
  end)

  it("tells absent, unread and cut apart", function()
    local path = field("path", "str")
    assert.equal("-", M.text({}, path))
    assert.equal("?", M.text({ unread = { "path" } }, path))
    assert.equal("/a\\n…", M.text({ path = "/a\n", cut = { "path" } }, path))
    assert.equal('["a", "b c"…]', M.text({ argv = { "a", "b c" }, cut = { "argv" } }, field("argv", "list")))
  end)

  it("quotes strings, and shortens bytes", function()
    assert.equal('"/a"…', M.quoted({ path = "/a", cut = { "path" } }, field("path", "str")))
    assert.equal("10.0.0.1", M.quoted({ ip = "10.0.0.1" }, field("ip", "ip")))
    assert.equal('"' .. ("x"):rep(64) .. '"…', M.quoted({ buf = ("x"):rep(65) }, field("buf", "bytes")))
  end)
end)
