-- SPDX-License-Identifier: MIT
-- The README shows the questions that are tried, all of them, and no others.

local QUESTIONS = dofile "tests/oneliners/questions.lua"

-- A cell of a Markdown table: a bar in code would end it.
local function cell(text)
  return (text:gsub("|", "\\|"))
end

describe("the README", function()
  local file <close> = assert(io.open "README.md")
  local text = file:read "a"

  it("has a row for each one-liner", function()
    local rows, n = {}, 0
    for question, theirs, ours in text:gmatch "\n| ([^\n|]+%?) | `([^\n]-)` | `([^\n]-)` |" do
      rows[question] = { theirs, ours }
      n = n + 1
    end
    for _, row in ipairs(QUESTIONS) do
      assert.same({ cell(row[2]), cell(row[3]) }, rows[row[1]], row[1])
    end
    assert.equal(#QUESTIONS, n)
  end)
end)
