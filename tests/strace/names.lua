-- SPDX-License-Identifier: MIT
--- names.lua  writes what programs/names.c is to call: every value of every list of names, as an argument of each call
--- that has an argument of that list; out of the catalogue and the constants of the build in $B.
--
-- A line is a number of a call and its six arguments; "-" begins another process. All other arguments are -1, so that
-- the calls are refused, for descriptors, addresses and sizes are bad: both tracers decode the arguments all the same.

local build = os.getenv "B" or "build"

-- What is left out: calls that would do something with arguments that are all -1, or should they ever be taken.
local SPARED = {
  reboot = true, kexec_load = true, kexec_file_load = true,     -- the machine's end
  syslog = true,                                                -- changes what the console shows
  clone = true, clone3 = true,                                  -- the other programs make enough threads
}

-- Where -1 would mean everybody: nobody's number.
local NOBODY = 0x3ffffffe
local OTHERS = { kill = { NOBODY }, tkill = { NOBODY }, tgkill = { NOBODY, NOBODY }, rt_sigqueueinfo = { NOBODY },
                 rt_tgsigqueueinfo = { NOBODY, NOBODY }, setpriority = { false, NOBODY } }

local function lines(name) return assert(io.lines(build .. "/gen/" .. name)) end

local function columns(line)
  local list = {}
  for column in (line .. "\t"):gmatch "(.-)\t" do list[#list + 1] = column end
  return list
end

-- Values by list, "flags:open" and so on.
local function read_values()
  local lists, values = {}, nil
  for line in lines "constants.c" do
    local array = line:match "^static const struct tl_constant ([%w_]+)_constants%[%]"
    local value = line:match '^%s*{ "[^"]+", (%-?%w+) },'
    if array then
      values = { 0 }
      lists[array] = values
    elseif value and values then
      values[#values + 1] = math.tointeger(tonumber(value)) or error("no number: " .. line, 0)
    end
  end
  return lists
end

local function list_of(meaning)
  return meaning:match "^flags:(.+)$" or meaning:match "^enum:(.+)$"
end

-- A line of the catalogue about a field: its argument has the next place unless the field before has it too.
local function add_field(call, word)
  local name, type_, meaning, argument = word[2], word[3], word[4], word[8]
  if argument == "" or argument == "ret" then return end
  if argument ~= call.last then call.last, call.places = argument, call.places + 1 end
  if list_of(meaning) and name == argument and type_:find "^[us]%d+$" then
    call[#call + 1] = { call.places - 1, list_of(meaning) }
  end
end

local READ = {
  field = add_field,
  exit = function(call, word) call.number = tonumber(word[2]) end,
  enter = function(call, word) call.number = tonumber(word[2]) end,
}

-- { name, number, { place of an argument from 0, its list }… } of each call.
local function read_calls()
  local calls, call = {}, nil
  for line in lines "catalogue.txt" do
    local word = columns(line)
    if word[1] == "event" then
      call = { name = word[2]:match "^syscall%.(.*)$", places = 0 }
      if call.name then calls[#calls + 1] = call end
    elseif call and READ[word[1]] then
      READ[word[1]](call, word)
    end
  end
  return calls
end

local function write_call(call, place, value)
  local args = {}
  for i = 0, 5 do
    local other = (OTHERS[call.name] or {})[i + 1] or -1
    args[i + 1] = ("%d"):format(i == place and value or other)
  end
  print(call.number .. " " .. table.concat(args, " "))
end

local lists = read_values()
for _, call in ipairs(read_calls()) do
  if not SPARED[call.name] then
    for _, argument in ipairs(call) do
      print "-"
      for _, value in ipairs(lists[argument[2]] or error("no list " .. argument[2], 0)) do
        write_call(call, argument[1], value)
      end
    end
  end
end
