-- SPDX-License-Identifier: MIT
--- Turns the entry of a system call into fields, and arguments that readers.lua can read.

local kinds   = require "battery.gen.kinds"
local readers = require "battery.gen.readers"

local M = {}

local EVENT_KEYS = { name = true, doc = true, ret = true, args = true }
local ARG_KEYS = { true, true, doc = true, max = true, len = true, names = true }
local ARGS_MAX = 6
local BUF_LIMIT = 4096  -- TL_STR_MAX

local function check_keys(where, entry, known, fail)
  for key in pairs(entry) do
    if not known[key] then fail(where, "no such key %q", tostring(key)) end
  end
end

-- A kind of several fields names them itself, or the argument does: names = { "saddr", "sport" }.
local function fields_of(entry, kind)
  local fields = {}
  for i, row in ipairs(kind.fields) do
    local name = entry.names and entry.names[i] or row[1] or entry[1]
    fields[i] = { name = name, member = row[1], type = row[2], meaning = row[3],
                  doc = #kind.fields == 1 and entry.doc or row[4] }
  end
  return fields
end

local function find_length(where, entry, args, fail)
  if not entry.len then return nil end
  local star, name = entry.len:match "^(%*?)([%w_]+)$"
  for i, arg in ipairs(args) do
    if arg[1] == name then return { index = i - 1, behind = star == "*" } end
  end
  fail(where, "len: there is no argument %q", entry.len)
end

local function check_buffer(here, entry, kind, fail)
  local max = entry.max
  if (entry.len or max) and kind.read ~= "buf" then fail(here, "len and max are for buffers") end
  if max and not (math.type(max) == "integer" and max > 0 and max <= BUF_LIMIT) then
    fail(here, "max is not a number from 1 to %d", BUF_LIMIT)
  end
end

local function find_kind(here, entry, has_next, fail)
  check_keys(here, entry, ARG_KEYS, fail)
  if not entry[2] then fail(here, "kind is missing") end
  local kind = kinds.find(tostring(entry[2]))
  if not kind then fail(here, "no such kind %q", tostring(entry[2])) end
  check_buffer(here, entry, kind, fail)
  if kind.read:find "^sockaddr" and not has_next then
    fail(here, "the argument after it must be its length")
  end
  return kind
end

local function argument(where, entry, index, args, fail)
  local here = where .. "." .. tostring(entry[1])
  local kind = find_kind(here, entry, args[index + 1] ~= nil, fail)

  return { name = entry[1], index = index - 1, read = readers[kind.read], c = kind.c,
           header = kind.header, max = entry.max, fields = fields_of(entry, kind),
           length = find_length(here, entry, args, fail) }
end

local function result_fields(ret)
  return {
    { name = "ret", type = "s64", meaning = ret, doc = "What the call returned." },
    { name = "error", type = "error", meaning = "", same_as = "ret",
      doc = "Why the call failed; none if it did not." },
    { name = "duration", type = "u64", meaning = "duration", doc = "How long the call took." },
  }
end

---@param where string
---@param entry table
---@param fail function (where, message, …) raises
---@return table event
function M.event(where, entry, fail)
  check_keys(where, entry, EVENT_KEYS, fail)
  if type(entry.args) ~= "table" then fail(where, "args are missing") end
  if type(entry.ret) ~= "string" then fail(where, "ret is missing") end
  if #entry.args > ARGS_MAX then fail(where, "more than %d arguments", ARGS_MAX) end
  local name = entry.name:match "%.(.+)$"
  local event = { args = {}, fields = {}, attach = {}, syscall = name,
                  exit = { [name] = "tl_syscall_" .. name }, enter = { [name] = "duration" } }
  for i, arg in ipairs(entry.args) do
    event.args[i] = argument(where, arg, i, entry.args, fail)
    table.move(event.args[i].fields, 1, #event.args[i].fields, #event.fields + 1, event.fields)
  end
  table.move(result_fields(entry.ret), 1, 3, #event.fields + 1, event.fields)
  return event
end

return M
