-- SPDX-License-Identifier: MIT
--- The tools that ask about the network, signals and memory: each beside a workload that does what it must show, and
--- counts it.

local expect = require "expect"
local json   = require "strict_json"
local tools  = require "tool"

local N = tools.N
local STORM, KILLS = ("storm %d 1"):format(N), ("kills %d"):format(N)

local function file(words)
  return (words:gsub("^%l+", "scripts/%0.lua"))
end

-- The lines with each pattern are so many: a number, or a function of the result.
local function lines(words, run, patterns)
  return tools.case(file(words) .. ": one line for each", {
    file = file(words), run = run,
    expect = function(result)
      for pattern, n in pairs(patterns) do
        if type(n) == "function" then n = n(result) end
        expect.equal(tools.lines_with(result.out, pattern), n, ("lines with %q in\n%s"):format(pattern, result.out))
      end
      tools.no_control(result.out)
    end })
end

local function objects(words, run, check)
  return tools.case(file(words) .. " --json: counts exactly", {
    file = file(words) .. " --json", run = run,
    expect = function(result) check(json.lines(result.out), result.truth) end })
end

local function sum(list, field)
  local total = 0
  for _, object in ipairs(list) do total = total + object[field] end
  return total
end

local function retransmits(result) return result.truth.retransmits end

-- Before 6.11 the kernel does not say which socket a packet was for: then it is nobody's, and no target's.
local function told_drops(result)
  local release <close> = assert(io.open "/proc/sys/kernel/osrelease")
  local major, minor = release:read("a"):match "^(%d+)%.(%d+)"
  return major * 100 + minor >= 611 and retransmits(result) or 0
end

local NAMES = {}
for i = 1, N do NAMES[i] = ("name-%d.example"):format(i) end
local DNS = "dns 20053 " .. table.concat(NAMES, " ")

local function of_key(list, wanted)
  return expect.one(list, function(row)
    for name, value in pairs(wanted) do
      if row.key[name] ~= value then return false end
    end
    return true
  end, expect.show(wanted)).count
end

local list = {
  lines("tcpconnect", STORM, { [" workload .* established +%d"] = N }),
  lines("tcpconnect -x", "connect refused4", { [" workload .* refused "] = 1, [" established "] = 0 }),
  lines("tcpaccept", STORM, { [" workload .*127%.0%.0%.1:%d+ +127%.0%.0%.1:%d+ +%d+ +%d"] = N }),
  lines("tcplife", STORM, { [" workload .*127%.0%.0%.1:%d+ +127%.0%.0%.1:%d+ "] = 2 * N }),
  objects("tcplife", STORM, function(rows, truth)
    expect.equal(#rows, 2 * N, "objects")
    expect.equal(sum(rows, "sent"), truth.asked + truth.answered, "bytes sent")
    expect.equal(sum(rows, "received"), truth.asked + truth.answered, "bytes received")
  end),
  lines("tcpstates", STORM, { [" CLOSE +SYN_SENT "] = N, [" SYN_SENT +ESTABLISHED +%d"] = N, [" CLOSE +LISTEN "] = 1 }),
  lines("tcpstates -s LISTEN", STORM, { [" CLOSE +LISTEN "] = 1, [" ESTABLISHED "] = 0 }),
  objects("tcptop", "bytes 4", function(rows, truth)
    local client = truth.client
    local here, there = ("%s:%d"):format(client[2], client[3]), ("%s:%d"):format(client[4], client[5])
    expect.fields(expect.one(rows, { pid = truth.sender }), { sent = client[6], received = 0, ["local"] = here,
                                                              peer = there })
    expect.fields(expect.one(rows, { pid = client[1], ["local"] = there }), { sent = 0, received = client[6],
                                                                              peer = here })
  end),
  lines("tcpretrans", "lose 3", { [" workload .* ESTABLISHED +%l+$"] = retransmits }),
  lines("tcpconnlat", STORM, { [" workload .*127%.0%.0%.1:%d+ +127%.0%.0%.1:%d+ +%d"] = N }),
  lines("tcpconnlat -m 20s", STORM, { [" workload "] = 0 }),
  lines("tcpdrop", "lose 3", { [" PSH|ACK +ESTABLISHED +TCP +132 "] = told_drops }),
  lines("solisten", "listen", { [" workload +%d+%.%d+%.%d+%.%d+:%d+ +[56] "] = 2, [" workload .* 7 .* E%u+ *$"] = 1 }),
  lines("udpsnoop", "udp 4", { [" workload +send "] = 11, [" workload +receive "] = 11, [" 78 +3"] = 2 }),
  lines("udpsnoop -s", "udp 4", { [" workload +send "] = 11, [" receive "] = 0 }),
  lines("dnssnoop -P 20053", DNS, {
    [" workload +127%.0%.0%.1 +A +NOERROR +%d.* name%-%d+%.example$"] = (N + 1) // 2,
    [" workload +127%.0%.0%.1 +A +NXDOMAIN +%d.* name%-%d+%.example$"] = N // 2, [" none "] = 0 }),
  lines("sigsnoop", KILLS, { [" workload +SIGUSR1 .* queued$"] = 2 * N, [" workload +SIGUSR2 .* ignored$"] = N,
                             [" workload +SIGHUP .* pending$"] = N - 1, [" workload +SIGKILL .* queued$"] = 1 }),
  lines("sigsnoop -D -s SIGUSR1", KILLS, { [" workload +SIGUSR1 "] = 2 * N, ["SIGKILL"] = 0 }),
  lines("killsnoop", KILLS, { [" workload +tgkill +SIGUSR1 "] = N, [" workload +kill +SIG"] = 3 * N + 1 }),
  lines("killsnoop -s SIGKILL", KILLS, { [" workload +kill +SIGKILL "] = 1, ["SIGUSR"] = 0 }),
  objects("pagefaults", "faults 500", function(rows, truth)
    local function counted(pid, present)
      return of_key(rows, { pid = pid, comm = "workload", access = 1, present = present })
    end
    expect.ok(counted(truth.child, true) >= 500 and counted(truth.pid, false) >= 500, "faults")
  end),
  objects("pagefaults -a", "faults 500", function(rows, truth)
    local function inside(row) return row.address >= truth.from and row.address < truth.to end
    expect.count(rows, inside, 1000, "faults in the pages")
  end),
}

local NAMED = {}
for word in ("tcpconnect tcpaccept tcplife tcpstates tcptop tcpretrans tcpconnlat tcpdrop solisten udpsnoop dnssnoop "
             .. "sigsnoop killsnoop oomkill drsnoop pagefaults"):gmatch "%l+" do
  NAMED[#NAMED + 1] = tools.help(file(word))
end
return table.move(NAMED, 1, #NAMED, #list + 1, list)
