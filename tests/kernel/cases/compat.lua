-- SPDX-License-Identifier: MIT
--- The 32-bit doors: calls by them are told as what they are, and never as the 64-bit calls of the same number.

local expect = require "expect"

local none = expect.none
local I386, X32 = 1, 2

-- fstat 5, lstat 6, close 3, writev 20: what the numbers mean at the other door.
local MISREAD = { "syscall.fstat", "syscall.lstat", "syscall.close", "syscall.writev" }

return {
  { name = "compat: int 0x80", run = "int80 1", events = { "syscall.other", table.unpack(MISREAD) },
    expect = function(result)
      if result.truth.none then return end
      for _, words in ipairs(result.truth.all.call) do
        local row = expect.one(result.rows, { event = "syscall.other", number = words[1], pid = result.truth.pid })
        expect.fields(row, { abi = I386, arg0 = 0xffffffff, arg1 = 22, arg2 = 33, arg3 = 44, arg4 = 55, arg5 = 66,
                             ret = words[2], unread = none })
      end
      for _, event in ipairs(MISREAD) do expect.count(result.rows, { event = event, pid = result.truth.pid }, 0) end
    end },
  { name = "compat: int 0x80 while nobody wants syscall.other", n = 100, run = "int80 @n@", events = MISREAD,
    expect = function(result)
      expect.equal(result.rows, {}, "rows")
    end },
  { name = "compat: x32", run = "x32", events = { "syscall.other", "syscall.getpid", "syscall.close" },
    needs = function() return require "harness".workload and true end,
    expect = function(result)
      if result.truth.none then return end
      for _, words in ipairs(result.truth.all.call) do
        expect.fields(expect.one(result.rows, { number = words[1] }),
                      { event = "syscall.other", abi = X32, ret = words[2], arg0 = 0xffffffff, arg5 = 66 })
      end
      expect.equal(#result.rows, #result.truth.all.call, "rows")
    end },
  { name = "compat: by which door, in words", run = "x32", no_script = true, options = "-t other -o @dir@/lines",
    expect = function(result)
      if result.truth.none then return end
      local text = require "harness".read(result.dir .. "/lines")
      expect.ok(text:find("number=39, abi=x32,", 1, true), "lines: %s", text)
    end },
}
