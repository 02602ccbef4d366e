-- SPDX-License-Identifier: MIT
--- interval: runs a tool that counts: shows what there is again and again, or once at its end.
--
--   local opts = args.parse { …, args.INTERVAL, args.FORMS }
--   local calls = assert(tl.count { "syscall.*", by = "event", target = opts.target })
--   interval.run(opts, function(print_opts) calls:print(print_opts) end)

local core   = require "traceleft.core"
local canvas = require "traceleft.svg.canvas"
local clock  = require "traceleft.clock"
local out    = require "traceleft.out"
local progress = require "traceleft.progress"
local report = require "traceleft.report"
local tl     = require "traceleft"

local M = {}

-- When it was, above what is for people.
local function stamp(opts)
  if opts.interval and report.is_text(opts) then out.write(io.stdout, clock.text(core.clock()):sub(1, 8) .. "\n") end
end

-- What is printed is drawn too, so it is read once.
local function read(picture, drawn, print_opts)
  if not picture then return print_opts end
  print_opts.rows, print_opts.ns = drawn:snapshot { clear = true }
  picture:add(print_opts.rows, print_opts.ns)
  return print_opts
end

--- Runs until the end. show is called with options for the method `print` of aggregates: top, clear, and the form that
--- the user asked for. drawn: the histogram that --svg of args.PICTURE draws.
---@param opts table of traceleft.args with args.INTERVAL
---@param show fun(print_opts: traceleft.print_options)
---@param drawn? traceleft.aggregate
function M.run(opts, show, drawn)
  local picture = opts.svg and canvas.open(opts.svg, drawn, opts.interval ~= nil)
  local function tick()
    stamp(opts)
    local print_opts = { top = opts.top, clear = true, title = false, json = opts.json, csv = opts.csv }
    show(read(picture, drawn, print_opts))
    return print_opts.rows
  end
  local done = opts.interval and function() end or progress.start(tl)
  if opts.interval then tl.every(opts.interval, tick) end
  tl.at_exit(function()
    done()
    local rows = tick()
    if picture then picture:draw(rows) end
  end)
  assert(tl.run())
end

return M
