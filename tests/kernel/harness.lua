-- SPDX-License-Identifier: MIT
--- Runs the tracer with a script and a workload, and reads back what both say. Plain Lua and sh, no more.

local M = {}

local home = arg[0]:match("^(.*)/[^/]*$") or "."

local function absolute(path)
  if path:sub(1, 1) == "/" or not path:find("/", 1, true) then return path end
  local pipe = assert(io.popen "pwd")
  local here = pipe:read "l"
  pipe:close()
  return here .. "/" .. path
end

local function exists(path)
  local file = io.open(path)
  return file and file:close()
end

-- Where a program of the PATH lies: a command that changes its folder still has to find it.
local function in_path(name)
  local pipe = assert(io.popen("command -v " .. name))
  local path = pipe:read "l"
  pipe:close()
  return path or name
end

local function program(variable, built, name)
  return os.getenv(variable) or (exists(built) and absolute(built)) or in_path(name)
end

--- Whether that program can be run, and else why not.
function M.has(name)
  return exists(in_path(name)), "no program " .. name .. " here"
end

--- The battery file beside the tracer, or why there is none.
function M.battery()
  local path = os.getenv "BATTERY" or M.tracer:gsub("[^/]*$", "") .. "battery/traceleft.bpf.o"
  return exists(path) and path, "no battery file here: BATTERY is not set"
end

--- A word for sh.
function M.quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

function M.read(path)
  local file = io.open(path, "rb")
  if not file then return "" end
  local text = file:read "a"
  file:close()
  return text or "" -- a process may end while it is read
end

function M.write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  assert(file:close())
end

-- What is started for a case has the case's folder in its environment, whoever its parent is by now.
local mark = "none"

--- Runs a command of sh and returns its exit status; 128 + the signal's number if one ended it.
function M.sh(command)
  local _, how, status = os.execute(("TL_CASE=%s/\nexport TL_CASE\n%s"):format(mark, command))
  return how == "signal" and 128 + status or status
end

--- Milliseconds since boot, in steps of ten.
function M.now()
  return math.floor(tonumber(M.read("/proc/uptime"):match "^%S+") * 1000)
end

M.tracer   = program("TRACELEFT", home .. "/../../build/traceleft-lua", "traceleft-lua")
M.workload = program("WORKLOAD", home .. "/../../build/tests/workload", "workload")
M.prelude  = absolute(home .. "/prelude.lua")
M.home     = absolute(home .. "/../..")

-- An emulated machine takes some twenty times as long: there the counts are smaller and the limits larger.
local function measured_scale()
  local begin, x = os.clock(), 0
  for i = 1, 3000000 do x = x ~ i end
  return os.clock() - begin + x * 0 > 0.25 and 10 or 1
end

M.scale = tonumber(os.getenv "TL_TEST_SCALE") or measured_scale()
M.limit = tonumber(os.getenv "TL_TEST_LIMIT") or (M.scale > 1 and 120 or 60)

