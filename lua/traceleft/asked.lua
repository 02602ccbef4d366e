-- SPDX-License-Identifier: MIT
--- asked: what a user names on the command line of a tool: calls, events, expressions. What is wrong with them ends the
--- program with status 2 and says what, not where in the tool.

local exit = require "traceleft.exit"
local tl   = require "traceleft"

local M = {}

local WRONG_USAGE <const> = 2

-- Without the place in the script, and without what a function calls its own argument.
local function message(text)
  return (text:gsub("^[^\n]-:%d+: ", "", 1):gsub("^%l+: names: ", ""):gsub("^%l+: (where: )", "%1"))
end

--- What a function returns that gets such words. What the world refuses ends the program as `assert` does.
---@param fn function
---@param ... any
---@return any ...
function M.of(fn, ...)
  local results = table.pack(pcall(fn, ...))
  if results[1] then return assert(table.unpack(results, 2, results.n)) end
  if exit.is_exit(results[2]) then error(results[2], 0) end
  exit.raise(WRONG_USAGE, message(tostring(results[2])))
end

--- The names of all events that the words mean.
---@param words string[] names, globs, calls, classes; without any all system calls are meant
---@return string[]
function M.calls(words)
  local calls, known = {}, {}
  for _, word in ipairs(#words > 0 and words or { "syscall.*" }) do
    local found, wrong = M.of(tl.events, word)
    if #found == 0 then exit.raise(WRONG_USAGE, wrong or ("no event '%s'"):format(word)) end
    for _, name in ipairs(found) do
      if not known[name] then calls[#calls + 1], known[name] = name, true end
    end
  end
  return calls
end

--- The options of an aggregate of these words.
---@param words string[] as for `calls`
---@param options table
---@return table
function M.request(words, options)
  if #words == 0 then words = { "syscall.*" } end
  return table.move(words, 1, #words, 1, options)
end

return M
