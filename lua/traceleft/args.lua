-- SPDX-License-Identifier: MIT
--- args: the options of a tool, typed, and the help that follows from them.
--
--   local opts = args.parse {
--     name = "opensnoop", doc = "Show the files that processes open.",
--     examples = { { "-x", "only the opens that failed" } },
--     overhead = "one event per open",
--     { "-x --failed", "only the opens that failed" },                -- no type: a flag
--     { "-p --pid", "only process PID", type = "pid" },               -- opts.pid
--     { "--by", "what to sort by", choices = { "time", "size" } },    -- opts.by
--     { "file", "file to read", optional = true },                    -- no dash: an argument
--     args.WHICH,                                                     -- opts.target, of -p -f -C --unit …
--     args.OUTPUT,                                                    -- opts.json …, for traceleft.report
--     args.INTERVAL, args.FORMS,                                      -- of what only counts, for traceleft.interval
--   }
--
-- -h raises an exit of status 0 with the help, wrong usage one of status 2 (see traceleft.exit). The same table is read
-- by --scripts, the man pages and completion, which never run the tool: call parse before anything else.

local argparse = require "argparse"
local arghelp  = require "traceleft.args.help"
local argsets  = require "traceleft.args.sets"
local columns  = require "traceleft.columns"
local exit     = require "traceleft.exit"

---@class traceleft.args.module
local M = {}

--- Options that say which processes; `opts.target` is what they come to, for `on { target = opts.target }`.
M.WHICH = argsets.WHICH

--- Options that say how events are shown: `opts.json`, `csv`, `format`, `time`, for traceleft.report.
M.OUTPUT = argsets.OUTPUT

--- The forms of what is counted: see traceleft.argsets.
M.FORMS = argsets.FORMS

--- A picture of what was counted: see traceleft.argsets.
M.PICTURE = argsets.PICTURE

--- When what is counted is shown, and how much of it: see traceleft.argsets.
M.INTERVAL = argsets.INTERVAL

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

-- What reads a value: its messages begin with the name of the option.
local function reader(row)
  local name = row.is_option and row.names[#row.names] or row.argname
  return function(text)
    local value, wrong = row.read(text)
    if value == nil then return nil, name .. ": " .. wrong end
    return value
  end
end

local function add(parser, row)
  local option, words = row.option, table.concat(row.names, " ")
  if not row.is_option then
    parser:argument(words):convert(reader(row)):args(option.list and "*" or option.optional and "?" or 1)
  elseif row.argname then
    parser:option(words):convert(reader(row)):default(option.default)
  else
    parser:flag(words)
  end
end

local function parser_of(spec)
  local parser = argparse(spec.name):add_help(false)
  local rows = arghelp.rows(spec)
  parser:flag(table.concat(rows[1].names, " ")):action(function()
    exit.raise(0, arghelp.help(spec, columns.width(io.stdout)))
  end)
  for i = 2, #rows do add(parser, rows[i]) end
  return parser
end

-- argparse ends the process on wrong usage unless its `error` does something else.
local function on_wrong_usage(parser, spec)
  function parser.error(_, message)
    message = message:gsub("%s+Did you mean (.*)%?$", " (did you mean %1?)")
    exit.raise(2, ("%s: %s; '%s -h' tells more"):format(spec.name, message, spec.name))
  end
end

-- What the sets make of the options; what is wrong ends the program.
local function finish(spec, opts, parser)
  for _, set in ipairs(spec) do
    local wrong = set.finish and set.finish(opts)
    if wrong then parser:error(wrong) end
  end
  return opts
end

--- Raises when the table is none that parse can take.
---@param spec traceleft.args
function M.check(spec)
  for _, name in ipairs { "name", "doc" } do
    if type(spec[name]) ~= "string" then error(("args: %s: string expected"):format(name), 0) end
  end
  parser_of(spec)
end

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
