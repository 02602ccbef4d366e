-- SPDX-License-Identifier: MIT
--- counting: the events of -t counted instead of printed: --count, --sum, --hist, --quantile, by what --by says; and
--- the picture of --svg.

local core    = require "traceleft.core"
local tl      = require "traceleft"
local canvas  = require "traceleft.svg.canvas"
local out     = require "traceleft.out"
local progress = require "traceleft.progress"
local options = require "host.options"

local M = {}

local made = {}
local picture           -- of --svg
local done              -- ends the sign of life

local function seen()
  local sum = 0
  for _, one in ipairs(made) do sum = sum + one.aggregate.seen end
  return sum
end

-- One of them, or what is wrong.
local function make(opts, measure)
  local request = table.move(opts.events, 1, #opts.events, 1, {
    by = opts.by, where = opts.where, value = measure.value, top = opts.top,
  })
  return tl[measure.kind](request)
end

--- Makes what the options ask for, true if that is anything. Wrong words raise, as everywhere.
---@param opts table
---@return boolean? asked
---@return string? message what the library refused
---@return string? name
function M.start(opts)
  local measures = options.measures(opts)
  for _, measure in ipairs(measures or {}) do
    local aggregate, message, name = make(opts, measure)
    if not aggregate then return nil, message, name end
    made[#made + 1] = { aggregate = aggregate, seen = 0, json = opts.json, csv = opts.csv }
  end
  if opts.svg then picture = canvas.open(opts.svg, made[1].aggregate, opts.every ~= nil) end
  if opts.every then
    tl.every(opts.every, M.tick)
  elseif measures then
    done = progress.start(tl, seen)
  end
  return measures ~= nil
end

local function print_anew(one)
  local title = one.aggregate.title
  if not (one.json or one.csv) then title = tl.clock(core.clock()):sub(1, 8) .. " " .. title end
  one.seen = one.aggregate.seen
  local rows, ns = one.aggregate:snapshot { clear = true }
  one.aggregate:print { title = title, json = one.json, csv = one.csv, rows = rows, ns = ns }
  if picture then picture:add(rows, ns) end
end

--- Prints what has come since the last time, and begins anew.
function M.tick()
  for _, one in ipairs(made) do print_anew(one) end
end

local function print_all(opts)
  for i, one in ipairs(made) do
    if i > 1 and not (opts.json or opts.csv) then out.write(io.stdout, "\n") end
    one.aggregate:print { json = opts.json, csv = opts.csv }
  end
end

--- Prints at the end what was not printed before; with --every nothing if nothing has come since. Draws the picture.
---@param opts table
function M.finish(opts)
  if done then done() end
  local any = not opts.every
  for _, one in ipairs(made) do any = any or one.aggregate.seen > one.seen end
  if any then (opts.every and M.tick or print_all)(opts) end
  if picture then picture:draw() end
end

return M
