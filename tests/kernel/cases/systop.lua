-- SPDX-License-Identifier: MIT
--- systop in tables: what its views count of a workload is what that did; and what it says of wrong words.

local expect = require "expect"

local N = 23

-- The words of the one line that has this pattern.
local function words_of(result, pattern)
  local found = {}
  for line in result.out:gmatch "[^\n]+" do
    if line:find(pattern) then found[#found + 1] = line end
  end
  expect.equal(#found, 1, ("lines with %q in\n%s"):format(pattern, result.out))
  local words = {}
  for word in found[1]:gmatch "%S+" do words[#words + 1] = word end
  return words
end

-- A run of systop with the workload alone; its truth goes to a file. wanted: pattern of a line, and its words by place.
local function view(name, run, options, wanted)
  return {
    name = ("systop --view %s: counts what was done"):format(name), no_script = true, options = "-f",
    command = ("sh -c 'exec @workload@ %s >truth'"):format(run),
    suffix = ("@home@/scripts/systop.lua -b 99 -i 60 --view %s %s"):format(name, options),
    expect = function(result)
      for pattern, places in pairs(wanted) do
        local words = words_of(result, pattern)
        for place, value in pairs(places) do
          expect.equal(words[place], tostring(value), ("word %d of\n%s"):format(place, result.out))
        end
      end
    end,
  }
end

local WORKLOAD = '-w "comm == \'workload\'"'

local CASES = {
  view("error", ("open %d /no/such/file"):format(N), WORKLOAD, { ["^openat +ENOENT"] = { [3] = N } }),
  view("call", ("open %d /no/such/file"):format(N), WORKLOAD, { ["^openat "] = { [2] = N, [3] = N } }),
  view("call", ("zeros %d"):format(N), "-C workload --sort FAIL", { ["^read "] = { [2] = N, [3] = 0 } }),
  view("file", ("zeros %d"):format(N), WORKLOAD, { ["/dev/zero$"] = { [1] = N, [2] = N, [3] = "B", [4] = 0 } }),
  view("process", ("zeros %d"):format(N), "-w \"event == 'syscall.read' and comm == 'workload'\"",
       { ["^ *%d+ workload "] = { [2] = "workload", [3] = N, [4] = 0 } }),
  view("container", ("zeros %d"):format(N), "-w \"event == 'syscall.read' and comm == 'workload'\"",
       { [(" +%d +0 +%%S"):format(N)] = {} }),
  view("peer", ("storm %d 1"):format(N), "", { ["^127%.0%.0%.1 "] = { [2] = 4 * N, [3] = N, [4] = 0, [5] = N } }),
  view("port", ("storm %d 1"):format(N), "", { ["^in +127"] = { [5] = N }, ["^out +127"] = { [5] = N, [6] = 0 } }),
}

-- Wrong words: the status is 2, nothing is counted, and the message names the nearest.
for _, wrong in ipairs {
  { "--view fil", "no view 'fil' (did you mean 'file'?)" },
  { "--sort CALL", "no column 'CALL' (did you mean 'CALLS'?)" },
  { "-w 'rett < 0'", "no field 'rett'; did you mean 'ret'?" },
} do
  CASES[#CASES + 1] = {
    name = "systop " .. wrong[1] .. ": says what is wrong", no_script = true, command = false, options = "",
    suffix = "@home@/scripts/systop.lua -b 1 " .. wrong[1], status = 2, err = wrong[2]:gsub("%p", "%%%0"),
    expect = function(result) expect.equal(result.out, "", "stdout") end,
  }
end

CASES[#CASES + 1] = {
  name = "systop: no screen without a terminal", no_script = true, command = false, options = "", status = 3,
  suffix = "@home@/scripts/systop.lua", err = "stdin and stdout must be a terminal",
  expect = function(result) expect.equal(result.out, "", "stdout") end,
}

return CASES
