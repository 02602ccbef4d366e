-- SPDX-License-Identifier: MIT
--- Reads one JSON value, and raises at anything that RFC 8259 does not allow: bytes that are no UTF-8, raw control
--- characters, a key that occurs twice, text after the value.

local M = {}

local UNESCAPED = { ['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }
local WORDS = { ["true"] = true, ["false"] = false, null = M }

local read_value

local function fail(text, at, what)
  error(("no JSON: %s at byte %d of %q"):format(what, at, text), 0)
end

local function skip(text, at)
  return text:match("^[ \t\r\n]*()", at)
end

local function read_escape(text, at)
  local char = text:sub(at + 1, at + 1)
  if UNESCAPED[char] then return UNESCAPED[char], at + 2 end
  local hex = text:match("^u(%x%x%x%x)", at + 1) or fail(text, at, "bad escape")
  return utf8.char(tonumber(hex, 16)), at + 6
end

local function read_string(text, at)
  local parts, from = {}, at + 1
  while true do
    local plain, stop = text:match('^([^"\\\0-\x1f]*)()', from)
    parts[#parts + 1] = plain
    local char = text:sub(stop, stop)
    if char == '"' then return table.concat(parts), stop + 1 end
    if char ~= "\\" then fail(text, stop, "unfinished string") end
    parts[#parts + 1], from = read_escape(text, stop)
  end
end

-- The members from after the bracket to the closing one; `read` takes one and returns where it ended.
local function read_members(text, at, closing, read)
  at = skip(text, at)
  if text:sub(at, at) == closing then return at + 1 end
  while true do
    at = skip(text, read(skip(text, at)))
    local char = text:sub(at, at)
    if char == closing then return at + 1 end
    if char ~= "," then fail(text, at, "no comma") end
    at = at + 1
  end
end

local function read_list(text, at)
  local list = {}
  at = read_members(text, at + 1, "]", function(here)
    list[#list + 1], here = read_value(text, here)
    return here
  end)
  return list, at
end

local function read_object(text, at)
  local object = {}
  at = read_members(text, at + 1, "}", function(here)
    if text:sub(here, here) ~= '"' then fail(text, here, "no key") end
    local key, after = read_string(text, here)
    if object[key] ~= nil then fail(text, here, "key twice") end
    after = skip(text, after)
    if text:sub(after, after) ~= ":" then fail(text, after, "no colon") end
    object[key], after = read_value(text, skip(text, after + 1))
    return after
  end)
  return object, at
end

local function read_number(text, at)
  local digits, fraction, after = text:match("^%-?(%d+)(%.?%d*[eE]?[-+]?%d*)()", at)
  local number = digits and tonumber(text:sub(at, after - 1))
  if not number or digits:find "^0%d" or (fraction .. "!"):find "^%.%D" then fail(text, at, "bad value") end
  return number, after
end

function read_value(text, at)
  local char = text:sub(at, at)
  if char == '"' then return read_string(text, at) end
  if char == "{" then return read_object(text, at) end
  if char == "[" then return read_list(text, at) end
  local word, after = text:match("^(%l+)()", at)
  if word and WORDS[word] ~= nil then return WORDS[word], after end
  return read_number(text, at)
end

--- null is this module itself.
function M.read(text)
  local _, bad = utf8.len(text)
  if bad then fail(text, bad, "no UTF-8") end
  local value, after = read_value(text, skip(text, 1))
  after = skip(text, after)
  if after <= #text then fail(text, after, "more text") end
  return value
end

--- Of all lines that begin with a brace.
function M.lines(text)
  local list = {}
  for line in text:gmatch "[^\n]+" do
    if line:sub(1, 1) == "{" then list[#list + 1] = M.read(line) end
  end
  return list
end

return M
