-- SPDX-License-Identifier: MIT
--- irqs: what the tools for hard and for soft interrupts have in common: they measure how long handlers run.

local tl       = require "traceleft"
local interval = require "traceleft.interval"

local M = {}

--- Examples for the help of such a tool.
M.EXAMPLES = {
  { "", "how many there were and how long they took, at Ctrl-C" },
  { "-i 1", "the same, every second" },
  { "-d", "as histograms" },
}

--- Its options: `opts.dist` and `cpus`.
M.OPTIONS = {
  { "-d --dist", "a histogram for each" },
  { "-c --cpus", "by CPU too" },
}

--- Measures the event's duration by that field, and shows it as the options say.
---@param opts table of traceleft.args with OPTIONS, args.WHICH, args.INTERVAL and args.FORMS
---@param event string
---@param by string
function M.run(opts, event, by)
  local times = assert(tl[opts.dist and "hist" or "avg"] {
    event, value = "duration", by = opts.cpus and { by, "cpu" } or { by }, target = opts.target,
    name = "time in interrupts" })
  interval.run(opts, function(print_opts)
    print_opts.sort = opts.dist and "count" or "sum"
    times:print(print_opts)
  end)
end

return M
