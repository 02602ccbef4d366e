-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.escape", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.escape") end)

  local M = fake.load "traceleft.escape"
  it("leaves printable UTF-8 alone", function()
    assert.equal("/tmp/größe 文 €", M.text "/tmp/größe 文 €")
    assert.equal("", M.text "")
  end)

  it("shows controls, C1, DEL, bidi overrides and bad bytes", function()
    assert.equal("\\x1b[2Ja\\nb\\tc\\r\\x00\\x7f", M.text "\27[2Ja\nb\tc\r\0\127")
    assert.equal("\\u{9b}1m\\u{202e}x\\u{2066}\\u{feff}", M.text "\u{9b}1m\u{202e}x\u{2066}\u{feff}")
    assert.equal("a\\xffb\\xc3", M.text "a\xffb\xc3")
    assert.equal("\\xed\\xa0\\x80", M.text "\xed\xa0\x80")
  end)

  it("quotes without ambiguity", function()
    assert.equal([["a\"b\\nc\n"]], M.quote "a\"b\\nc\n")
    assert.equal('""', M.quote "")
  end)

  it("escapes single bytes between others, whatever stands beside them", function()
    assert.equal("\\x7fELF\\x02\\x01größe\\x80\\x00€\\xe2\\x82", M.text "\127ELF\2\1größe\x80\0€\xe2\x82")
    assert.equal('"\\x7f\\"größe\\\\\\xff"', M.quote '\127"größe\\\xff')
  end)

  it("leaves no way out of angle brackets", function()
    assert.equal("/etc/passwd", M.angle "/etc/passwd")
    assert.equal("/tmp/a\\x3e = 0 \\x3cb\\\\\\n", M.angle "/tmp/a> = 0 <b\\\n")
    assert.equal("UNIX /tmp/10.0.0.1:1-\\x3e10.0.0.2:2", M.angle "UNIX /tmp/10.0.0.1:1->10.0.0.2:2")
  end)

  it("leaves the arrow of a connection, which is the tracer's own", function()
    assert.equal("TCP 10.0.0.1:5000->10.0.0.2:443", M.angle "TCP 10.0.0.1:5000->10.0.0.2:443")
    assert.equal("TCP6 [::1]:5->[fe80::1]:4", M.angle "TCP6 [::1]:5->[fe80::1]:4")
    assert.equal("UNIX ->@name\\x3e \\x3c", M.angle "UNIX ->@name> <")
    assert.equal("UNIX ->/run/a-\\x3eb", M.angle "UNIX ->/run/a->b")
    assert.equal("UNIX -\\x3ename", M.angle "UNIX ->name")
  end)

  it("keeps the lines of a longer text", function()
    assert.equal("a\n\tb\\x1b\n", M.lines "a\n\tb\27\n")
  end)
end)
