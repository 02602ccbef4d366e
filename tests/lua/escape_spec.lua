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

  it("keeps the lines of a longer text", function()
    assert.equal("a\n\tb\\x1b\n", M.lines "a\n\tb\27\n")
  end)
end)
