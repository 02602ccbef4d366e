-- SPDX-License-Identifier: MIT
--- repl_show: values as text: tables with their keys sorted, events as a line for each field, functions with their
--- source. Nothing that a process chose reaches the terminal unescaped.

local tl       = require "traceleft"
local columns  = require "traceleft.columns"
local escape   = require "traceleft.escape"
local tabulate = require "traceleft.tabulate"

local M = {}

local DEEPEST <const>, MOST <const>, LINES <const> = 6, 100, 40
local WIDE <const> = 76        -- columns of a table on one line

-- ---- tables ----------------------------------------------------------------------------------

local RANK = { number = 1, string = 2, boolean = 3 }

local function before(a, b)
  local one, other = RANK[type(a)] or 4, RANK[type(b)] or 4
  if one ~= other then return one < other end
  if one <= 2 then return a < b end
  return tostring(a) < tostring(b)
end

local function sorted_keys(value)
  local keys = {}
  for key in next, value do keys[#keys + 1] = key end
  table.sort(keys, before)
  return keys
end

local KEYWORDS = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat return then true
               until while]]):gmatch "%a+" do KEYWORDS[word] = true end

local pretty

local function key_text(key, length, seen)
  if math.type(key) == "integer" and key >= 1 and key <= length then return "" end
  if type(key) == "string" and key:find "^[%a_][%w_]*$" and not KEYWORDS[key] then return key .. " = " end
  return "[" .. pretty(key, DEEPEST, seen) .. "] = "
end

local LIVE = { ["traceleft.subscription"] = "on %s", ["traceleft.span"] = "span %s", ["traceleft.timer"] = "%s",
               ["traceleft.aggregate"] = "%s" }

-- The text of a thing that says itself what it is; nil of a table that is nothing but a table.
local function own_text(value)
  local meta = getmetatable(value)
  local live = type(meta) == "table" and LIVE[meta.__name]
  if live then return ("<%s>"):format(live:format(escape.text(value.title or "?"))) end
  if type(meta) ~= "table" then return nil end
  if meta.__tostring then
    local ok, text = pcall(tostring, value)
    return ok and escape.lines(text) or "<a value whose __tostring fails>"
  end
  return meta.__name and escape.text(tostring(value))
end

local function parts_of(value, depth, seen)
  local parts, keys, length = {}, sorted_keys(value), #value
  for i, key in ipairs(keys) do
    if i > MOST then
      parts[i] = ("… %d more"):format(#keys - MOST)
      break
    end
    parts[i] = key_text(key, length, seen) .. pretty(rawget(value, key), depth + 1, seen)
  end
  return parts
end

local function table_text(value, depth, seen)
  if seen[value] then return "<the table that this is in>" end
  if next(value) == nil then return "{}" end
  if depth >= DEEPEST then return "{ … }" end
  seen[value] = true
  local parts = parts_of(value, depth, seen)
  seen[value] = nil
  local line = "{ " .. table.concat(parts, ", ") .. " }"
  if utf8.len(line) and utf8.len(line) <= WIDE - 2 * depth and not line:find "\n" then return line end
  local indent = ("  "):rep(depth)
  return "{\n" .. indent .. "  " .. table.concat(parts, ",\n" .. indent .. "  ") .. ",\n" .. indent .. "}"
end

function pretty(value, depth, seen)
  if type(value) == "string" then return escape.quote(value) end
  if type(value) == "table" then return own_text(value) or table_text(value, depth, seen) end
  return escape.text(tostring(value))
end

-- ---- events ----------------------------------------------------------------------------------

-- What a value is beside what it means: "-2", and behind it "ENOENT".
local function field_row(event, field)
  local value = event[field.name]
  local raw = type(value) == "table" and pretty(value, DEEPEST - 1, {}) or value == nil and "-"
    or type(value) == "string" and escape.text(value) or tostring(value)
  local text = tl.text(event, field.name)
  return { field.name, raw, text ~= raw and text or "" }
end

local function is_event(value)
  return type(value.event) == "string" and getmetatable(value) == nil and (tl.describe(value.event)) ~= nil
end

-- A row for each field that is there, or that could not be read; then what is no field.
local function event_text(event)
  local rows, known = {}, {}
  local unread = {}
  for _, name in ipairs(event.unread or {}) do unread[name] = true end
  for _, field in ipairs(tl.describe(event.event).fields) do
    known[field.name] = true
    if event[field.name] ~= nil or unread[field.name] then rows[#rows + 1] = field_row(event, field) end
  end
  for _, key in ipairs(sorted_keys(event)) do
    if not known[key] then rows[#rows + 1] = { escape.text(tostring(key)), pretty(event[key], 1, {}), "" } end
  end
  return tabulate.text({ { "FIELD" }, { "VALUE" }, { "MEANING" } }, rows, columns.width(io.stdout))
end

-- ---- functions -------------------------------------------------------------------------------

local chunks = {}

--- Keeps the text of a chunk, so that the functions in it can be shown.
---@param name string as `load` got it
---@param text string
function M.keep(name, text)
  chunks[name] = text
end

local function source_lines(source)
  local lines, text = {}, chunks[source]
  if not text and source:sub(1, 1) == "@" then
    local file = io.open(source:sub(2), "r")
    text = file and file:read "a"
    if file then file:close() end
  end
  for line in (text or ""):gmatch "([^\n]*)\n?" do lines[#lines + 1] = line end
  return lines
end

local function function_text(fn)
  local info = debug.getinfo(fn, "S")
  if info.what == "C" then return escape.text(tostring(fn)) .. " (in C)" end
  local head = ("%s (%s:%d)"):format(tostring(fn), info.short_src, info.linedefined)
  local lines, parts = source_lines(info.source), { escape.text(head) }
  local last = math.min(info.lastlinedefined, info.linedefined + LINES - 1, #lines)
  for i = math.max(info.linedefined, 1), last do parts[#parts + 1] = "  " .. escape.lines(lines[i]) end
  if info.lastlinedefined > last and #lines > 0 then parts[#parts + 1] = "  …" end
  return table.concat(parts, "\n")
end

-- ---- all of them -----------------------------------------------------------------------------

--- The text of a value, without a line end.
---@param value any
---@return string
function M.text(value)
  if type(value) == "string" then return escape.lines(value) end
  if type(value) == "function" then return function_text(value) end
  if type(value) ~= "table" then return escape.text(tostring(value)) end
  if is_event(value) then return (event_text(value):gsub("\n$", "")) end
  return own_text(value) or table_text(value, 0, {})
end

local function is_aggregate(value)
  local meta = getmetatable(value)
  return type(meta) == "table" and meta.__name == "traceleft.aggregate"
end

-- What the library refused: nil, why, and the name of an errno.
local function refusal(results)
  local message, name = results[2], results[3]
  if results.n < 2 or results[1] ~= nil or type(message) ~= "string" then return nil end
  if results.n > 3 or name ~= nil and type(name) ~= "string" then return nil end
  return escape.lines(message) .. (name and (" (%s)"):format(escape.text(name)) or "")
end

--- Prints the results of a chunk; aggregates print themselves.
---@param results { n: integer }
function M.results(results)
  local refused = refusal(results)
  if refused then return print(refused) end
  for i = 1, results.n do
    local value = results[i]
    if is_aggregate(value) then value:print() else print(M.text(value)) end
  end
end

return M
