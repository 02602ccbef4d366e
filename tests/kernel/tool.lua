-- SPDX-License-Identifier: MIT
--- Cases whose script is a file of the project, run as people run it.

local expect = require "expect"
local json   = require "strict_json"

local M = {}

--- How many of what a tool must show the workload makes, unless it says otherwise.
M.N = 23

--- How many lines of the text have the pattern.
function M.lines_with(text, pattern)
  local n = 0
  for line in text:gmatch "[^\n]+" do
    if line:find(pattern) then n = n + 1 end
  end
  return n
end

function M.no_control(text)
  expect.ok(not text:find "[\0-\x08\x0b-\x1f\x7f]", "control characters in %s", expect.show(text))
end

-- Commands of the workload that say nothing.
local SILENT = {}
for name in ("births failures identities stats transfers says lives syncs mounts"):gmatch "%S+" do
  SILENT[name] = true
end

--- What the workload says must not get between the tool's lines: then a shell stands between, which makes calls too.
function M.case(name, spec)
  local run = spec.run
  if run then
    local silent = SILENT[run:match "^%S+"]
    spec.command = silent and "@workload@ " .. run or ("sh -c 'exec @workload@ %s >truth'"):format(run)
    spec.run = nil
  end
  spec.name, spec.no_script, spec.options = name, true, spec.options or "-f"
  spec.suffix = "@home@/" .. spec.file
  return spec
end

--- -h of a tool has all that it must.
function M.help(file)
  return M.case(file .. " -h", {
    file = file .. " -h", command = false, options = "",
    expect = function(result)
      for _, word in ipairs { "Usage: " .. file:match "(%l+)%.lua", "%?", "Examples:", "Overhead:" } do
        expect.ok(result.out:find(word), "help: expected %q in %s", word, result.out)
      end
    end })
end

--- The lines that have each pattern are so many, and there is no other one but the header: lines = { pattern = n }. The
--- workload must say nothing.
function M.rows(file, run, lines, name)
  return M.case(file .. ": " .. (name or "one line for each, no other"), {
    file = file, command = "@workload@ " .. run,
    expect = function(result)
      local sum = 0
      for pattern, n in pairs(lines) do
        expect.equal(M.lines_with(result.out, pattern), n, ("lines with %q in\n%s"):format(pattern, result.out))
        sum = sum + n
      end
      local _, all = result.out:gsub("\n", "")
      expect.equal(all - 1, sum, "lines in\n" .. result.out)
      M.no_control(result.out)
    end })
end

--- The objects of --json that fit are so many.
function M.objects(file, run, pick, n)
  return M.case(file .. " --json: one object for each", {
    file = file .. " --json", run = run,
    expect = function(result) expect.count(json.lines(result.out), pick, n or M.N) end })
end

return M
