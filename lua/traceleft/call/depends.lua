-- SPDX-License-Identifier: MIT
--- depends: an argument whose sense is decided by another one, the operation or the flags of the call.
--
-- What says nothing in a call is whatever the register held. It is left out of the call's line, as strace does.

local core   = require "traceleft.core"
local number = require "traceleft.number"
local recent = require "traceleft.recent"

local M = {}

-- Call, argument: the argument that decides, and words of which its text must have one.
local NEEDS = {
  open = { mode = { "flags", "O_CREAT", "O_TMPFILE" } },
  openat = { mode = { "flags", "O_CREAT", "O_TMPFILE" } },
  mq_open = { mode = { "oflag", "O_CREAT" }, attr = { "oflag", "O_CREAT" } },
  mremap = { new_address = { "flags", "MREMAP_FIXED", "MREMAP_DONTUNMAP" } },
  clone = {
    parent_tid = { "flags", "CLONE_PARENT_SETTID", "CLONE_PIDFD" },
    child_tid = { "flags", "CLONE_CHILD_SETTID", "CLONE_CHILD_CLEARTID" },
    tls = { "flags", "CLONE_SETTLS" },
  },
  futex = {
    timeout = { "futex_op", "FUTEX_WAIT", "FUTEX_LOCK_PI", "REQUEUE", "WAKE_OP" },
    uaddr2 = { "futex_op", "REQUEUE", "WAKE_OP" },
    val3 = { "futex_op", "BITSET", "CMP_REQUEUE", "WAKE_OP" },
  },
}

-- Call, argument: the argument that decides, and the meaning by its text; false: it says nothing.
local READ_AS = {
  fcntl = {
    arg = { "cmd", {
      F_GETFD = false, F_GETFL = false, F_GETOWN = false, F_GETSIG = false, F_GETLEASE = false,
      F_GETPIPE_SZ = false, F_GET_SEALS = false, F_DUPFD = "", F_DUPFD_CLOEXEC = "", F_SETPIPE_SZ = "", F_SETOWN = "",
      F_SETFD = "flags:fd_flags", F_SETFL = "flags:open", F_SETSIG = "enum:signal",
    } },
    ret = { "cmd", { F_GETFD = "flags:fd_flags", F_GETFL = "flags:open" } },
  },
}

-- Call: the argument that decides, the places of those behind it, and how many of them its text needs.
local COUNTED = {
  prctl = { "option", { arg2 = 1, arg3 = 2, arg4 = 3, arg5 = 4 }, {
    PR_GET_DUMPABLE = 0, PR_GET_KEEPCAPS = 0, PR_GET_SECCOMP = 0, PR_GET_SECUREBITS = 0, PR_GET_TIMERSLACK = 0,
    PR_GET_TIMING = 0, PR_TASK_PERF_EVENTS_DISABLE = 0, PR_TASK_PERF_EVENTS_ENABLE = 0,
    PR_CAPBSET_DROP = 1, PR_CAPBSET_READ = 1, PR_GET_CHILD_SUBREAPER = 1, PR_GET_NAME = 1, PR_GET_PDEATHSIG = 1,
    PR_GET_TID_ADDRESS = 1, PR_GET_TSC = 1, PR_SET_CHILD_SUBREAPER = 1, PR_SET_DUMPABLE = 1, PR_SET_KEEPCAPS = 1,
    PR_SET_NAME = 1, PR_SET_PDEATHSIG = 1, PR_SET_SECUREBITS = 1, PR_SET_TIMERSLACK = 1, PR_SET_TIMING = 1,
    PR_SET_TSC = 1, PR_SET_SECCOMP = 2,
  } },
}

local function has_word(text, words)
  for i = 2, #words do
    if text:find(words[i], 1, true) then return true end
  end
  return false
end

-- The argument that decides whether this one says anything, and the test of its text.
local function rule_of(call, argument)
  local needs, read_as, counted = NEEDS[call], READ_AS[call], COUNTED[call]
  needs, read_as = needs and needs[argument], read_as and read_as[argument]
  if needs then return needs[1], function(text) return has_word(text, needs) end end
  if read_as then return read_as[1], function(text) return read_as[2][text] ~= false end end
  local place = counted and counted[2][argument]
  if place then return counted[1], function(text) return place <= (counted[3][text] or place) end end
end

--- A function that tells of an event whether the argument says anything; nil when it always does. What an operation
--- without a name needs is not known: then it does.
---@param call string "openat"
---@param argument string
---@param by_name table<string, traceleft.field>
---@return (fun(event: traceleft.event): boolean)?
---@return string? name of the field that decides
function M.says(call, argument, by_name)
  local name, test = rule_of(call, argument)
  local decider = name and by_name[name]
  if not decider then return nil end
  local decide = recent.of(function(value)
    local text = core.meaning(decider.meaning, value)
    return not text or test(text)
  end)
  return function(event) return event[name] == nil or decide(event[name]) end, name
end

--- A function that makes the text of the argument in an event, nil where it is as always; nil when it always is.
---@param call string
---@param argument string
---@param by_name table<string, traceleft.field>
---@return (fun(event: traceleft.event): string?)?
function M.teller(call, argument, by_name)
  local read_as = READ_AS[call] and READ_AS[call][argument]
  local decider, field = read_as and by_name[read_as[1]], by_name[argument]
  if not decider or not field then return nil end
  local shower_of = recent.of(function(value)
    local meaning = read_as[2][core.meaning(decider.meaning, value) or ""]
    return meaning and number.shower { type = "s64", meaning = meaning } or false
  end)
  return function(event)
    local value = event[argument]
    local show = value ~= nil and event[decider.name] ~= nil and shower_of(event[decider.name])
    return show and show(value) or nil
  end
end

return M
