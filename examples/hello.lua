-- SPDX-License-Identifier: MIT
-- Prints the files that programs fail to open, for ten seconds: traceleft-lua examples/hello.lua
local tl = require "traceleft"

local function show(e)
  if e.error then print(tl.clock(e.time), tl.text(e, "comm"), tl.text(e, "pathname"), e.error) end
end

assert(tl.on("syscall.open*", show))
assert(tl.run { duration = 10 })
