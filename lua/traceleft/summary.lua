-- SPDX-License-Identifier: MIT
--- summary: what TCP events come to: connections, failures, the peers seen most, bytes.

local core  = require "traceleft.core"
local json  = require "traceleft.json"
local net   = require "traceleft.net"
local out   = require "traceleft.out"
local tally = require "traceleft.tally"
local units = require "traceleft.units"

local M = {}

local PEERS = 5

---@class traceleft.summary
---@field counts traceleft.tally events by name
---@field failures traceleft.tally failed events by error
---@field peers traceleft.tally connections by peer; of those accepted without the port, which is a new one each time
local Summary = {}
Summary.__index = Summary

--- A summary of nothing yet.
---@return traceleft.summary
function M.new()
  return setmetatable({ counts = tally.new(), failures = tally.new(), peers = tally.new(), sent = 0, received = 0 },
                      Summary)
end

--- Why an event tells of a failure, nil if it does not. A connect that its program gave up has no error.
---@param event traceleft.event
---@return string?
function M.failure(event)
  if event.error then return event.error end
  local outcome = event.outcome and core.meaning("enum:connect_outcome", event.outcome)
  return outcome == "abandoned" and outcome or nil
end

--- Takes an event in.
---@param event traceleft.event
function Summary:add(event)
  self.counts:add(event.event)
  local failure = M.failure(event)
  if failure then self.failures:add(failure) end
  if event.event == "tcp.connect" then self.peers:add(net.endpoint(event.daddr, event.dport))
  elseif event.event == "tcp.accept" then self.peers:add(event.daddr or "?") end
  self.sent = self.sent + (event.sent or 0)
  self.received = self.received + (event.received or 0)
end

local function count(self, name)
  return self.counts.counts[name] or 0
end

local function text(self)
  local lines = {
    ("connects %d, accepts %d, closes %d, listens %d"):format(count(self, "tcp.connect"),
      count(self, "tcp.accept"), count(self, "tcp.close"), count(self, "tcp.listen")),
    ("failures %d%s"):format(self.failures.total,
                             self.failures.total > 0 and " (" .. self.failures:text() .. ")" or ""),
    ("%s sent, %s received"):format(units.bytes(self.sent), units.bytes(self.received)),
  }
  if self.peers.total > 0 then lines[#lines + 1] = "top peers: " .. self.peers:text(PEERS) end
  return "\n" .. table.concat(lines, "\n") .. "\n"
end

local function object(self)
  local peers = {}
  for i, row in ipairs(self.peers:top(PEERS)) do peers[i] = { peer = row.key, connections = row.count } end
  return { event = "netwatch.summary", connect = count(self, "tcp.connect"), accept = count(self, "tcp.accept"),
           close = count(self, "tcp.close"), listen = count(self, "tcp.listen"), failed = self.failures.total,
           failures = self.failures:top(), peers = peers, sent = self.sent, received = self.received }
end

--- Writes it, as lines for people or as one JSON object.
---@param file file*
---@param as_json? boolean
function Summary:write(file, as_json)
  out.write(file, as_json and json.encode(object(self)) .. "\n" or text(self))
end

return M
