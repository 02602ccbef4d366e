-- SPDX-License-Identifier: MIT
--- repl_help: `help()` of the REPL. What it says of the library are the comments of its source: see host.document.

local tl      = require "traceleft"
local api     = require "host.api"
local look    = require "host.look"
local nearest = require "traceleft.nearest"

local M = {}

local WIDTH <const> = 96

local INTRODUCTION = [[
Type Lua. The functions of tl are globals; what an expression gives is printed; events are shown as they come.

  on("tcp.*", print)               calls print with each event; on "tcp.*" alone prints a line for each
  on("openat", { where = "ret < 0", pid = 4242 }, function(e) print(e.comm, e.pathname, e.error) end)
  calls = count { "syscall.*", by = "comm" }        counts in the kernel; calls prints what there is so far
  reads = hist { "read", value = "duration" }       the same as a histogram
  subs()                           what is attached, how much it sees and loses; subs()[1]:stop() stops one
  reload "x.lua"                   runs a script, or runs it again with the counts that it has
  help "tcp.connect"               an event and its fields; help "hist", help(hist) a function; help "tcp.*" events

Tab completes names, events, fields, options and paths. Ctrl-C clears the line; on an empty one it stops what was
active last. Ctrl-D leaves. Functions:

]]

-- ---- texts -----------------------------------------------------------------------------------

-- Words on lines of at most WIDTH columns.
local function wrap(text, indent)
  local lines, line = {}, indent
  for word in text:gmatch "%S+" do
    if #line + #word > WIDTH and line:find "%S" then
      lines[#lines + 1], line = line, indent
    end
    line = line == indent and line .. word or line .. " " .. word
  end
  if line:find "%S" then lines[#lines + 1] = line end
  return table.concat(lines, "\n") .. "\n"
end

local function sentence(doc)
  return doc:match "^(.-[.:])%s" or doc
end

-- What a function is for; of those that have no comment, what they return.
local function doc_of(known)
  if known.doc ~= "" then return known.doc end
  local first = known.returns[1]
  return first and ("%s: %s"):format(first.name, first.doc) or ""
end

-- All fields of a class, those of its parents at the end.
local function fields_of(name)
  local fields, class = {}, api.classes[name]
  while class do
    table.move(class.fields, 1, #class.fields, #fields + 1, fields)
    class = api.classes[class.parent]
  end
  return fields
end

local function value_text(value, indent)
  local head = ("%s%s: %s"):format(indent, value.name, value.type)
  if value.doc == "" then return head .. "\n" end
  return wrap(("%s — %s"):format(head:gsub("^%s+", ""), value.doc), indent)
end

local REFUSAL = { message = true, wrong = true }

-- A parameter, and under it what such a table may have.
local function param_text(param)
  local parts = { value_text(param, "  ") }
  for class in param.type:gmatch "traceleft%.[%w_]+" do
    for _, field in ipairs(fields_of(class)) do parts[#parts + 1] = value_text(field, "      ") end
  end
  return table.concat(parts)
end

local function returns_text(values)
  local parts = {}
  for i, value in ipairs(values) do
    if i > 1 and REFUSAL[value.name] then return table.concat(parts) .. "  or nil, and why\n" end
    local name = value.name ~= "" and " " .. value.name or ""
    local doc = value.doc ~= "" and " — " .. value.doc or ""
    parts[i] = wrap((i == 1 and "returns " or "and ") .. value.type .. name .. doc, "  ")
  end
  return table.concat(parts)
end

local function function_text(known)
  local parts = { known.signature .. "\n", wrap(doc_of(known), "  ") }
  for _, param in ipairs(known.params) do parts[#parts + 1] = param_text(param) end
  return table.concat(parts) .. returns_text(known.returns)
end

-- ---- what was asked for ----------------------------------------------------------------------

local function names(pattern)
  local list = {}
  for name in pairs(api.functions) do
    if name:find(pattern) then list[#list + 1] = name end
  end
  table.sort(list)
  return list
end

local function row(name)
  local known = api.functions[name]
  return ("  %-28s %s\n"):format(known.signature, sentence(doc_of(known)))
end

local function overview()
  local parts = { INTRODUCTION }
  for _, name in ipairs(names "^[%l_]+$") do parts[#parts + 1] = row(name) end
  parts[#parts + 1] = "\nMethods of what they return:\n\n"
  for _, name in ipairs(names ":") do parts[#parts + 1] = row(name) end
  return table.concat(parts)
end

-- The name of one of the library's functions.
local function name_of(fn)
  for name, value in pairs(tl) do
    if value == fn then return name end
  end
end

-- A row for each method of what has that name, or function of that module; nil if there is none.
local function methods_text(word)
  local begin = "^" .. word:gsub("%p", "%%%0")
  local list = names(begin .. ":")
  if #list == 0 then list = names(begin .. "%.") end
  local rows = {}
  for i, name in ipairs(list) do rows[i] = row(name) end
  return #rows > 0 and table.concat(rows) or nil
end

-- "hist", "tl.hist", "print" (of aggregates), "columns.new", "args" (all of that module).
local function functions_text(word)
  word = word:gsub("^tl%.", ""):gsub("^traceleft%.", "")
  local list = api.functions[word] and { word } or names(":" .. word:gsub("%p", "%%%0") .. "$")
  if #list == 0 then return methods_text(word) end
  local parts = {}
  for i, name in ipairs(list) do parts[i] = function_text(api.functions[name]) end
  return table.concat(parts, "\n")
end

local function unknown(word)
  local all = names "."
  table.move(tl.events() or {}, 1, #(tl.events() or {}), #all + 1, all)
  return ("nothing is known of '%s'%s"):format(word, nearest.hint(nearest.word(word, all)))
end

-- An event, or several that a glob or a class means.
local function events_text(word)
  local ok, found = pcall(tl.events, word)
  if not ok or not found or #found == 0 then return nil end
  if #found == 1 then return (look.describe(found[1])) end
  return (look.list(word))
end

local KINDS = { ["traceleft.subscription"] = "subscription", ["traceleft.span"] = "span",
                ["traceleft.timer"] = "timer", ["traceleft.aggregate"] = "aggregate" }

local function word_of(topic)
  if type(topic) == "function" then return name_of(topic) end
  local meta = type(topic) == "table" and getmetatable(topic)
  return type(meta) == "table" and KINDS[meta.__name] or type(topic) == "string" and topic or nil
end

--- The text of help, which ends with a line end.
---@param topic any nil: an overview; a function of the library; a word
---@return string
function M.text(topic)
  if topic == nil then return overview() end
  local word = word_of(topic)
  if not word then return "nothing is known of that; help() tells what there is\n" end
  local texts = { functions_text(word) }
  if type(topic) == "string" then texts[#texts + 1] = events_text(word) end
  return texts[1] and table.concat(texts, "\n") or unknown(word) .. "\n"
end

return M
