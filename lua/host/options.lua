-- SPDX-License-Identifier: MIT
--- options: the command line, read as getopt_long reads it. The first word that is no option is the script; what
--- follows it belongs to the script.

local duration = require "traceleft.duration"
local format   = require "traceleft.format"
local nearest  = require "traceleft.nearest"
local select   = require "host.select"
local times    = require "traceleft.times"
local units    = require "traceleft.units"

local M = {}

local function pids(text)
  local list = {}
  for part in (text .. ","):gmatch("([^,]*),") do
    local pid = part:match("^%d+$") and math.tointeger(tonumber(part))
    if not pid or pid < 1 or pid > 0x7fffffff then return nil, ("'%s' is no process id"):format(part) end
    list[#list + 1] = pid
  end
  return list
end

-- Makes a reader of words with commas between.
local function words(expected)
  return function(text)
    local list = {}
    for part in text:gmatch("[^,]+") do list[#list + 1] = part end
    if #list == 0 then return nil, expected .. " expected" end
    return list
  end
end

local names, fields = words "names or globs of events", words "fields"

local SIZE_MAX <const> = 4096

local function size(word)
  local bytes, wrong = units.parse_bytes(word)
  if not bytes then return nil, wrong end
  if bytes > SIZE_MAX then return nil, ("at most %d bytes of a buffer can be had"):format(SIZE_MAX) end
  return bytes
end

local function count(word)
  local number = word:match "^%d+$" and math.tointeger(tonumber(word))
  if number and number > 0 then return number end
  return nil, ("'%s' is no number of rows"):format(word)
end

local function period(word)
  local seconds, wrong = duration.parse(word)
  if seconds == 0 then return nil, "must be more than 0" end
  return seconds, wrong
end

local SHELLS = { bash = "bash", zsh = "zsh", fish = "fish" }

local function shell(word)
  if SHELLS[word] then return word end
  return nil, ("'%s' is neither bash nor zsh nor fish"):format(word)
end

local CHANNELS = { ring = "ring", perf = "perf", auto = "auto" }

local function channel(text)
  if CHANNELS[text] then return text end
  return nil, ("'%s' is neither ring nor perf nor auto"):format(text)
end

local function time(word)
  for _, kind in ipairs(times.KINDS) do
    if word == kind then return word end
  end
  return nil, ("'%s' is none of %s"):format(word, table.concat(times.KINDS, ", "))
end

local function text(word)
  return word
end

local function explain(word)
  if word == "code" then return word end
  return nil, ("'%s' is not 'code'"):format(word)
end

-- Flags: key. Options with a value: key, how it is read, and whether it may be given often. Those with a kind are
-- aggregates, of which there may be several.
local OPTIONS = {
  ["-e"] = { key = "chunks", read = text, list = true },
  ["-i"] = { key = "interactive" },
  ["--watch"] = { key = "watch" },
  ["-l"] = { key = "modules", read = text, list = true },
  ["-v"] = { key = "version" },
  ["-h"] = { key = "help" },
  ["-t"] = { key = "events", read = names, join = true },
  ["-s"] = { key = "size", read = size },
  ["-w"] = { key = "where", read = text },
  ["--explain"] = { key = "explain", optional = true, read_optional = explain },
  ["--count"] = { kind = "count" },
  ["--sum"] = { kind = "sum", read = text },
  ["--hist"] = { kind = "hist", read = text },
  ["--quantile"] = { kind = "quantile", read = text },
  ["--by"] = { key = "by", read = fields, join = true },
  ["--top"] = { key = "top", read = count },
  ["--every"] = { key = "every", read = period },
  ["-o"] = { key = "output", read = text },
  ["-p"] = { key = "pids", read = pids, join = true },
  ["-f"] = { key = "follow" },
  ["-c"] = { key = "command", read = text },
  ["-d"] = { key = "duration", read = duration.parse },
  ["--json"] = { key = "json" },
  ["--csv"] = { key = "csv" },
  ["--format"] = { key = "format", read = format.parse },
  ["--fields"] = { key = "fields", read = fields, join = true },
  ["--svg"] = { key = "svg", read = text },
  ["--time"] = { key = "time", read = time },
  ["--list"] = { key = "list", optional = true },
  ["--scripts"] = { key = "scripts", optional = true },
  ["--completion"] = { key = "completion", read = shell },
  ["--complete"] = { key = "complete", hidden = true },
  ["--man"] = { key = "man", optional = true },
  ["--describe"] = { key = "describe", read = text },
  ["--check"] = { key = "check" },
  ["--battery"] = { key = "battery", read = text, list = true },
  ["--ring"] = { key = "ring", read = units.parse_bytes },
  ["--channel"] = { key = "channel", read = channel },
  ["--version"] = { key = "version" },
  ["--help"] = { key = "help" },
}

for name, option in pairs(select.options) do OPTIONS[name] = option end

--- The names of the options, and whether each takes a value. Those that only completion uses are left out.
---@return table<string, boolean>
function M.known()
  local known = {}
  for name, option in pairs(OPTIONS) do
    if not option.hidden then known[name] = option.read ~= nil end
  end
  return known
end

local function unknown(word)
  local long = {}
  for name in pairs(OPTIONS) do
    if #name > 2 and not OPTIONS[name].hidden then long[#long + 1] = name end
  end
  table.sort(long)
  local hint = word:sub(1, 2) == "--" and nearest.hint(nearest.word(word, long)) or ""
  return ("no option '%s'%s"):format(word, hint)
end

-- Puts the value of an option among the others.
local function store(opts, option, value)
  if option.kind then
    opts.measures = opts.measures or {}
    table.insert(opts.measures, { kind = option.kind, value = option.read and value or nil })
  elseif option.list then
    opts[option.key] = opts[option.key] or {}
    table.insert(opts[option.key], value)
  elseif option.join then
    local all = opts[option.key] or {}
    opts[option.key] = table.move(value, 1, #value, #all + 1, all)
  elseif option.store then
    option.store(opts, value)
  else
    opts[option.key] = value
  end
end

-- Takes the value of an option: what is attached to it, or the next word. Returns what is wrong.
local function take_value(self, name, option, attached)
  local word = attached
  if not word then
    self.at = self.at + 1
    word = self.argv[self.at]
  end
  if not word then return name .. ": a value is missing" end
  local value, wrong = option.read(word)
  if value == nil then return ("%s: %s"):format(name, wrong) end
  store(self.opts, option, value)
end

local function long_option(self, word)
  local name, attached = word:match("^(%-%-[^=]+)=(.*)$")
  name = name or word
  local option = OPTIONS[name]
  if not option then return unknown(name) end
  if option.read then return take_value(self, name, option, attached) end
  if attached and not option.optional then return name .. ": takes no value" end
  if attached and option.read_optional then
    local value, wrong = option.read_optional(attached)
    if not value then return ("%s: %s"):format(name, wrong) end
  end
  store(self.opts, option, attached or true)
end

-- -fp 4242, -p4242: flags may stand together, and a value may stick to its option.
local function short_options(self, word)
  for i = 2, #word do
    local name = "-" .. word:sub(i, i)
    local option = OPTIONS[name]
    if not option then return unknown(name) end
    if option.read then return take_value(self, name, option, i < #word and word:sub(i + 1) or nil) end
    self.opts[option.key] = true
  end
end

--- Reads the words of the command line; argv[0] is the program's name. `first` of the options is the number of the
--- word that is the script, one behind the last word if there is none.
---@param argv table<integer, string>
---@return table? opts
---@return string? wrong
function M.parse(argv)
  local self = { argv = argv, at = 1, opts = {} }
  while argv[self.at] do
    local word = argv[self.at]
    if word == "--" then
      self.at = self.at + 1
      break
    end
    if word == "-" or word:sub(1, 1) ~= "-" then break end
    local read = word:sub(1, 2) == "--" and long_option or short_options
    local wrong = read(self, word)
    if wrong then return nil, wrong end
    self.at = self.at + 1
  end
  self.opts.first = self.at
  return self.opts
end

-- Pairs that contradict each other or say nothing, and why.
local RULES = {
  { function(o) return o.explain and (o.interactive or o.watch) end,
    "--explain: ends at once; in the REPL type explain()" },
  { function(o) return o.where and not o.events end, "-w: goes with -t; in a script it is the option where" },
  { function(o) return M.measures(o) and not o.events end,
    "--count, --sum, --hist, --quantile, --by, --top: of which events? give -t" },
  { function(o) return o.every and not M.measures(o) end, "--every: print what? give --count or another" },
  { function(o) return o.size and M.measures(o) end, "-s: of lines, but the events are counted" },
  { function(o) return o.pids and o.command end, "-p and -c: give one of them" },
  { function(o) return o.follow and not (o.pids or o.command or o.select) end,
    "-f: children of which process? give -p or -c" },
  { function(o) return o.size and not o.events end, "-s: goes with -t; in a script it is the option payload of on" },
  { function(o)
    return (o.json and not o.scripts or o.csv or o.format or o.fields or o.time) and not o.events
  end, "--json, --csv, --format, --fields, --time: go with -t; a tool has its own options" },
  { function(o) return o.svg and #(M.measures(o) or {}) ~= 1 end,
    "--svg: the picture of one measure: give one of --count, --sum, --hist, --quantile" },
  { function(o) return o.svg and o.every and M.measures(o)[1].kind ~= "hist" end,
    "--svg: with --every a heat map over time, and that only of --hist" },
  { function(o) return o.json and o.csv end, "--json and --csv: give one of them" },
  { function(o) return o.format and (o.json or o.csv or o.fields) end,
    "--format: says it all; give no --json, --csv or --fields with it" },
  { function(o) return (o.format or o.fields or o.time) and M.measures(o) end,
    "--format, --fields, --time: of lines, but the events are counted" },
}

--- What -t is to be counted by, nil if each event is printed. Rows and keys without more are those of --count.
---@param opts table
---@return { kind: string, value?: string }[]?
function M.measures(opts)
  return opts.measures or (opts.by or opts.top) and { { kind = "count" } } or nil
end

--- What is wrong with the options taken together, nil if nothing.
---@param opts table
---@return string? wrong
function M.contradiction(opts)
  for _, rule in ipairs(RULES) do
    if rule[1](opts) then return rule[2] end
  end
end

return M
