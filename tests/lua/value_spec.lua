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

  it("says what was rewritten during the call", function()
    assert.equal("/a /* changed */", M.text({ path = "/a", changed = { "path" } }, field("path", "str")))
    assert.equal("/a", M.text({ path = "/a", late = { "path" } }, field("path", "str")))
    assert.is_true(M.is_changed({ changed = { "x", "path" } }, "path"))
    assert.is_false(M.is_changed({}, "path"))
  end)

  it("shows sets, lists and arrays whole", function()
    assert.equal("[0 3 9]", M.text({ set = "\9\2\0" }, field("set", "bytes", "fdset")))
    local members = { field("fd", "s32", "fd"), field("data", "u64"), field("name", "str") }
    local array = { name = "fds", type = "array", meaning = "array:x", members = members }
    assert.equal('[{fd=3, data=18446744073709551615}, {fd=4, name="a\\n"}]',
                 M.text({ fds = { { fd = 3, data = -1 }, { fd = 4, name = "a\n" } } }, array))
    assert.equal("[]", M.text({ fds = {} }, array))
    assert.equal("TCP 1.2.3.4:5->6.7.8.9:1", M.text({ f = "TCP 1.2.3.4:5->6.7.8.9:1" }, field("f", "file")))
  end)

  local function line(event, of, most) return M.teller(of, most)(event) end

  it("quotes strings in lines", function()
    assert.equal('"/a"…', line({ path = "/a", cut = { "path" } }, field("path", "path")))
    assert.equal('"/a"… /* changed */', line({ path = "/a", cut = { "path" }, changed = { "path" } },
                                             field("path", "str", "path")))
    assert.equal('"/a"', line({ path = "/a", late = { "path" } }, field("path", "path")))
    assert.equal("unix:@x /* late */", line({ addr = "unix:@x", late = { "addr" } }, field("addr", "sockaddr")))
    assert.equal("10.0.0.1", line({ ip = "10.0.0.1" }, field("ip", "ip")))
    assert.equal("?", line({ unread = { "ip" } }, field("ip", "ip")))
    assert.equal("-", line({}, field("ip", "ip")))
  end)

  it("shortens in lines what can be long, and no path", function()
    local long = ("x"):rep(33)
    assert.equal('"' .. long .. '"', line({ p = long }, field("p", "str", "path")))
    assert.equal('"' .. long .. '"', line({ p = long }, field("p", "path")))
    assert.equal('"' .. ("x"):rep(32) .. '"…', line({ s = long }, field("s", "str")))
    assert.equal('"' .. ("x"):rep(32) .. '"…', line({ buf = long }, field("buf", "bytes")))
    assert.equal('"xx"…', line({ buf = "xx", cut = { "buf" } }, field("buf", "bytes"), 4))
    assert.equal('""…', line({ buf = "xx" }, field("buf", "bytes"), 0))
    assert.equal('["abc"…, "b", "c"…]', line({ l = { "abcd", "b", "c" }, cut = { "l" } }, field("l", "list"), 3))
    assert.equal('["abc"…, "b", "c"…]', line({ l = { "abcd", "b", "c", "d" } }, field("l", "list"), 3))
  end)

  it("puts addresses that are none between quotes", function()
    local addr = field("addr", "sockaddr")
    assert.equal("10.0.0.1:80", line({ addr = "10.0.0.1:80" }, addr))
    assert.equal("[fe80::1%eth0]:80", line({ addr = "[fe80::1%eth0]:80" }, addr))
    assert.equal("unix:@x_y-1", line({ addr = "unix:@x_y-1" }, addr))
    assert.equal([["unix:/a, 3) = 0 \"\n"]], line({ addr = "unix:/a, 3) = 0 \"\n" }, addr))
  end)
end)
