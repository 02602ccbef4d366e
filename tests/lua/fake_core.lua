-- SPDX-License-Identifier: MIT
--- fake_core: a `traceleft.core` that needs neither root nor C, and whose time and events a spec decides.
--
--   local fake = require "fake_core"
--   local tl = fake.load "traceleft"      -- the library, loaded afresh over a fresh fake
--   fake.at(0.5, function(session) session:emit { event = "tcp.connect", … } end)

local fake_aggregate = require "fake_aggregate"

local M = {}

local COMMON = { { "event", "event" }, { "time", "u64", "time" }, { "pid", "u32" }, { "tid", "u32" }, { "ppid", "u32" },
                 { "uid", "u32" }, { "gid", "u32" }, { "comm", "comm" }, { "cpu", "u16" }, { "cgroup", "u64" } }
local TUPLE = { { "saddr", "ip" }, { "sport", "u16", "port" }, { "daddr", "ip" }, { "dport", "u16", "port" },
                { "family", "u16", "enum:family" }, { "netns", "u32", "ns" } }
local RESULT = { { "ret", "s64", "fd" }, { "error", "error" }, { "duration", "u64", "duration" } }

-- Name, fields in groups, class. A field: name, type, meaning, argument (its own name for those of a system call),
-- members of its elements.
local EVENTS = {
  { "process.exec", { { "filename", "str", "path" }, { "path", "path" }, { "argv", "list" }, { "cwd", "path" } } },
  { "process.exit", { { "status", "s32" }, { "signal", "u8", "enum:signal" }, { "lifetime", "u64", "duration" } } },
  { "syscall.open", RESULT, { { "pathname", "str", "path" }, { "flags", "s32", "flags:open" } }, class = "file desc" },
  { "syscall.openat", RESULT, { { "dirfd", "s32", "dirfd" }, { "pathname", "str", "path" },
                                { "flags", "s32", "flags:open" } }, class = "file desc" },
  { "syscall.openat2", RESULT, { { "dirfd", "s32", "dirfd" }, { "pathname", "str", "path" } }, class = "file desc" },
  { "syscall.poll", { { "fds", "array", "array:pollfd", nil, { { "fd", "s32", "fd" }, { "events", "s16" } } },
                      { "nfds", "u32" }, { "timeout", "s32" } }, RESULT, class = "desc" },
  { "syscall.read", RESULT, { { "fd", "s32", "fd" }, { "buf", "bytes" }, { "count", "u64" } }, class = "desc" },
  { "syscall.stat", { { "pathname", "str", "path" }, { "statbuf", "u64", "ptr" },
                      { "st_mode", "u32", "mode", "statbuf" }, { "st_size", "s64", "bytes", "statbuf" },
                      { "st_uid", "u32", "uid", "statbuf" } }, RESULT, class = "file stat" },
  { "syscall.fstat", { { "fd", "s32", "fd" }, { "file", "file", "", "fd" }, { "inode", "u64", "inode", "fd" } },
                     RESULT, class = "desc stat" },
  { "tcp.accept", TUPLE, { { "fd", "s32", "fd" }, { "duration", "u64", "duration" } } },
  { "tcp.close", TUPLE, { { "sent", "u64", "bytes" }, { "received", "u64", "bytes" },
                          { "lifetime", "u64", "duration" }, { "error", "error" } } },
  { "tcp.connect", TUPLE, { { "outcome", "u8", "enum:connect_outcome" }, { "error", "error" },
                            { "duration", "u64", "duration" } } },
  { "tcp.listen", { TUPLE[1], TUPLE[2] }, { { "backlog", "s32" }, { "error", "error" } } },
}

--- Why calls fail, in words.
M.errors = {
  [2] = "No such file or directory", [4] = "Interrupted system call", [9] = "Bad file descriptor",
  [10] = "No child processes", [11] = "Resource temporarily unavailable", [14] = "Bad address",
  [22] = "Invalid argument", [38] = "Function not implemented",
}

--- What numbers mean: by meaning, a table or a function of the number. A spec may add to it.
M.meanings = {
  dirfd = { [-100] = "AT_FDCWD" },
  ["flags:open"] = { [0] = "O_RDONLY", [524288] = "O_RDONLY|O_CLOEXEC" },
  ["enum:connect_outcome"] = { "established", "refused", "timed_out" },
  ["enum:signal"] = { [9] = "SIGKILL" },
}

local function meaning(name, number)
  local words = M.meanings[name]
  if type(words) == "function" then return words(number) end
  return words and words[number]
end

local function field_of(row, arg)
  local field = { name = row[1], type = row[2], meaning = row[3] or "", doc = "", arg = row[4] or arg }
  if row[5] then
    field.members = {}
    for i, member in ipairs(row[5]) do field.members[i] = field_of(member, "") end
  end
  return field
end

