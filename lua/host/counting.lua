-- SPDX-License-Identifier: MIT
--- counting: the events of -t counted instead of printed: --count, --sum, --hist, --quantile, by what --by says; and
--- the picture of --svg.

local core    = require "traceleft.core"
local tl      = require "traceleft"
local exit    = require "traceleft.exit"
local out     = require "traceleft.out"
local options = require "host.options"

local M = {}

local made = {}
local canvas            -- the file of --svg, open from the begin so that it cannot fail at the end
local heat              -- what is drawn on it with --every

local function open_canvas(opts)
  if not opts.svg then return end
  local file, message = io.open(opts.svg, "w")
  if not file then exit.raise(1, "--svg: " .. message) end
  out.name(file, opts.svg)
  canvas, heat = file, opts.every and made[1].aggregate:heatmap()
end

local function draw()
  out.write(canvas, heat and heat:svg() or made[1].aggregate:svg())
  out.flush()
  canvas:close()
  canvas = nil
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
  open_canvas(opts)
  if opts.every then tl.every(opts.every, M.tick) end
  return measures ~= nil
end

-- The buckets of all keys, one behind the other.
local function buckets_of(rows)
  local all = {}
  for _, row in ipairs(rows) do table.move(row.value, 1, #row.value, #all + 1, all) end
  return all
end

local function print_anew(one)
  local title = one.aggregate.title
  if not (one.json or one.csv) then title = tl.clock(core.clock()):sub(1, 8) .. " " .. title end
  one.seen = one.aggregate.seen
  local rows, ns = one.aggregate:snapshot { clear = true }
  one.aggregate:print { title = title, json = one.json, csv = one.csv, rows = rows, ns = ns }
  if not heat then return end
  local now = core.clock()
  heat:add(now - ns, now, buckets_of(rows))
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
  local any = not opts.every
  for _, one in ipairs(made) do any = any or one.aggregate.seen > one.seen end
  if any then (opts.every and M.tick or print_all)(opts) end
  if canvas then draw() end
end

return M
