-- SPDX-License-Identifier: MIT
--- argtypes: what the values of a tool's options can be, how the help calls them, and how they are read.

local duration = require "traceleft.duration"
local format   = require "traceleft.format"
local glob     = require "traceleft.glob"
local nearest  = require "traceleft.nearest"
local net      = require "traceleft.net"
local units    = require "traceleft.units"

local M = {}

local COMM <const> = 15         -- bytes of a name that the kernel keeps

-- The integer between least and most that the text is, for messages called `what`.
local function integer(what, least, most)
  return function(text)
    local number = text:match("^%-?%d+$") and math.tointeger(tonumber(text))
    if number and number >= least and number <= most then return number end
    return nil, ("'%s' is no %s"):format(text, what)
  end
end

local pid = integer("process id", 1, 0x7fffffff)

-- The values of words with commas between, each read by that function.
local function list_of(read)
  return function(text)
    local list = {}
    for part in (text .. ","):gmatch "([^,]*)," do
      local value, wrong = read(part)
      if value == nil then return nil, wrong end
      list[#list + 1] = value
    end
    return list
  end
end

local function number(text)
  local value = tonumber(text)
  if value then return value end
  return nil, ("'%s' is no number"):format(text)
end

local function text_value(text)
  return text
end

local function filled(text)
  if text ~= "" then return text end
  return nil, "a word is missing"
end

-- The name of a process or a glob of such; of a name what the kernel keeps of it.
local function comm(text)
  if text == "" then return nil, "a name or a glob expected" end
  local pattern, wrong = glob.pattern(text)
  if not pattern then return nil, wrong end
  return glob.is_glob(text) and text or text:sub(1, COMM)
end

-- Names, globs and classes as `on` takes them: such that mean no event are wrong.
local function event(text)
  local ok, names, wrong = pcall(require("traceleft").events, text)
  if not ok then return nil, (tostring(names):gsub("^.-events: pattern: ", "")) end
  if not names or #names == 0 then return nil, wrong or ("no event matches '%s'"):format(text) end
  return text
end

-- How each type is called in the help, and how it is read.
local TYPES = {
  string   = { "TEXT", text_value },
  words    = { "WORD,…", list_of(filled) },
  number   = { "N", number },
  integer  = { "N", integer("whole number", math.mininteger, math.maxinteger) },
  count    = { "N", integer("number of at least 1", 1, math.maxinteger) },
  pid      = { "PID", pid },
  pids     = { "PIDS", list_of(pid) },
  port     = { "PORT", integer("port", 0, 65535) },
  address  = { "ADDRESS", net.network },
  duration = { "TIME", duration.parse },
  size     = { "SIZE", units.parse_bytes },
  comm     = { "NAME", comm },
  event    = { "EVENT", event },
  events   = { "EVENTS", list_of(event) },
  format   = { "TEXT", format.parse },
}

-- The reader of one of these words.
local function choice(words)
  local known = {}
  for _, one in ipairs(words) do known[one] = one end
  return function(text)
    if known[text] then return text end
    return nil, ("'%s' is none of %s%s"):format(text, table.concat(words, ", "),
                                                nearest.hint(nearest.word(text, words)))
  end
end

--- How the help calls the value of an option or argument, and what reads it. Raises when there is no such type.
---@param option traceleft.args.option
---@return string argname
---@return fun(text: string): any, string?
function M.of(option)
  if option.choices then return option.argname or table.concat(option.choices, "|"), choice(option.choices) end
  local kind = TYPES[option.type or "string"]
  if not kind then
    local names = {}
    for name in pairs(TYPES) do names[#names + 1] = name end
    table.sort(names)
    local hint = nearest.hint(nearest.word(tostring(option.type), names))
    error(("args: %s: no type '%s'%s"):format(option[1], option.type, hint), 0)
  end
  return option.argname or kind[1], kind[2]
end

return M
