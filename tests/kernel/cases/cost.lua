-- SPDX-License-Identifier: MIT
--- What the kernel side holds and does: no more than was asked for, and no more after many calls than after few.

local expect = require "expect"

-- Reports, from inside a run, what BPF objects the tracer holds.
local HELD = [[
  local me = io.open("/proc/self/stat"):read "n"
  local function look(name)
    local found = { name = name, programs = {}, entries = {} }
    local pipe = io.popen("@workload@ bpf-of " .. me)
    for line in pipe:lines() do
      local map, n = line:match "^entries (%S+) (%d+)$"
      local program = line:match "^program (%S+)$"
      if map then found.entries[map] = math.tointeger(n) end
      if program then found.programs[program] = true end
    end
    pipe:close()
    return found
  end
  local function held(name) row(look(name)) end
  -- While it is still traced: after a run nothing takes the dead out any more. An idle kernel lets go of them up to
  -- ten seconds late. The command makes a file when it has done all, and waits for us.
  local function held_at_last(name)
    local tries = 0
    tl.every(1, function()
      local done = io.open "@dir@/done"
      if not done then return end
      done:close()
      tries = tries + 1
      if look(name).entries.tl_targets > 1 and tries < 20 then return end
      held(name)
      tl.stop()
    end)
  end
]]

-- A program in the flavour that this kernel needs, and in no other. The kernel keeps 15 letters of a name.
local function is_loaded(programs, name)
  local classic = (name .. "_classic"):sub(1, 15)
  expect.ok(classic == name or not (programs[name] and programs[classic]), "%s: loaded in both flavours", name)
  return programs[name] or programs[classic]
end

-- The names of the programs that are loaded for a subscription.
local function programs_of(name, options, wanted, unwanted)
  return { name = "cost: programs for " .. name, command = false,
           script = HELD .. ([[
             tl.on("syscall.openat", %s, function() end)
             tl.after(0, function() held "now" tl.stop() end)
             tl.run()]]):format(options),
           expect = function(result)
             local programs = result.rows[1].programs
             for _, program in ipairs(wanted) do
               expect.ok(is_loaded(programs, program), "%s: not loaded, but %s", program, expect.show(programs))
             end
             for _, program in ipairs(unwanted) do
               expect.ok(not is_loaded(programs, program), "%s: loaded: %s", program, expect.show(programs))
             end
           end }
end

local EXIT, ENTER = "tl_sys_exit", "tl_sys_enter"
local BEGIN, END, HANDLER = "tl_prepare_ente", "tl_prepare_exit", "tl_syscall_open"

return {
  programs_of("a number that the registers have", '{ fields = { "ret" } }', { EXIT, HANDLER }, { ENTER, BEGIN, END }),
  programs_of("numbers and errors", '{ fields = { "flags", "mode", "error", "comm" } }', { EXIT, HANDLER },
              { ENTER, BEGIN, END }),
  programs_of("duration", '{ fields = { "duration" } }', { EXIT, ENTER, HANDLER }, { BEGIN, END }),
  programs_of("the file that was opened", '{ fields = { "file" } }', { EXIT, END, HANDLER }, { ENTER, BEGIN }),
  programs_of("the path", '{ fields = { "pathname" } }', { EXIT, ENTER, BEGIN, END, HANDLER }, {}),
  programs_of("all", "{}", { EXIT, ENTER, BEGIN, END, HANDLER }, {}),
  { name = "cost: no handler of another call is loaded, and none after stop", command = false,
    script = HELD .. [[
      local sub = tl.on({ "syscall.read", "syscall.close" }, { fields = { "ret" } }, function() end)
      tl.on("process.exit", function() end)
      tl.after(0, function() held "before" sub:stop() held "after" tl.stop() end)
      tl.run()]],
    expect = function(result)
      local before = expect.one(result.rows, { name = "before" }).programs
      expect.ok(before.tl_syscall_read and before.tl_syscall_clos, "handlers: %s", expect.show(before))
      expect.ok(not before.tl_syscall_open and not before.tl_syscall_writ, "handlers: %s", expect.show(before))
      -- what is attached no longer runs: that is what costs
      expect.one(result.rows, { name = "after" })
    end },
  { name = "cost: fields that nobody asked for are not in the record", n = 200, run = "open @n@ /no/such/cost",
    script = [[
      tl.on("syscall.openat", { fields = { "ret" } }, function(e) if e.ret == -2 then row(e) end end)
      tl.run()]],
    expect = function(result)
      expect.count(result.rows, { ret = -2 }, result.n)
      for _, found in ipairs(result.rows) do expect.equal(found, { ret = -2 }, "table") end
    end },
  { name = "cost: nothing is left in the maps after a million calls and many deaths", n = 1000000,
    options = "-f --ring 64M",
    command = "sh -c '@workload@ churn @n@; : >@dir@/done; exec sleep 40'",
    script = HELD .. [[
      local calls = 0
      tl.on({ "syscall.openat", "syscall.access", "syscall.newfstatat", "syscall.close", "syscall.read" },
            { args = { "ret" } }, function() calls = calls + 1 end)
      tl.on("syscall.access", { fields = { "pathname", "duration" } }, function() end)
      local began
      tl.every(0.05, function() if not began and calls > 0 then began = true held "begin" end end)
      held_at_last "end"
      tl.at_exit(function() row { name = "calls", n = calls } end)
      tl.run()]],
    expect = function(result)
      local last = expect.one(result.rows, { name = "end" }).entries
      expect.ok(last.tl_targets and last.tl_targets <= 1, "targets left: %s", expect.show(last))
      for map, n in pairs(last) do
        local most = map:find "^tl_inflight" and 32768 or map:find "^tl_kept" and 1024 or 8
        expect.ok(n <= most, "%s: %d entries", map, n)
      end
      expect.ok(expect.one(result.rows, { name = "calls" }).n >= result.n, "calls")
    end },
}
