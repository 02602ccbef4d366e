-- SPDX-License-Identifier: MIT
--- Who reads what the tracer writes into a pipe is not traced: it would be told of itself for ever.

local expect  = require "expect"
local harness = require "harness"

-- A program of one name everywhere; a busybox has no other cat.
local COPY = [[
  local file = assert(io.open("/proc/self/comm", "w"))
  file:write "tl-reader"
  file:close()
  for line in io.lines() do io.write(line, "\n") io.flush() end]]

local READER = "@tracer@ @dir@/copy.lua"

-- What the tracer writes goes through these commands, each of which copies line by line.
local function run(room, script, readers)
  local out = room.dir .. "/out"
  harness.write(room.dir .. "/script.lua", room:fill(script))
  harness.write(room.dir .. "/copy.lua", COPY)
  local line = ("timeout -s KILL @limit@ @tracer@ --ring 32M -f -c \"sh -c '@workload@ open @n@ /no/such/end; " ..
    "sleep 0.3'\" @dir@/script.lua 2>%s.err | %s >%s"):format(out, room:fill(readers), out)
  local status = harness.sh(room:fill(line))
  expect.equal({ status, harness.read(out .. ".err") }, { 0, "" }, "status and stderr")
  return harness.read(out)
end

-- All writes of this user's processes, and the opens of the command; at most so many, if it feeds itself.
local SCRIPT = [[
  local tl = require "traceleft"
  local n = 0
  tl.on({ "write", "openat" }, { uid = 0, %s fields = { "comm", "pathname" } }, function(e)
    if e.comm == "tl-reader" or e.pathname == "/no/such/end" then
      n = n + 1
      io.write(e.comm == "tl-reader" and "reader" or "open", "\n")
      io.flush()
      if n > 3 * @n@ then tl.stop() end
    end
  end)
  tl.run()]]

local function case(name, own, readers, fed)
  return { name = "readers: " .. name, n = 50, custom = function(room)
    local text = run(room, SCRIPT:format(own), readers)
    local opens, writes = select(2, text:gsub("open\n", "")), select(2, text:gsub("reader\n", ""))
    expect.equal({ opens >= (fed and 1 or room.n), writes > 0 }, { true, fed }, "opens, writes of readers")
  end }
end

return {
  case("none of them", "", READER, false),
  case("one after the other, and in a shell of its own", "", ("%s | %s | (%s)"):format(READER, READER, READER), false),
  case("with self they are", "self = true,", READER, true),
}
