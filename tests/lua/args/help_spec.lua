-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.args.help", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.args.help") end)

  local M = fake.load "traceleft.args.help"
  local SPEC = {
    name = "tool", doc = "What is it?\nMore of it.", overhead = "none.",
    examples = { { "", "all" }, { "-i 2 x", "one" } },
    { { "--json", "as JSON" }, title = "Output" },
    { "-x --failed", "only failures" },
    { "-i --interval", "how often", type = "duration", default = "1s" },
    { "--long-name-of-an-option", "text", type = "string" },
    { "file", "a file", optional = true },
    { "words", "more", list = true },
  }

  it("has a section for each set, the tool's own first and -h at its end", function()
    local text = {}
    for i, section in ipairs(M.sections { name = "t", doc = "", SPEC[2], SPEC[1] }) do
      local terms = {}
      for k, row in ipairs(section.rows) do terms[k] = M.term(row) end
      text[i] = section.title .. ": " .. table.concat(terms, "; ")
    end
    assert.same({ "Options: -x, --failed; -h, --help", "Output: --json" }, text)
  end)

  it("says all at 60 columns", function()
    assert.equal([[
Usage: tool [options] [FILE] [WORDS…]

What is it?
More of it.

Options:
  -x, --failed                only failures
  -i, --interval TIME         how often; without it 1s
  --long-name-of-an-option TEXT
                              text
  FILE                        a file
  WORDS                       more
  -h, --help                  say all this

Output:
  --json                      as JSON

Examples:
  tool          all
  tool -i 2 x   one

Overhead: none.]], M.help(SPEC, 10))
  end)
end)
