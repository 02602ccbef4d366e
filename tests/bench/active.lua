-- SPDX-License-Identifier: MIT
--- active where|again|path|count|hist|first: ns that a session which runs already takes to activate a
--- subscription, and to let go of it. Nothing of it was loaded before; with `again` its handler was.

local core = require "traceleft.core"
local tl = require "traceleft"

local function nothing()
end

local subscribe = {
  first = function() return tl.on("close", { args = { "fd" } }, nothing) end,
  where = function() return tl.on("close", { where = "fd % 100 == 7", args = { "fd" } }, nothing) end,
  path = function() return tl.on("openat", { where = "pathname == '/nowhere/7'", args = { "ret" } }, nothing) end,
  count = function() return tl.count { "syscall.*", by = "comm" } end,
  hist = function() return tl.hist { "syscall.*", value = "duration" } end,
}

subscribe.again = subscribe.where

local kind = assert(subscribe[arg[1]], "active: where, again, path, count, hist or first expected")
assert(tl.on(arg[1] == "again" and "close" or "read", { args = { "ret" }, pid = 1 }, nothing))
assert(tl.start())

local begin = core.clock()
local sub = assert(kind())
local active = core.clock()
sub:stop()
print(active - begin, core.clock() - active)
