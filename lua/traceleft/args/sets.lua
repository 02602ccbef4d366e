-- SPDX-License-Identifier: MIT
--- argsets: options that many tools have. A set is a list of options for traceleft.args, with `title`, under which the
--- help has them, and `finish`, which makes something of them and says what is wrong.

local exit   = require "traceleft.exit"
local target = require "traceleft.request.target"
local times  = require "traceleft.times"

local M = {}

local CANNOT_TRACE <const> = 3
local NOBODY <const> = "-f: children of which process? give -p or another with it; for that of -c, before the tool"

local WORDS = { pid = "pid", command = "comm", unit = "unit", container = "container", user = "user",
                cgroup = "cgroup" }

-- The target that the options of WHICH make, nil if none of them is there.
local function which(opts)
  local spec = {}
  for name, word in pairs(WORDS) do spec[word] = opts[name] end
  if next(spec) == nil then
    return opts.follow and NOBODY or nil
  end
  spec.follow = opts.follow
  local selector, wrong, refused = target.make(spec)
  if refused then exit.raise(CANNOT_TRACE, refused.message) end
  if not selector then return wrong end
  opts.target = spec
end

--- Options that say which processes; `opts.target` is what they come to, for `on { target = opts.target }`.
M.WHICH = {
  { "-p --pid", "only these processes: PID or PID,PID,…", type = "pids" },
  { "-f --follow", "their children too, born from now on" },
  { "-C --command", "only processes of this name, or glob of such", type = "comm" },
  { "--unit", "only this unit of systemd", type = "string", argname = "NAME" },
  { "--container", "only this container, by name or id", type = "string", argname = "NAME" },
  { "--user", "only processes of this user", type = "string", argname = "NAME" },
  { "--cgroup", "only below this cgroup", type = "string", argname = "PATH" },
  title = "Which processes", finish = which,
}

local function output(opts)
  local forms = {}
  for _, name in ipairs { "json", "csv", "format" } do
    if opts[name] then forms[#forms + 1] = "--" .. name end
  end
  if #forms > 1 then return ("%s and %s: give one of them"):format(forms[1], forms[2]) end
end

--- Options that say how events are shown: `opts.json`, `csv`, `format`, `time`, for traceleft.report.
M.OUTPUT = {
  { "--json", "one JSON object per line" },
  { "--csv", "comma-separated values" },
  { "--format", "lines such as '{time} {comm:15} {pid}'", type = "format" },
  { "--time", "times on the clock, from the first event, or since the last", choices = times.KINDS },
  title = "Output", finish = output,
}

--- The same for tools that only count: `opts.json` and `csv`.
M.FORMS = { M.OUTPUT[1], M.OUTPUT[2], finish = output }

--- A picture of what was counted: `opts.svg`, for traceleft.interval.
M.PICTURE = {
  { "--svg", "draw it: bars, with -i a heat map over time", type = "string", argname = "FILE" },
}

local function interval(opts)
  if opts.interval == 0 then return "-i: must be more than 0" end
  if opts.top and opts.top < 1 then return "-n: must be more than 0" end
end

--- Options that say when and how much of what was counted is shown, for traceleft.interval.
M.INTERVAL = {
  { "-i --interval", "show it so often and begin anew, not once at the end", type = "duration" },
  { "-n --top", "so many rows (20)", type = "integer", default = "20" },
  finish = interval,
}

return M
