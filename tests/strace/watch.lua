-- SPDX-License-Identifier: MIT
--- Runs one program under both tracers at once.
--
--     strace … gate.sh … sh -e run.sh      the gate waits until the tracer is at work
--     traceleft-lua -c open.sh record.lua  opens the gate, and ends when strace has ended
--
-- strace stops a call before our hook at its entry and after our hook at its exit, so both see the same memory.

local M = {}

local LIMIT = 60 -- seconds for one program

local STRACE = "strace -ff -q -yy -v -s 4096 -X verbose --absolute-timestamps=format:unix,precision:ns "
  .. "--syscall-times=ns -o @folder@/OUT"

local SCRIPTS = {
  ["run.sh"] = "@run@\n",
  ["open.sh"] = "echo go >@folder@/go\nread -r _ <@folder@/done\n",
  ["strace.sh"] = [[
cd @folder@/work || exit
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=@folder@/work TMPDIR=@folder@/work LC_ALL=C TZ=UTC \
  HOSTILE="$(printf 'a"b\\c\n</tmp> \001\377')" programs=@programs@ \
  ]] .. STRACE .. [[ @home@/gate.sh @folder@/pids @folder@/go /bin/sh -e @folder@/run.sh \
  >@folder@/out 2>&1 </dev/null
echo $? >@folder@/status
echo done >@folder@/done
]],
}

local function shell(command)
  local _, how, status = os.execute(command)
  return how == "signal" and 128 + status or status
end

local function read(path)
  local file = io.open(path, "rb")
  if not file then return "" end
  local text = file:read "a"
  file:close()
  return text
end

local function output(command)
  local pipe = assert(io.popen(command))
  local text = pipe:read "a"
  pipe:close()
  return (text:gsub("\n$", ""))
end

--- Milliseconds since boot, in steps of ten.
function M.now()
  return math.floor(tonumber(read("/proc/uptime"):match "^%S+") * 1000)
end

--- A new folder for the files of all programs.
function M.folder()
  local folder = output "mktemp -d"
  shell("chmod 755 " .. folder)
  return folder
end

function M.remove(folder)
  shell("rm -rf " .. folder)
end

--- Why a program cannot run here: what of the words of `needs` is not there; nil: it can.
---@param needs string?
---@return string?
function M.missing(needs)
  for word in (needs or ""):gmatch "%S+" do
    if shell(("PATH=/usr/sbin:/usr/bin:/sbin:/bin command -v '%s' >/dev/null"):format(word)) ~= 0 then
      return "no program " .. word .. " here"
    end
  end
end

local function write_scripts(values)
  for name, text in pairs(SCRIPTS) do
    local file = assert(io.open(values.folder .. "/" .. name, "w"))
    file:write((text:gsub("@(%w+)@", values)))
    assert(file:close())
  end
end

local function prepare(program, values)
  assert(shell(("mkdir -p %s/work && cd %s && mkfifo pids go done"):format(values.folder, values.folder)) == 0)
  write_scripts(values)
  if program.before then
    local command = ("cd %s/work && programs=%s home=%s && export programs && {\n%s\n} >../before.out 2>&1")
    local status = shell(command:format(values.folder, values.programs, values.home, program.before))
    if status ~= 0 then error("could not prepare: " .. read(values.folder .. "/before.out"), 0) end
  end
end

--- Runs it; what both wrote is in the folder then.
---@param program { run: string, before: string? }
---@param folder string
---@param home string where this file is
---@return { root: integer, program: integer?, rows: string, err: string, status: integer }
function M.run(program, folder, home)
  home = output(("cd '%s' && pwd"):format(home))
  local build = os.getenv "B" or home .. "/../../build"
  local values = { folder = folder, home = home, programs = build .. "/tests/strace", run = program.run }
  prepare(program, values)
  shell(("timeout %d sh %s/strace.sh 2>%s/strace.err </dev/null &"):format(LIMIT, folder, folder))
  local root = tonumber(read(folder .. "/pids"))
  local tracer = os.getenv "TRACELEFT" or build .. "/traceleft-lua"
  local status = shell(("timeout %d %s --ring 64M -c 'sh %s/open.sh' %s/record.lua %d %s/rows 2>%s/err")
    :format(LIMIT, tracer, folder, home, root, folder, folder))
  return { root = root, program = tonumber(read(folder .. "/status")), rows = folder .. "/rows",
           err = read(folder .. "/err"), status = status }
end

return M
