-- SPDX-License-Identifier: MIT
--- repl_complete: what Tab offers: names of Lua outside of strings; in them events, fields, or paths.
--
-- Nothing is called to find it out: no metamethod, no function.

local tl      = require "traceleft"
local measure = require "traceleft.aggregate.measure"
local request = require "traceleft.request.request"
local span    = require "traceleft.session.span"
local globals = require "host.globals"
local scan    = require "host.repl_scan"
local system  = require "host.system"

local M = {}

local KEYWORDS = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat return then true
               until while]]):gmatch "%a+" do KEYWORDS[#KEYWORDS + 1] = word end

-- Words of expressions that are no fields.
local FUNCTIONS = { "and", "or", "not", "starts", "ends", "contains", "has" }

local OPTIONS = { on = request.options, span = span.options, run = { "duration" }, budget = { "cpu" },
                  open = { "battery", "ring", "channel", "replay" },
                  print = { "top", "title", "unit", "sort", "clear", "rate", "json" } }
for _, kind in ipairs(measure.KINDS) do OPTIONS[kind] = measure.options(kind) end

-- Those of the words that begin so, each once, sorted.
local function beginning(prefix, words)
  local found, known = {}, {}
  for _, word in ipairs(words) do
    if word:sub(1, #prefix) == prefix and not known[word] then
      known[word] = true
      found[#found + 1] = word
    end
  end
  table.sort(found)
  return found
end

-- ---- names of Lua ----------------------------------------------------------------------------

-- Adds what can be had from a value by name: its own keys, those of a table that is its __index, and its methods.
local function add_keys(words, value, depth)
  local meta = debug.getmetatable(value)
  if type(value) == "table" then
    for key in next, value do
      if type(key) == "string" and key:find "^[%a_][%w_]*$" then words[#words + 1] = key end
    end
  end
  if type(meta) ~= "table" or depth > 8 then return end
  for _, name in ipairs { "__index", "methods" } do
    local from = rawget(meta, name)
    if type(from) == "table" and from ~= value then add_keys(words, from, depth + 1) end
  end
end

local function member(value, name)
  local found = type(value) == "table" and rawget(value, name) or nil
  if found ~= nil then return found end
  local meta = debug.getmetatable(value)
  local from = type(meta) == "table" and (rawget(meta, "__index") or rawget(meta, "methods"))
  return type(from) == "table" and rawget(from, name) or nil
end

-- The fields of all events that strings before the cursor name.
local function fields(before)
  local words = {}
  for text in before:gmatch "[\"']([%w_.*?%%,]+)[\"']" do
    for word in text:gmatch "[^,]+" do
      local ok, events = pcall(tl.events, word)
      for _, event in ipairs(ok and events or {}) do
        for _, field in ipairs(tl.describe(event).fields) do words[#words + 1] = field.name end
      end
    end
  end
  return words
end

local function chain(env, before, path, last)
  local names = {}
  for name in path:gmatch "[%a_][%w_]*" do names[#names + 1] = name end
  local value = globals.value(env, names[1])
  for i = 2, #names do value = member(value, names[i]) end
  local words = {}
  if value ~= nil then
    add_keys(words, value, 0)
  elseif #names == 1 and before:find("function[%s%w_]*%(%s*" .. names[1] .. "%f[^%w_]") then
    words = fields(before)
  end
  return beginning(last, words), last
end

-- The options of the call whose table the cursor is in, if that is where a key may stand.
local function options(before, last)
  local head = before:sub(1, #before - #last):match "^(.*[{,])%s*$"
  local call = head and scan.call_of_table(head)
  local words = call and OPTIONS[call:match "[%w_]+$"]
  if not words then return {} end
  local found = beginning(last, words)
  for i, word in ipairs(found) do found[i] = word .. " = " end
  return found
end

local function code(env, before)
  local path, last = before:match "([%a_][%w_.:]*)[.:]([%w_]*)$"
  if path then return chain(env, before, path, last) end
  last = before:match "[%a_][%w_]*$" or ""
  local found = options(before, last)
  if last == "" or #found > 0 then return found, last end
  local words = table.move(KEYWORDS, 1, #KEYWORDS, 1, {})
  local names = globals.names(env)
  table.move(names, 1, #names, #words + 1, words)
  return beginning(last, words), last
end

-- ---- strings ---------------------------------------------------------------------------------

local CLAUSES = { where = true, by = true, value = true, fields = true, args = true, key = true, start_key = true,
                  stop_key = true, start_where = true }
local LOADERS = { reload = true, dofile = true, loadfile = true }

local function paths(text)
  local folder, last = text:match "^(.*/)([^/]*)$"
  last = last or text
  local words = {}
  for _, name in ipairs(system.names(folder or ".")) do
    local is_folder = system.status((folder or "") .. name) == "folder"
    if not name:find "[%c\"'\\]" then words[#words + 1] = name .. (is_folder and "/" or "") end
  end
  return beginning(last, words), last
end

local function events(text)
  local last = text:match "[^,%s]*$"
  local words, names = {}, tl.events() or {}
  for i, name in ipairs(names) do words[i] = name end
  if last ~= "" and not last:find("%.", 1) then
    for _, name in ipairs(names) do words[#words + 1] = name:match "^syscall%.(.+)$" end
  end
  return beginning(last, words), last
end

local function string_words(before, text)
  if text:find "^%.?%.?/" or LOADERS[before:match "([%a_]+)%s*%(?%s*$" or ""] then return paths(text) end
  local clause = scan.clause(before)
  if not CLAUSES[clause or ""] then return events(text) end
  local last = text:match "[%a_][%w_]*$" or ""
  local words = fields(before)
  table.move(FUNCTIONS, 1, #FUNCTIONS, #words + 1, words)
  return beginning(last, words), last
end

-- ---- all -------------------------------------------------------------------------------------

--- What could stand at the end of the text: whole words, and the part of them that is there.
---@param env table globals of the chunk
---@param text string all that was typed up to the cursor, with the lines before it
---@return string[] words
---@return string begun
function M.words(env, text)
  local before, content = scan.string(text)
  if before == nil then return {}, "" end
  if content then return string_words(before, content) end
  return code(env, text)
end

--- What all of the words have in common at their begin.
---@param words string[]
---@return string
function M.common(words)
  local common = words[1] or ""
  for _, word in ipairs(words) do
    while word:sub(1, #common) ~= common do common = common:sub(1, -2) end
  end
  return common
end

return M
