-- SPDX-License-Identifier: MIT
--- args: the options of a tool, typed, and the help that follows from them.
--
--   local opts = args.parse {
--     name = "opensnoop", doc = "Show the files that processes open.",
--     examples = { { "-x", "only the opens that failed" } },
--     overhead = "one event per open",
--     { "-x --failed", "only the opens that failed" },                -- no type: a flag
--     { "-p --pid", "only process PID", type = "pid" },               -- opts.pid
--     { "file", "file to read", optional = true },                    -- no dash: an argument
--     args.WHICH,                                                     -- opts.target, of -p -f -C --unit …
--     args.OUTPUT,                                                    -- opts.json …, for traceleft.report
--   }
--
-- -h raises an exit of status 0 with the help, wrong usage one of status 2 (see traceleft.exit).

local argparse = require "argparse"
local argsets  = require "traceleft.argsets"
local duration = require "traceleft.duration"
local exit     = require "traceleft.exit"
local format   = require "traceleft.format"
local net      = require "traceleft.net"
local units    = require "traceleft.units"

local M = {}

local HELP = { "-h --help", "say all this" }

-- The integer between least and most that the text is, for messages called `what`.
local function integer(what, least, most)
  return function(text)
    local number = text:match("^%-?%d+$") and math.tointeger(tonumber(text))
    if number and number >= least and number <= most then return number end
    return nil, ("'%s' is no %s"):format(text, what)
  end
end

local pid = integer("process id", 1, 0x7fffffff)

local function pids(text)
  local list = {}
  for part in (text .. ","):gmatch("([^,]*),") do
    local number, message = pid(part)
    if not number then return nil, message end
    list[#list + 1] = number
  end
  return list
end

local function number(text)
  local value = tonumber(text)
  if value then return value end
  return nil, ("'%s' is no number"):format(text)
end

local function text_value(text)
  return text
end

local function template(text)
  local parsed, wrong = format.parse(text)
  return parsed, wrong and "--format: " .. wrong
end

-- The reader of one of these words.
local function choice(words)
  local known = {}
  for _, word in ipairs(words) do known[word] = word end
  return function(text)
    return known[text], ("'%s' is none of %s"):format(text, table.concat(words, ", "))
  end
end

-- How each type is called in the help, and how it is read.
local TYPES = {
  string   = { "TEXT", text_value },
  number   = { "N", number },
  integer  = { "N", integer("whole number", math.mininteger, math.maxinteger) },
  pid      = { "PID", pid },
  pids     = { "PIDS", pids },
  port     = { "PORT", integer("port", 0, 65535) },
  address  = { "ADDRESS", net.network },
  duration = { "TIME", duration.parse },
  size     = { "SIZE", units.parse_bytes },
  format   = { "TEXT", template },
}

local function type_of(spec)
  if spec.choices then return { table.concat(spec.choices, "|"), choice(spec.choices) } end
  local kind = TYPES[spec.type or "string"]
  if not kind then error(("args: %s: no type '%s'"):format(spec[1], spec.type)) end
  return kind
end

local function add_argument(parser, spec)
  local count = spec.list and "*" or spec.optional and "?" or 1
  parser:argument(spec[1], spec[2]):convert(type_of(spec)[2]):args(count)
end

local function add_option(parser, spec)
  local kind = type_of(spec)
  if not (spec.type or spec.choices) then return parser:flag(spec[1], spec[2]) end
  parser:option(spec[1], spec[2]):argname(spec.argname or kind[1]):convert(kind[2]):default(spec.default)
end

local function add(parser, spec)
  local is_option = spec[1]:sub(1, 1) == "-"
  return (is_option and add_option or add_argument)(parser, spec)
end

local function examples_text(spec)
  local lines, width = {}, 0
  for _, example in ipairs(spec.examples or {}) do width = math.max(width, utf8.len(example[1])) end
  for i, example in ipairs(spec.examples or {}) do
    local gap = (" "):rep(width - utf8.len(example[1]) + 3)
    lines[i] = "   " .. ("%s %s"):format(spec.name, example[1]) .. gap .. example[2]
  end
  return #lines > 0 and "Examples:\n" .. table.concat(lines, "\n") or nil
end

local function epilog(spec)
  local parts = { examples_text(spec) }
  if spec.overhead then parts[#parts + 1] = "Overhead: " .. spec.overhead end
  return table.concat(parts, "\n\n")
end

-- Calls fn for each option, those of sets too.
local function each_option(spec, fn)
  for _, option in ipairs(spec) do
    if type(option[1]) == "table" then each_option(option, fn) else fn(option) end
  end
end

local function parser_of(spec)
  local parser = argparse(spec.name, spec.doc, epilog(spec)):add_help(false):usage_margin(7):help_description_margin(34)
  parser:flag(HELP[1], HELP[2]):action(function() exit.raise(0, parser:get_help()) end)
  each_option(spec, function(option) add(parser, option) end)
  return parser
end

-- argparse ends the process on wrong usage unless its `error` does something else.
local function on_wrong_usage(parser, spec)
  function parser.error(_, message)
    message = message:gsub("%s+Did you mean (.*)%?$", " (did you mean %1?)")
    exit.raise(2, ("%s: %s; '%s -h' tells more"):format(spec.name, message, spec.name))
  end
end

--- Options that say which processes; `opts.target` is what they come to, for `on { target = opts.target }`.
M.WHICH = argsets.WHICH

--- Options that say how events are shown: `opts.json`, `csv`, `format`, `time`, for traceleft.report.
M.OUTPUT = argsets.OUTPUT

-- What the sets make of the options; what is wrong ends the program.
local function finish(spec, opts, parser)
  for _, set in ipairs(spec) do
    local wrong = set.finish and set.finish(opts)
    if wrong then parser:error(wrong) end
  end
  return opts
end

---@class traceleft.args
---@field name string
---@field doc string what the tool answers
---@field examples? { [1]: string, [2]: string }[] arguments, and what they do
---@field overhead? string
---@field [integer] traceleft.args.option|traceleft.args.option[] an option, or a set of them

---@class traceleft.args.option
---@field [1] string
---@field [2] string
---@field type? string
---@field choices? string[] instead of a type
---@field argname? string
---@field default? string
---@field optional? boolean
---@field list? boolean

--- The options by their long names. argv: the words, global `arg` without it.
---@param spec traceleft.args
---@param argv? string[]
---@return table<string, any>
function M.parse(spec, argv)
  local parser = parser_of(spec)
  on_wrong_usage(parser, spec)
  return finish(spec, parser:parse(argv or arg or {}), parser)
end

return M