-- "key value…" lines: truth.key is the words of the last such line, truth.all.key the list of all of them.
local function parse_truth(truth, text)
  for line in text:gmatch "[^\n]+" do
    local words = {}
    for word in line:gmatch "%S+" do words[#words + 1] = math.tointeger(word) or word end
    local key = table.remove(words, 1)
    if key then
      truth.all[key] = truth.all[key] or {}
      table.insert(truth.all[key], words)
      truth[key] = #words > 1 and words or words[1]
    end
  end
end

local function parse_rows(text)
  local rows = {}
  for line in text:gmatch "[^\n]+" do
    rows[#rows + 1] = assert(load("return " .. line, "=row", "t", {}))()
  end
  return rows
end

-- There is a perf buffer for each CPU, so records of different CPUs can come out of turn.
local function by_time(rows)
  local order = {}
  for i, row in ipairs(rows) do
    if not row.time then return end
    order[row] = i
  end
  table.sort(rows, function(a, b)
    if a.time ~= b.time then return a.time < b.time end
    return order[a] < order[b]
  end)
end

local Case = {}
Case.__index = Case

--- The room of one case. n is its count, made smaller where the machine is slow.
function M.case(dir, n, channel)
  mark = dir
  return setmetatable({ dir = dir, channel = channel, runs = 0, background = {},
                        n = n and math.max(n // M.scale, math.min(n, 20)) }, Case)
end

--- The arguments of `workload gate` for all that runs in the background.
function Case:gates()
  local words = {}
  for _, process in ipairs(self.background) do words[#words + 1] = process.go .. " " .. process.done end
  return table.concat(words, " ")
end

--- Fills in @n@, @dir@, @home@ (which has scripts and examples), @workload@, @tracer@, @limit@ and the pids of what
--- runs in the background, @pid1@ …
function Case:fill(text)
  local values = { n = self.n, dir = self.dir, home = M.home, workload = M.workload, tracer = M.tracer,
                   limit = M.limit }
  for i, process in ipairs(self.background) do values["pid" .. i] = process.pid end
  values.gates = self:gates()
  return (text:gsub("@(%w+)@", function(key) return values[key] and tostring(values[key]) end))
end

--- Waits until a process sits in read(): "0 0x4 …" in its syscall file.
function M.await_read(pid)
  for _ = 1, 200 do
    if M.read(("/proc/%d/syscall"):format(pid)):find "^0 " then return end
    M.sh "sleep 0.02"
  end
end

--- A workload that waits until the tracer's command, `gate`, lets it go. A list of two: what it does before it waits,
--- as words before those of the command, and the command.
function Case:start(command)
  local before = ""
  if type(command) == "table" then before, command = self:fill(command[1]), command[2] end
  local i = #self.background + 1
  local go, done = ("%s/go%d"):format(self.dir, i), ("%s/done%d"):format(self.dir, i)
  local out = ("%s/background%d"):format(self.dir, i)
  M.sh(("mkfifo -m 666 %s %s; %s %s wait %s %s %s >%s 2>&1 </dev/null & echo $! >%s.pid")
    :format(go, done, M.workload, before, go, done, self:fill(command), out, out))
  M.await_read(tonumber(M.read(out .. ".pid")))
  self.background[i] = { pid = tonumber(M.read(out .. ".pid")), out = out, go = go, done = done }
end

-- The pids of what is still there of a case, whoever its parent is by now. Read here, as the grep of a small machine
-- stops at a zero byte. Of a dead one that nobody has waited for the environment is empty.
local function left_of(dir)
  local pids, pipe = {}, assert(io.popen "cd /proc && echo [0-9]*")
  for pid in pipe:read "a":gmatch "%d+" do
    if M.read(("/proc/%s/environ"):format(pid)):find("TL_CASE=" .. dir .. "/", 1, true) then pids[#pids + 1] = pid end
  end
  pipe:close()
  return pids
end

-- Sends the signal to what is there of a case and waits a second for it to go; false if it did not.
local function end_all(dir, signal)
  local pids = left_of(dir)
  if #pids > 0 then M.sh(("kill -%s %s 2>/dev/null"):format(signal, table.concat(pids, " "))) end
  for _ = 1, 10 do
    if #left_of(dir) == 0 then return true end
    M.sh "sleep 0.1"
  end
  return false
end

--- Ends what is still there of the case, so that a failed one disturbs none after it. Parents get the chance to wait
--- for their children: the first process of a container may not do that, and then their pids would stay taken.
function Case:finish()
  mark = "none"
  return end_all(self.dir, "TERM") or end_all(self.dir, "KILL")
end

local function plain_script(events)
  return ("tl.on({ %s }, row) tl.run()"):format('"' .. table.concat(events, '", "') .. '"')
end

function Case:script(spec)
  if spec.no_script then return "" end
  local path = ("%s/script%d.lua"):format(self.dir, self.runs)
  M.write(path, self:fill('local tl, row = dofile(os.getenv "TL_PRELUDE")\n'
    .. (spec.script or plain_script(spec.events))))
  return path
end

function Case:command(spec)
  if spec.command == false then return "" end
  local command = spec.command
  if spec.run then command = "@workload@ " .. spec.run end
  return "-c " .. M.quote(self:fill(command or "@workload@ gate @gates@"))
end

-- The command line of one run, whose files begin with `base`.
function Case:line(spec, base)
  return ("TL_PRELUDE=%s TL_ROWS=%s.rows timeout -s KILL %d %s %s %s %s %s %s %s"):format(
    M.quote(M.prelude), base, spec.limit or M.limit, spec.prefix or "", M.tracer,
    self.channel and "--channel " .. self.channel or "", self:fill(spec.options or ""), self:command(spec),
    self:script(spec), self:fill(spec.suffix or ""))
end

-- What came of a run: rows, the truth of the workload (stdout, or the file `truth`) and of the background, pids of the
-- latter.
function Case:result(base, line, status)
  local result = { n = self.n, dir = self.dir, line = line, status = status, err = M.read(base .. ".err"),
                   out = M.read(base .. ".out"), truth = { all = {} }, pids = {} }
  for i, process in ipairs(self.background) do
    parse_truth(result.truth, M.read(process.out))
    result.pids[i] = process.pid
  end
  parse_truth(result.truth, result.out)
  parse_truth(result.truth, M.read(self.dir .. "/truth"))
  result.rows = parse_rows(M.read(base .. ".rows"))
  if self.channel == "perf" then by_time(result.rows) end
  return result
end

--- One run of the tracer. spec: events or script, run (of the workload), command (instead) or nothing (the
--- background is let go), options, prefix (before the tracer), suffix (after all).
function Case:trace(spec)
  self.runs = self.runs + 1
  local base = ("%s/run%d"):format(self.dir, self.runs)
  local line = self:line(spec, base)
  -- What the tests were started with, such as the descriptor of a lock, is not for the workload.
  local status = M.sh(("cd %s && { %s; } >%s.out 2>%s.err </dev/null 3>&- 4>&- 5>&- 6>&-")
    :format(self.dir, line, base, base))
  if status == 137 then error(("took longer than %d s\n%s"):format(spec.limit or M.limit, line), 0) end
  self.last = self:result(base, line, status)
  return self.last
end

return M