--- The description of an event made from rows as above.
---@param entry table
---@return traceleft.description
function M.description(entry)
  local fields = {}
  for _, group in ipairs { COMMON, entry[2], entry[3] or {} } do
    for _, row in ipairs(group) do
      local is_argument = entry[1]:find "^syscall%." and group ~= COMMON and group ~= RESULT
      fields[#fields + 1] = field_of(row, is_argument and row[1] or "")
    end
  end
  return { name = entry[1], doc = "", class = entry.class or "", fields = fields }
end

local function matches(name, globs)
  for _, glob in ipairs(globs) do
    local pattern = glob:gsub("[%.%-]", "%%%0"):gsub("%*", ".*")
    if name:find("^" .. pattern .. "$") then return true end
  end
  return false
end

local Sub = {}
Sub.__index = Sub
function Sub:stop() self.stopped = true end
function Sub:pause() self.paused = true end
function Sub:resume() self.paused = false return true end
function Sub:set(name, value) self.spec.vars[name] = value return true end
function Sub:explain() return { { clause = self.spec.where, where = "kernel", why = "", instructions = 9 } } end
function Sub:target(selector, tracer)
  if M.refuse_target then return nil, table.unpack(M.refuse_target) end
  self.spec.target, self.spec.self = selector, tracer
  return true
end

local Session = {}
Session.__index = Session

function Session:subscribe(spec)
  if M.refuse_subscribe then return nil, table.unpack(M.refuse_subscribe) end
  local sub = setmetatable({ spec = spec, seen = 0, lost = 0, bit = 1 << #self.subs }, Sub)
  table.insert(self.subs, sub)
  return sub
end

function Session:aggregate(spec)
  if M.refuse_subscribe then return nil, table.unpack(M.refuse_subscribe) end
  local agg = fake_aggregate.new(spec, function() return M.now end)
  table.insert(self.aggs, agg)
  return agg
end

local Span = { errors = 0, full = 0, unbegun = 0 }
Span.__index = Span
function Span:stop() self.stopped = true return true end
function Span:target(selector, tracer) self.spec.target, self.spec.self = selector, tracer return true end
function Span:explain() return { { event = self.spec.start[1], where = "kernel", why = "", instructions = 9 } } end

function Session.span(_, spec)
  if M.refuse_subscribe then return nil, table.unpack(M.refuse_subscribe) end
  M.span = setmetatable({ spec = spec, unbegun = 2 }, Span)
  return M.span
end

function Session:start()
  if M.refuse_start then return nil, table.unpack(M.refuse_start) end
  self.started = true
  return true
end

function Session:on_error(fn) self.handler = fn end
function Session:name_cgroups(fn) self.namer = fn end
function Session:interrupt() self.interrupted = true end
function Session:budget(share) self.share = share return true end
function Session:quiesce() self.quiet = true end
function Session:close() self.closed = true end
function Session.fd() return 7 end

function Session.targets()
  return { { pid = 5, comm = "sh", why = "comm sh", subs = 1 }, { pid = 7, why = "uid 0", subs = 2 } }
end

function Session.stats()
  return { made = 5, delivered = 4, unclaimed = 0, lost = 1, held = 0, pending = 3, unfinished = 0, wakeups = 2,
           causes = { channel = 1 } }
end

function Session.events()
  local names = {}
  for i, entry in ipairs(EVENTS) do names[i] = entry[1] end
  return names
end

function Session.describe(_, name)
  for _, entry in ipairs(EVENTS) do
    if entry[1] == name then return M.description(entry) end
  end
  return nil, "no event '" .. name .. "'", "ENOENT"
end

function Session.nearest(_, word, event)
  if event then return word == "pathnam" and "pathname" or nil end
  return word == "syscall.opnat" and "syscall.openat" or nil
end

local function traceback(message)
  return type(message) == "string" and debug.traceback(message, 2) or message
end

local function deliver(sub, event)
  sub.seen = sub.seen + 1
  local values = { event }
  for i, name in ipairs(sub.spec.args or {}) do values[i] = event[name] end
  return xpcall(sub.spec.fn, traceback, table.unpack(values, 1, sub.spec.args and #sub.spec.args or 1))
end

local function wants(sub, event)
  return not sub.stopped and not sub.paused and matches(event.event, sub.spec.events or { sub.spec.span.spec.name })
end

--- Delivers an event to all subscriptions that want it, and has all aggregates count it that do.
function Session:emit(event)
  self.delivered = (self.delivered or 0) + 1
  for _, sub in ipairs(self.subs) do
    if wants(sub, event) then
      local ok, message = deliver(sub, event)
      if not ok then self.handler(message) end
    end
  end
  for _, agg in ipairs(self.aggs) do
    if wants(agg, event) then agg:count(event) end
  end
end

-- Lets time go on to the next happening within the timeout, or to its end.
function Session:poll(timeout)
  if M.refuse_poll then return nil, table.unpack(M.refuse_poll) end
  if self.interrupted then
    self.interrupted = false
    return nil, "interrupted", "ECANCELED"
  end
  self.delivered = 0
  local stop = timeout >= 0 and M.now + timeout * 1000000
  local next_one = M.happenings[1]
  if next_one and (not stop or next_one.at <= stop) then
    M.now = math.max(M.now, next_one.at)
    table.remove(M.happenings, 1).fn(self)
  else
    M.now = assert(stop, "the fake would wait forever")
  end
  table.insert(M.polls, timeout)
  return self.delivered
end

-- Lets time go on to the next happening, which may make a descriptor ready, or to the end of the timeout.
local function pass(timeout)
  local stop, next_one = timeout >= 0 and M.now + timeout * 1000000, M.happenings[1]
  local at = next_one and math.max(M.now, next_one.at)
  M.now = at and (not stop or at <= stop) and at or assert(stop, "the fake would wait forever")
end

local function wait(fds, timeout)
  if M.refuse_wait then return nil, table.unpack(M.refuse_wait) end
  local ready = {}
  for _, fd in ipairs(fds) do
    if M.ready[fd] then ready[#ready + 1] = fd end
  end
  if #ready == 0 then pass(timeout) end
  return ready
end

local function open(opts)
  if M.refuse_open then return nil, table.unpack(M.refuse_open) end
  M.session = setmetatable({ opts = opts, subs = {}, aggs = {} }, Session)
  return M.session
end

local core = {
  version = "0.0.fake",
  open = open,
  check = function() return { { name = "BPF", ok = 1, note = "" } } end,
  meaning = meaning,
  errno_text = function(number) return M.errors[number] end,
  clock = function() return M.now end,
  wall = function(ns) return ns // 1000000000, ns % 1000000000 end,
  catch_signals = function(on) M.catching, M.signals = on, 0 end,
  cgroups = function()
    if not M.cgroups then return nil, "cgroups: none are mounted here", "ENOENT" end
    return M.cgroups, "/sys/fs/cgroup"
  end,
  stat = function(path)
    local found = M.files[path]
    if not found then return nil, path .. ": No such file or directory", "ENOENT" end
    return found, M.devices[path] or 0, 0, 0, M.kinds[path] or "file"
  end,
  signalled = function() return M.signals end,
  wait = wait,
  isatty = function() return M.columns ~= nil end,
  columns = function() return M.columns end,
}

--- Something that happens that many seconds after the begin, when polled.
---@param seconds number
---@param fn fun(session: table)
function M.at(seconds, fn)
  table.insert(M.happenings, { at = math.floor(seconds * 1e9), fn = fn })
end

--- The meaning of flags: words of single bits, and in `mask` those that are numbers.
---@param words { [1]: integer, [2]: string }[]
---@param mask? table<integer, string> { bits =, [number] = word }
---@return fun(number: integer): string
function M.flags(words, mask)
  return function(number)
    local parts = { mask and mask[number & mask.bits] }
    for _, word in ipairs(words) do
      if number & word[1] ~= 0 then parts[#parts + 1] = word[2] end
    end
    return #parts > 0 and table.concat(parts, "|") or "0"
  end
end

--- A module of the library or of the program, loaded afresh over a fresh fake.
---@param name string
---@return any
function M.load(name)
  for key in pairs(package.loaded) do
    if key:find("^traceleft") or key:find("^host%.") then package.loaded[key] = nil end
  end
  for _, key in ipairs { "refuse_open", "refuse_start", "refuse_subscribe", "refuse_poll", "refuse_wait",
                       "refuse_target", "columns", "session", "cgroups" } do
    M[key] = nil
  end
  M.files, M.devices, M.kinds, M.ready = {}, {}, {}, {}
  M.now, M.signals, M.happenings, M.polls, M.catching = 0, 0, {}, {}, false
  package.loaded["traceleft.core"] = core
  return require(name)
end

--- The names of globals that loading a module has made, which should be none.
---@param name string
---@return string[]
function M.new_globals(name)
  local before, new = {}, {}
  for key in pairs(_G) do before[key] = true end
  M.load(name)
  for key in pairs(_G) do
    if not before[key] then new[#new + 1] = key end
  end
  return new
end

--- A file to write to: `text` is what was written, `refuse` { message, code } makes writing fail.
---@return table
function M.file()
  local file = { text = "" }
  function file:write(text)
    if self.refuse then return nil, table.unpack(self.refuse) end
    self.text = self.text .. text
    return self
  end
  function file:flush()
    if self.refuse then return nil, table.unpack(self.refuse) end
    return self
  end
  return file
end

--- What fn writes to stdout.
---@param fn function
---@return string
function M.stdout(fn)
  local real, file = io.stdout, M.file()
  io.stdout = file
  local ok, message = pcall(fn)
  io.stdout = real
  if not ok then error(message, 0) end
  return file.text
end

--- What fn writes to stderr.
---@param fn function
---@return string
function M.stderr(fn)
  local real, file = io.stderr, M.file()
  function file:write(...) self.text = self.text .. table.concat { ... } end
  io.stderr = file
  local ok, message = pcall(fn)
  io.stderr = real
  if not ok then error(message, 0) end
  return file.text
end

return M
