-- SPDX-License-Identifier: MIT
--- complete: what the last word of a command line could become. The completion of the shells asks it with --complete;
--- a line for each candidate: the word, a tab, and what it means. ":files" and ":commands" are left to the shell.

local escape  = require "traceleft.escape"
local tl      = require "traceleft"
local capture = require "host.capture"
local choices = require "host.choices"
local find    = require "host.find"
local values  = require "host.values"

local M = {}

local LONGEST <const> = 72           -- characters of a meaning
local SAFE = "^[%w_.,%%@+=:/{}-]+$" -- what a shell takes as it is: names of processes are anybody's

local function begins(text, with)
  return text:sub(1, #with) == with
end

local function tools()
  local list = {}
  for _, tool in ipairs(find.tools()) do
    if not tool.used then list[#list + 1] = { tool.name, capture.read(tool).answer or "" } end
  end
  return list
end

-- ---- the words before ------------------------------------------------------------------------

-- -fp4242: flags may stand together; a value may stick to the last of them.
local function short_option(options, word)
  local i = 1
  local option
  repeat
    i = i + 1
    option = options["-" .. word:sub(i, i)]
  until not option or option.takes or i == #word
  if option and option.takes and i < #word then return option, word:sub(i + 1), word:sub(1, i) end
  return option
end

-- The option of a word; the value that sticks to it, and what stands before that.
local function option_of(options, word)
  if not begins(word, "--") then return short_option(options, word) end
  local name, attached = word:match "^(%-%-[^=]+)=(.*)$"
  if not name then return options[word] end
  return options[name], attached, name .. "="
end

local function note(line, option, value)
  if option.battery then
    table.insert(line.batteries, value)
    tl.defaults { battery = line.batteries }
  end
  for word in (option.traces and value or ""):gmatch "[^,]+" do table.insert(line.events, word) end
  if option.optional then line.look = option end
end

-- Reads the words from number i up to the last one, which is not read. Returns the option whose value the last one is,
-- and the number of the first word that is none.
local function read(line, options, words, i)
  while i < #words do
    local word = words[i]
    if word:sub(1, 1) ~= "-" or word == "-" then return nil, i end
    local option, attached = option_of(options, word)
    if option and option.takes and not attached then
      i = i + 1
      if i == #words then return option end
      attached = words[i]
    end
    if option then note(line, option, attached) end
    i = i + 1
  end
end

-- ---- candidates ------------------------------------------------------------------------------

-- What the value could be, of which `typed` is there.
local function values_of(option, typed, line)
  if option.kind == "tools" then return tools() end
  if option.kind then return values[option.kind](typed, line) end
  local list = {}
  for i, choice in ipairs(option.choices or {}) do list[i] = { choice, "" } end
  return list
end

-- What is typed of a value and is not to be completed any more: of values with commas all but the last, of a template
-- all before the last brace.
local function split(option, typed)
  local head, rest
  if option.kind == "template" then head, rest = typed:match "^(.*)({[^{}]*)$" end
  if not head then head, rest = typed:match "^(.*,)([^,]*)$" end
  return head or "", rest or typed
end

-- The same as words; `before` is what stands before the value in the word.
local function value_words(option, typed, before, line)
  if option.kind and option.kind:sub(1, 1) == ":" then return { { option.kind } } end
  local head, rest = split(option, typed)
  local list = {}
  head = before .. head
  for _, one in ipairs(values_of(option, rest, line)) do
    local word = head .. one[1]
    if begins(one[1], rest) and word:find(SAFE) then list[#list + 1] = { word, one[2] } end
  end
  return list
end

-- Options, or the value of one that the word begins with; nil if the word is no option.
local function options_for(options, word, line)
  if word:sub(1, 1) ~= "-" then return nil end
  local option, attached, before = option_of(options, word)
  if option and attached then return value_words(option, attached, before, line) end
  local list = {}
  for _, one in ipairs(options) do
    if begins(one[1], word) then list[#list + 1] = one end
  end
  return list
end

-- The words of a tool from number i on: the option whose value the last one is, or how many are its arguments.
local function read_tool(line, options, words, i)
  local count = -1
  local pending
  while i do
    count = count + 1
    pending, i = read(line, options, words, i)
    i = i and i + 1
  end
  return pending, count
end

-- What a tool's words could be: those from number i on are its own.
local function of_tool(line, words, i)
  local spec = capture.spec(words[i - 1])
  if not spec then return { { ":files" } } end
  local options, arguments = choices.tool(spec)
  local pending, count = read_tool(line, options, words, i)
  local last = words[#words]
  local list = not pending and options_for(options, last, line)
  if list then return list end
  local option = pending or arguments[count + 1] or arguments[#arguments]
  return option and value_words(option, last, "", line) or {}
end

local function candidates(words)
  local line, options = { events = {}, batteries = {} }, choices.program()
  local last = words[#words]
  local pending, script = read(line, options, words, 2)
  if pending then return value_words(pending, last, "", line) end
  if script and not line.look then return of_tool(line, words, script + 1) end
  local list = options_for(options, last, line)
  if list then return list end
  if line.look then return value_words(line.look, last, "", line) end
  if last:find "^[/.~]" or last:find("/", 1, true) then return { { ":files" } } end
  return value_words({ kind = "tools" }, last, "", line)
end

-- What fits a line of a menu.
local function short(meaning)
  local text = escape.text((meaning or ""):match "^[^\n]*")
  if utf8.len(text) <= LONGEST then return text end
  return text:sub(1, utf8.offset(text, LONGEST) - 1):gsub("%s+%S*$", "") .. " …"
end

--- The candidates for the last of the words, of which the first is the program.
---@param words string[]
---@return string
function M.text(words)
  local lines = {}
  for i, one in ipairs(#words > 1 and candidates(words) or {}) do
    local meaning = short(one[2])
    lines[i] = one[1] .. (meaning ~= "" and "\t" .. meaning or "") .. "\n"
  end
  return table.concat(lines)
end

return M
