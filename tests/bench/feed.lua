-- SPDX-License-Identifier: MIT
--- feed table|args: how many prepared records of syscall.close per second reach a callback. No kernel is involved.
-- Prints the number for each of ROUNDS rounds, by CPU time.

local core = require "traceleft.core"

local ROUNDS, BATCH, BATCHES = 7, 1000, 700

-- struct tl_record: size event reserved time mask unread absent cgroup pid tid ppid uid gid cpu comm span;
-- then file, inode, ret, duration, fd, dev, mntns and padding of syscall.close.
local LAYOUT = "<I4I2I2I8I8I8I8I8I4I4I4I4I4I4c16I8I8I8i8I8i4I4I4c4"

local function number_of(session, name)
  for i, event in ipairs(session:events()) do
    if event == name then return i - 1 end
  end
end

local function record(session, bit)
  return LAYOUT:pack(LAYOUT:packsize(), number_of(session, "syscall.close"), 0, math.maxinteger, 1 << bit, 0, 0, 7,
    42, 43, 1, 1000, 1000, 1, "bench", 0, 0, 7, -9, 1234, 5, 8, 9, "")
end

local calls = 0

local function count()
  calls = calls + 1
end

local subscriptions = {
  table = { fields = { "event", "time", "pid", "tid", "comm", "cpu", "fd", "ret" },
    check = function(e) return e.comm, e.fd, e.ret end },
  args = { args = { "comm", "fd", "ret" }, check = function(...) return ... end },
}

local function open(wanted, fn)
  local session = assert(core.open { replay = true })
  assert(session:subscribe { events = { "syscall.close" }, fields = wanted.fields, args = wanted.args, fn = fn })
  return session
end

-- That a record is read as it was made, and which bit of the mask a first subscription gets.
local function bit_of(wanted)
  local seen = false
  local session <close> = open(wanted, function(...)
    local comm, fd, ret = wanted.check(...)
    assert(comm == "bench" and fd == 5 and ret == -9, "feed: the layout of the record is another one now")
    seen = true
  end)
  for bit = 0, 63 do
    assert(session:feed(record(session, bit)))
    if seen then return bit end
  end
  error "feed: no subscription wants the record"
end

local wanted = assert(subscriptions[arg[1]], "feed: table or args expected")
local bit = bit_of(wanted)
local session = open(wanted, count)

local batch = {}
for i = 1, BATCH do batch[i] = record(session, bit) end
batch = table.concat(batch) -- one behind the other, as they lie in a ring

for _ = 1, ROUNDS do
  local begin = os.clock()
  for _ = 1, BATCHES do assert(session:feed(batch)) end
  print(("%.0f"):format(BATCH * BATCHES / (os.clock() - begin)))
end
assert(calls == ROUNDS * BATCHES * BATCH, "feed: not every record came")
