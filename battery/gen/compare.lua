-- SPDX-License-Identifier: MIT
--- lua5.4 battery/gen/compare.lua CATALOGUE [FOLDER]
--
-- Holds the events of system calls in CATALOGUE (build/gen/catalogue.txt, or a battery file, which has it in it)
-- against the running kernel's own list:
-- the formats in FOLDER, /sys/kernel/tracing/events/syscalls. Names the calls that have no event and those whose
-- event has another number of arguments. Exit code 0: neither; 1: some; 2: it could not be told.

local USAGE = "usage: compare.lua CATALOGUE [FOLDER]"

local FOLDERS = { "/sys/kernel/tracing/events/syscalls", "/sys/kernel/debug/tracing/events/syscalls" }

-- Names of the kernel's functions where they are not those of the calls.
local CALLED = {
  newstat = "stat", newlstat = "lstat", newfstat = "fstat", newuname = "uname", sendfile64 = "sendfile",
  umount = "umount2", sysctl = "_sysctl",
}

-- Where the definitions differ on purpose: the kernel's number of arguments.
local KNOWN = {
  preadv = 5, pwritev = 5,    -- the upper half of the offset, which is empty where registers have 64 bits
  bpf = 5,                    -- from 7.2 on; a caller says by a bit of `cmd` whether the last two are there
}

local Refusal = {}   -- what is wrong with the request and not with this program

local function refuse(message, ...) error(setmetatable({ text = message:format(...) }, Refusal), 0) end

local function read(path)
  local file, message = io.open(path, "rb")
  if not file then refuse("%s", message) end
  local text, why = file:read "a"
  file:close()
  return text or refuse("%s: %s", path, why)
end

---The arguments of each call's event, by the name of the call: { { "fd", "buf" }, … }.
---@param text string the catalogue
---@return table<string, string[]>? calls nil: it is none
local function calls_of(text)
  text = text:match "traceleft\tABI\t%d+\t.-\nend\t%d+\n"
  if not text then return nil end
  local calls, args, seen = {}, nil, nil
  for line in text:gmatch "[^\n]+" do
    local event = line:match "^event\t([^\t]*)"
    local arg = line:match "^field\t[^\t]*\t[^\t]*\t[^\t]*\t[^\t]*\t[^\t]*\t[^\t]*\t([^\t]*)"
    if event then
      args, seen = {}, { [""] = true, ret = true }
      local name = event:match "^syscall%.(.+)$"
      if name then calls[name] = args end
    elseif arg and args and not seen[arg] then
      seen[arg] = true
      args[#args + 1] = arg
    end
  end
  return calls
end

---The arguments in a format of tracefs as they are declared: { "int fd", "char * buf" }. New kernels (7.2 does, 6.12
---does not) put behind them what pointers point at, with a type that no argument has.
---@param text string
---@return string[]
local function args_of(text)
  local args, own = {}, false
  for declaration in text:gmatch "\n%s+field:([^;]*);" do
    if own and not declaration:find "^__data_loc" then args[#args + 1] = declaration end
    own = own or declaration:find "__syscall_nr$" ~= nil
  end
  return args
end

local function quoted(word) return "'" .. word:gsub("'", "'\\''") .. "'" end

local function names_in(folder)
  local pipe = assert(io.popen(("ls %s 2>/dev/null"):format(quoted(folder))))
  local names = {}
  for entry in pipe:lines() do names[#names + 1] = entry:match "^sys_enter_(.+)$" end
  pipe:close()
  table.sort(names)
  return names
end

-- The first folder that has the kernel's list.
local function find_list(folders)
  for _, folder in ipairs(folders) do
    local names = names_in(folder)
    if #names > 0 then return folder, names end
  end
  refuse("%s: no list of system calls there: tracefs is not mounted, may be read by root only, or this kernel "
         .. "was built without CONFIG_FTRACE_SYSCALLS", folders[1])
end

-- What is wrong with the event of that call; nil: nothing.
local function difference(name, args, declared)
  local declaration = ("%s(%s)"):format(name, table.concat(declared, ", "))
  if not args then return ("missing: %s"):format(declaration) end
  if #args ~= #declared and KNOWN[name] ~= #declared then
    return ("%d arguments in the definition (%s), %d in the kernel: %s")
      :format(#args, table.concat(args, ", "), #declared, declaration)
  end
end

local function count(map)
  local n = 0
  for _ in pairs(map) do n = n + 1 end
  return n
end

local function run(catalogue, ...)
  if not catalogue or select("#", ...) > 1 then refuse(USAGE) end
  local calls = calls_of(read(catalogue)) or refuse("%s: no catalogue of a battery", catalogue)
  local folder, names = find_list(... and { ... } or FOLDERS)
  local wrong = 0

  for _, listed in ipairs(names) do
    local name = CALLED[listed] or listed
    local found = difference(name, calls[name], args_of(read(("%s/sys_enter_%s/format"):format(folder, listed))))
    if found then
      wrong = wrong + 1
      print(("%s: %s"):format(name, found))
    end
  end
  print(("%d system calls in the kernel's list, %d in the battery; %d missing or different")
    :format(#names, count(calls), wrong))
  return wrong == 0
end

local ok, result = pcall(run, ...)
if not ok then
  if getmetatable(result) ~= Refusal then error(result, 0) end
  io.stderr:write("compare: ", result.text, "\n")
end
os.exit(not ok and 2 or result and 0 or 1)
