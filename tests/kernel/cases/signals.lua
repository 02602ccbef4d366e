-- SPDX-License-Identifier: MIT
--- Signals: made and delivered, each once, with what became of them.

local expect = require "expect"

local none = expect.none
local KILL, HUP, USR1, USR2, ALRM, CHLD = 9, 1, 10, 12, 14, 17
local USER, TKILL, TIMER = 0, -6, 0x80
local QUEUED, IGNORED, PENDING = 0, 1, 2

local function check_sent(result)
  local n, pid, child = result.n, result.truth.pid, result.truth.child
  local sent = expect.select(result.rows, { event = "signal.send", pid = pid })
  local function count(wanted, times) return expect.count(sent, wanted, times) end
  -- One of a kind is kept: while the first is pending the rest of those to the process itself would be too, but each
  -- is delivered before the call returns.
  count({ signal = USR1, target_pid = pid, target_tid = pid, code = TKILL, shared = false, result = QUEUED }, n)
  count({ signal = USR1, target_pid = pid, target_comm = "workload", code = USER, shared = true, result = QUEUED }, n)
  count({ signal = USR2, target_pid = child, code = USER, result = IGNORED }, n)
  count({ signal = HUP, target_pid = child, code = USER, result = QUEUED }, 1)
  count({ signal = HUP, target_pid = child, code = USER, result = PENDING }, n - 1)
  count({ signal = KILL, target_pid = child, target_comm = "workload", result = QUEUED }, 1)
  expect.one(result.rows, { event = "signal.send", signal = CHLD, pid = child, target_pid = pid })
  local delivered = expect.select(result.rows, { event = "signal.deliver" })
  local handled = expect.count(delivered, { signal = USR1, pid = pid }, 2 * n, "handled")
  for _, row in ipairs(handled) do expect.ok(row.handler > 1 and row.flags & 0x10000000 ~= 0, "handler") end
  expect.count(delivered, { signal = KILL, pid = child, handler = 0 }, 1)
  expect.count(delivered, function(row) return row.signal == HUP or row.signal == USR2 end, 0, "held, ignored")
end

return {
  { name = "signal: sent, ignored, held, delivered", n = 7, channels = { "ring", "perf" }, options = "-f",
    run = "kills @n@", events = { "signal.send", "signal.deliver" }, expect = check_sent },
  { name = "signal: of a timer", run = "alarm",
    script = [[
      tl.on({ "signal.send", "signal.deliver" }, { where = "signal == SIGALRM", self = true }, row)
      tl.run()]],
    expect = function(result)
      local pid = result.truth.pid
      expect.one(result.rows, { event = "signal.send", signal = ALRM, target_pid = pid, code = TIMER })
      expect.fields(expect.one(result.rows, { event = "signal.deliver", pid = pid }), { signal = ALRM, unread = none })
    end },
}
