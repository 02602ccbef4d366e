-- SPDX-License-Identifier: MIT
--- target: which processes, as a person says it, put as the core wants it.
--
--   { unit = "nginx", user = "www-data" }                      all of what a table says must hold
--   { comm = { "php*", "sh" } }                                one of a list
--   { any = { { tree = 4242 }, { container = "web" } } }       one of these tables
--   { uid = 0, no = { comm = "cron" } }                        and none of these
--
-- What is wrong with the words comes back as text; what is not there on this machine as { message, name }.

local definition = require "traceleft.request.definition"
local glob       = require "traceleft.glob"
local nearest    = require "traceleft.nearest"
local places     = require "traceleft.request.places"

local M = {}

local function list_of(value)
  return type(value) == "table" and value or { value }
end

-- The numbers of a list, each through `read`, which says what is wrong.
local function numbers(kind, read)
  return function(value, name)
    local list = {}
    for i, element in ipairs(list_of(value)) do
      local number, wrong, refused = read(element, name)
      if not number then return nil, wrong, refused end
      list[i] = number
    end
    if #list == 0 then return nil, name .. ": the list is empty" end
    return { kind = kind, numbers = list }
  end
end

local function texts(kind, read)
  return function(value, name)
    local list = {}
    for _, element in ipairs(list_of(value)) do
      if type(element) ~= "string" or element == "" then
        return nil, ("%s: text expected, got %s"):format(name, element == "" and "an empty one" or type(element))
      end
      local wrong = glob.is_glob(element) and select(2, glob.pattern(element))
      if wrong then return nil, name .. ": " .. wrong end
      local found, bad, refused = read(element, name)
      if not found then return nil, bad, refused end
      table.move(list_of(found), 1, #list_of(found), #list + 1, list)
    end
    if #list == 0 then return nil, name .. ": the list is empty" end
    return { kind = kind, texts = list }
  end
end

local function pid(value, name)
  if math.type(value) == "integer" and value >= 1 and value <= 0x7fffffff then return value end
  return nil, ("%s: '%s' is no process id"):format(name, tostring(value))
end

local function id(value, name)
  if math.type(value) == "integer" and value >= 0 and value < 0xffffffff then return value end
  local more = name == "uid" and type(value) == "string" and "; say user = '" .. value .. "'" or ""
  return nil, ("%s: '%s' is no number of a user or group%s"):format(name, tostring(value), more)
end

local function plain(value)
  return value
end

-- Keys of a table, what each becomes, and in which order: the cheapest to tell apart first.
local KEYS = {
  { "pid",       numbers("pid", pid) },
  { "tree",      numbers("tree", pid) },
  { "command",   numbers("command", pid) },
  { "comm",      texts("comm", plain) },
  { "exe",       texts("exe", places.exe) },
  { "uid",       numbers("uid", id) },
  { "user",      numbers("uid", places.user) },
  { "gid",       numbers("gid", id) },
  { "cgroup",    texts("cgroup", places.cgroup) },
  { "unit",      texts("cgroup_name", places.unit) },
  { "slice",     texts("cgroup_name", places.slice) },
  { "container", texts("cgroup", places.container) },
  { "netns",     numbers("netns", places.namespace) },
  { "mntns",     numbers("mntns", places.namespace) },
  { "pidns",     numbers("pidns", places.namespace) },
  { "tty",       numbers("tty", places.tty) },
}
local OTHERS = { "any", "all", "no", "follow", "self" }

--- The words that a target may have.
---@type string[]
M.words = {}
for i, key in ipairs(KEYS) do M.words[i] = key[1] end
table.move(OTHERS, 1, #OTHERS, #M.words + 1, M.words)

local make

-- A list of targets; a single one is a list of one.
local function parts_of(value, name)
  if type(value) ~= "table" then return nil, ("%s: a list of tables expected, got %s"):format(name, type(value)) end
  local list = #value > 0 and value or { value }
  local parts = {}
  for i, element in ipairs(list) do
    if type(element) ~= "table" or next(element) == nil then
      return nil, ("%s[%d]: a table such as { comm = 'sh' } expected"):format(name, i)
    end
    if element.self ~= nil then return nil, name .. ": self: goes into the outermost table" end
    local part, wrong, refused = make(element)
    if not part then return nil, wrong and ("%s[%d]: %s"):format(name, i, wrong), refused end
    parts[i] = part
  end
  return { kind = name, parts = parts }
end

local function add_simple(parts, spec)
  for _, key in ipairs(KEYS) do
    local name, build = key[1], key[2]
    if spec[name] ~= nil then
      local part, wrong, refused = build(spec[name], name)
      if not part then return wrong, refused end
      parts[#parts + 1] = part
    end
  end
end

local function add_nested(parts, spec, name)
  if spec[name] == nil then return end
  local part, wrong, refused = parts_of(spec[name], name)
  if not part then return wrong, refused end
  parts[#parts + 1] = part
end

local function wrong_flags(spec)
  for _, name in ipairs { "follow", "self" } do
    if spec[name] ~= nil and type(spec[name]) ~= "boolean" then
      return ("%s: boolean expected, got %s"):format(name, type(spec[name]))
    end
  end
end

-- What a table selects without its `no`, its descendants too with `follow`.
local function positive(spec)
  local parts = {}
  local wrong, refused = add_simple(parts, spec)
  for _, name in ipairs { "any", "all" } do
    if not (wrong or refused) then wrong, refused = add_nested(parts, spec, name) end
  end
  if wrong or refused then return nil, wrong, refused end
  if not spec.follow then return parts end
  if #parts == 0 then return nil, "follow: of no process; give pid too" end
  return { { kind = "follow", parts = { { kind = "all", parts = parts } } } }
end

-- What is no word of a target, and what was meant by it.
local function wrong_word(spec)
  if spec[1] ~= nil then
    return ("target: %s: a word goes before it, such as comm = 'sh'"):format(definition.words { spec[1] })
  end
  for _, name in ipairs { "on_enter", "on_leave" } do
    if spec[name] ~= nil then return ("target: %s: goes beside it, not into it"):format(name) end
  end
  return nearest.unknown_option("target", spec, M.words) or wrong_flags(spec)
end

function make(spec)
  local bad = wrong_word(spec)
  if bad then return nil, bad end
  local parts, wrong, refused = positive(spec)
  if not parts then return nil, wrong, refused end
  wrong, refused = add_nested(parts, spec, "no")
  if wrong or refused then return nil, wrong, refused end
  if #parts == 1 then return parts[1] end
  return { kind = "all", parts = parts }
end

--- Whether the table says anything about processes.
---@param spec table
---@return boolean
function M.is_named(spec)
  for _, name in ipairs(M.words) do
    if name ~= "follow" and spec[name] ~= nil then return true end
  end
  return false
end

--- The target as the core takes it: selector and whether the tracer itself is in it.
---@param spec traceleft.target
---@return table? selector
---@return string? wrong what is wrong with the words
---@return { message: string, name: string }? refused what is not there
function M.make(spec)
  if type(spec) ~= "table" then return nil, ("target: table expected, got %s"):format(type(spec)) end
  if next(spec) == nil then return nil, "target: the table is empty" end
  return make(spec)
end

return M
