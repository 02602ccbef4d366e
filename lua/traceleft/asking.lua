-- SPDX-License-Identifier: MIT
--- asking: questions to name servers and their answers, found together again from datagrams of one process.
--
--   local questions = asking.new(show)
--   tl.on({ "udp.send", "udp.receive" }, { where = "dport == 53", payload = 512 }, function(e) questions:take(e) end)
--
-- show gets the event of the answer, with `name`, `asked` (the type), `code` and `latency` (ns) added to it; or that of
-- the question when none comes, with the code "none".

local core = require "traceleft.core"
local dns  = require "traceleft.dns"

local M = {}

local PATIENCE <const> = 5000000000     -- ns
local MOST <const> = 4096               -- questions that wait; a flood of them must not take all memory

---@class traceleft.asking
local Asking = {}
Asking.__index = Asking

---@param show fun(event: traceleft.event)
---@param now? fun(): integer ns since boot, for tests
---@return traceleft.asking
function M.new(show, now)
  return setmetatable({ show = show, now = now or core.clock, waiting = {}, count = 0 }, Asking)
end

local function key_of(event, id)
  return ("%d %s %s %d"):format(event.pid, event.sport, event.daddr, id)
end

local function tell(self, event, message, code, latency)
  local question = message.questions[1] or {}
  event.name, event.asked, event.code, event.latency = question.name, question.type, code, latency
  self.show(event)
end

local function forget(self, key)
  self.waiting[key] = nil
  self.count = self.count - 1
end

local function unanswered(self, key)
  local one = self.waiting[key]
  forget(self, key)
  tell(self, one.event, one.message, "none")
end

local function ask(self, key, event, message)
  if self.waiting[key] then unanswered(self, key) end
  if self.count >= MOST then self:expire(0) end
  self.waiting[key] = { event = event, message = message }
  self.count = self.count + 1
end

local function answer(self, key, event, message)
  local one = self.waiting[key]
  if one then forget(self, key) end
  if not message.questions[1] and one then message.questions = one.message.questions end
  tell(self, event, message, message.code, one and event.time - one.event.time)
end

--- Takes a datagram; what is no message of the domain name system is passed over.
---@param event traceleft.event
function Asking:take(event)
  local message = event.payload and dns.parse(event.payload)
  if not message or not event.pid then return end
  local sent = event.event == "udp.send"
  if sent == message.response then return end
  return (sent and ask or answer)(self, key_of(event, message.id), event, message)
end

--- Tells of the questions that have waited long enough: five seconds, or `patience` ns.
---@param patience? integer
function Asking:expire(patience)
  local before, late = self.now() - (patience or PATIENCE), {}
  for key, one in pairs(self.waiting) do
    if one.event.time <= before then late[#late + 1] = key end
  end
  table.sort(late, function(a, b) return self.waiting[a].event.time < self.waiting[b].event.time end)
  for _, key in ipairs(late) do unanswered(self, key) end
end

--- Tells of all that still wait.
function Asking:finish()
  self:expire(0)
end

return M
