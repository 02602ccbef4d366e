-- SPDX-License-Identifier: MIT
--- What TraceLeft's talk showed: the keystrokes of one shell, and a script with a TCP server and client.

local expect  = require "expect"
local harness = require "harness"

-- Two shells read commands from fifos. The gate types into both and waits until both have ended.
local SHELLS = [[
  mkfifo in1 in2 end1 end2
  sh <in1 >end1 2>/dev/null & echo $! >pid1
  sh <in2 >end2 2>/dev/null & echo $! >pid2]]

local TYPE = [[
  @workload@ type in1 'echo typed in the first shell' &
  @workload@ type in2 'echo typed in the second shell' &
  cat end2 >out2 &
  cat end1 >out1
  wait]]

local KEYSTROKES = [[
  local typed, shown = {}, {}
  tl.on("syscall.read", { pid = %d }, function(e)
    if e.fd == 0 or e.fd == 10 then typed[#typed + 1] = e.buf end
    row { pid = e.pid }
  end)
  tl.on("syscall.write", { pid = %d }, function(e)
    if e.fd == 1 then shown[#shown + 1] = e.buf end
    row { pid = e.pid }
  end)
  tl.at_exit(function() row { typed = table.concat(typed), shown = table.concat(shown) } end)
  tl.run()]]

local function keystrokes(room)
  harness.sh(("cd %s && { %s; }"):format(room.dir, SHELLS))
  harness.write(room.dir .. "/type.sh", room:fill(TYPE))
  local pid = tonumber(harness.read(room.dir .. "/pid1"))
  local result = room:trace { script = KEYSTROKES:format(pid, pid), command = "sh type.sh" }
  harness.sh(("cd %s && kill -9 $(cat pid1 pid2) 2>/dev/null"):format(room.dir))
  expect.equal(result.status, 0, "exit status")
  local told = expect.one(result.rows, function(row) return row.typed end, "what was typed")
  expect.equal(told, { typed = "echo typed in the first shell\n", shown = "typed in the first shell\n" }, "first shell")
  expect.count(result.rows, function(row) return row.pid and row.pid ~= pid end, 0, "rows of other processes")
  expect.equal(harness.read(room.dir .. "/out2"), "typed in the second shell\n", "the second shell worked")
end

-- The shell becomes the client, so that its pid connects; the server is its child.
local DEMO = [[cat >demo.sh <<'END'
mkfifo port
@workload@ serve port &
read -r number <port
exec @workload@ call "$number"
END]]

local function demo(options, accepts)
  return { name = ("a shell script with a TCP server and client (%s)"):format(options == "" and "no -f" or options),
           events = { "tcp.connect", "tcp.close", "tcp.accept" }, options = options, before = DEMO,
           command = "sh demo.sh",
           expect = function(result)
             local client = result.truth.client
             local own = { sport = client[3], dport = client[5], pid = client[1] }
             for _, event in ipairs { "tcp.connect", "tcp.close" } do
               own.event = event
               expect.one(result.rows, own, event)
             end
             expect.count(result.rows, { event = "tcp.accept", sport = client[5], dport = client[3] }, accepts)
           end }
end

return {
  { name = "keystrokes of one shell and of no other process", custom = keystrokes },
  demo("", 0),
  demo("-f", 1),
}
