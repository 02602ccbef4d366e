-- SPDX-License-Identifier: MIT
--- sink: where events go as lines. A sink is a function that takes an event, so it serves as a callback itself.
--
-- A write that fails ends the program in order: see traceleft.out.

local json   = require "traceleft.json"
local out    = require "traceleft.out"
local render = require "traceleft.render"

local M = {}

---@class traceleft.sink_options
---@field describe fun(event: string): traceleft.description? of the session that the events come from
---@field name? string what messages call the file
---@field shown? integer for text: bytes of buffers and strings, elements of lists; 32 without it

local function prepare(what, file, opts)
  if type(opts) ~= "table" or type(opts.describe) ~= "function" then
    error(what .. ": opts.describe: function expected", 3)
  end
  if opts.name then out.name(file, opts.name) end
  return opts.describe
end

--- Writes each event as a line for people.
---@param file file*
---@param opts traceleft.sink_options
---@return fun(event: traceleft.event)
function M.text(file, opts)
  local describe = prepare("text", file, opts)
  local line = render.lines(opts.shown)
  return function(event)
    out.write(file, line(event, describe(event.event)) .. "\n")
  end
end

--- Writes each event as one JSON object on a line.
---@param file file*
---@param opts traceleft.sink_options
---@return fun(event: traceleft.event)
function M.json(file, opts)
  local describe = prepare("json", file, opts)
  return function(event)
    out.write(file, json.event(event, describe(event.event)) .. "\n")
  end
end

return M
