-- SPDX-License-Identifier: MIT
--- interval: runs a tool that counts: shows what there is again and again, or once at its end.
--
--   local opts = args.parse { …, args.INTERVAL, args.FORMS }
--   local calls = assert(tl.count { "syscall.*", by = "event", target = opts.target })
--   interval.run(opts, function(print_opts) calls:print(print_opts) end)

local core   = require "traceleft.core"
local clock  = require "traceleft.clock"
local out    = require "traceleft.out"
local report = require "traceleft.report"
local tl     = require "traceleft"

local M = {}

-- When it was, above what is for people.
local function stamp(opts)
  if opts.interval and report.is_text(opts) then out.write(io.stdout, clock.text(core.clock()):sub(1, 8) .. "\n") end
end

--- Runs until the end. show is called with options for the method `print` of aggregates: top, clear, and the form that
--- the user asked for.
---@param opts table of traceleft.args with args.INTERVAL
---@param show fun(print_opts: traceleft.print_options)
function M.run(opts, show)
  local function tick()
    stamp(opts)
    show { top = opts.top, clear = true, title = false, json = opts.json, csv = opts.csv }
  end
  if opts.interval then tl.every(opts.interval, tick) end
  tl.at_exit(tick)
  assert(tl.run())
end

return M
