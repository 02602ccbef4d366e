-- SPDX-License-Identifier: MIT
--- bench: figures of the tracer beside those of its peers. See README.md. Judges nothing: its status is 0 unless a
--- measurement could not be made.

local here  = arg[0]:match("^(.*)/[^/]*$") or "."
local tracer = os.getenv "TRACELEFT" or here .. "/../../build/traceleft-lua"
local meter  = os.getenv "METER" or here .. "/../../build/tests/meter"
local ROUNDS = tonumber(os.getenv "BENCH_ROUNDS") or 7

local notes, log = os.tmpname(), os.tmpname()
local failed, said = 0, {}

-- ---- commands ------------------------------------------------------------------------------------------------------

local function quote(word)
  return "'" .. tostring(word):gsub("'", "'\\''") .. "'"
end

local function read(path)
  local file = io.open(path)
  if not file then return "" end
  local text = file:read "a"
  file:close()
  return text
end

-- Runs words and returns all numbers that they print; nil if they fail, which is said.
local function run(...)
  local words = {}
  for _, list in ipairs { ... } do
    for _, word in ipairs(type(list) == "table" and list or { list }) do words[#words + 1] = quote(word) end
  end
  local pipe = assert(io.popen(table.concat(words, " ") .. " 2>" .. quote(log)))
  local text = pipe:read "a"
  local numbers = {}
  for number in text:gmatch "%S+" do numbers[#numbers + 1] = tonumber(number) end
  if pipe:close() and #numbers > 0 then return numbers end
  failed = failed + 1
  local why = read(log)
  if not said[why] then io.stderr:write("bench: failed: ", table.concat(words, " "), "\n", why) end
  said[why] = true
end

local function have(program)
  return (os.execute("command -v " .. program .. " >/dev/null 2>&1"))
end

-- ---- numbers -------------------------------------------------------------------------------------------------------

local function median(list)
  if #list == 0 then return end
  table.sort(list)
  local middle = #list // 2
  return #list % 2 == 1 and list[middle + 1] or (list[middle] + list[middle + 1]) / 2
end

local function show(value, digits)
  return value and ("%." .. (digits or 0) .. "f"):format(value) or "-"
end

local function row(what, ours, peer, ratio, aim, note)
  print(("%-58s %10s %10s %7s  %-16s %s"):format(what, ours, peer or "-", ratio or "-", aim or "", note or ""))
  io.stdout:flush()
end

-- ---- tracers -------------------------------------------------------------------------------------------------------

local CLOSE = [[on("syscall.close", { %s }, function(%s) %s end)
  at_exit(function() local f = io.open(%q, "w") f:write(stats().lost, " ", stats().delivered) f:close() end)]]
local ARGS = 'args = { "comm", "fd", "ret" }'
local WRITE = 'io.write(comm, " ", fd, " ", ret, "\\n")'

local function chunk(options, parameters, body)
  return CLOSE:format(options, parameters, body, notes)
end

local function ours(code, ...)
  return { tracer, "-e", code, table.unpack { ... } }
end

local BT_CLOSE = 'tracepoint:syscalls:sys_exit_close %s { printf("%%s %%d %%d\\n", comm, pid, args->ret); }'
local BT_TCP = [[tracepoint:sock:inet_sock_set_state {
  printf("%s %d %d %d %d\n", comm, args->oldstate, args->newstate, args->sport, args->dport); }]]

local function bpftrace(code)
  return have "bpftrace" and { "bpftrace", "-q", "-e", code } or nil
end

local strace = have "strace" and { "strace", "-f", "-qq", "-e", "trace=close", "-p", "@PID@", "-o", "/dev/stdout" }
  or nil

-- ---- measurements --------------------------------------------------------------------------------------------------

-- Medians of the columns that `meter first` prints.
local function first_columns(words)
  local columns = { {}, {}, {}, {} }
  for _ = 1, words and ROUNDS or 0 do
    for i, value in ipairs(run(meter, "first", words) or {}) do table.insert(columns[i], value) end
  end
  for i = 1, 4 do columns[i] = median(columns[i]) end
  return columns
end

local function start()
  local mine = first_columns(ours('io.stdout:setvbuf "line" ' .. chunk(ARGS, "comm, fd, ret", WRITE)))
  local peer = first_columns(bpftrace(BT_CLOSE:format ""))
  local rows = {
    { "exec to first event, ms", 1, 1e6, "<= 25" }, { "resident then, MB", 2, 1024, "<= 16" },
    { "resident at most, MB", 3, 1024, "<= 16" }, { "SIGINT to exit, ms", 4, 1e6, "<= 50" } }
  for _, r in ipairs(rows) do
    local a, b = mine[r[2]], peer[r[2]]
    row(r[1], show(a and a / r[3], 1), show(b and b / r[3], 1), show(a and b and a / b, 3), r[4])
  end
  if strace then row("  the same: strace, to first event, ms", "", show(first_columns(strace)[1] / 1e6, 1)) end
end

local function size()
  local file = assert(io.open(tracer, "rb"))
  row("size of the program, MB", show(file:seek "end" / 1e6, 2), nil, nil, "<= 6")
  file:close()
end

-- Added ns per call of one pair of runs.
local function added(load, n, target, words)
  local numbers = run(meter, "pair", load, n, target, words)
  return numbers and numbers[2] - (numbers[1] + numbers[3]) / 2
end

-- Alternates between the two, so that a drift of the machine meets both. `lost`: our losses over all rounds.
local function against(load, n, target, mine, peer)
  local a, b, ratios, lost = {}, {}, {}, 0
  for _ = 1, ROUNDS do
    local x, y = added(load, n, target, mine), peer and added(load, n, target, peer)
    lost = lost + (tonumber(read(notes):match "^%d+") or 0)
    if x then a[#a + 1] = x end
    if y then b[#b + 1] = y end
    if x and y and y > 0 then ratios[#ratios + 1] = x / y end
  end
  return median(a), median(b), median(ratios), lost
end

local function pair_row(what, aim, unit, load, n, target, mine, peer)
  local a, b, ratio, lost = against(load, n, target, mine, peer)
  row(what, show(a and a / unit, 1), show(b and b / unit, 1), show(ratio, 3), aim, lost > 0 and lost .. " lost" or "")
end

local function stream()
  local n, peer = 100000, bpftrace(BT_CLOSE:format "/pid == @PID@/")
  local write = ours(chunk(ARGS, "comm, fd, ret", WRITE), "-p", "@PID@")
  pair_row("stream close, args, printed; ns per call", "ratio <= 1.0", 1, "close", n, "self", write, peer)
  pair_row("stream close, args, counted; ns per call", "ratio <= 1.0", 1, "close", n, "self",
    ours("n = 0 " .. chunk(ARGS, "", "n = n + 1"), "-p", "@PID@"), peer)
  pair_row("stream close, full table; ns per call", "ratio <= 1.0", 1, "close", n, "self",
    ours("n = 0 " .. chunk("", "e", "n = n + e.pid"), "-p", "@PID@"), peer)
  if strace then
    row("  the same: strace; ns per call", "", show(added("close", 2000, "self", strace)))
  end
  pair_row("no target, same call; ns per call", "ratio <= 0.7", 1, "close", n, "other", write, peer)
  pair_row("no target, other call; ns per call", "", 1, "zero", n, "other", write, peer)
end

-- What -t prints of a call: when, who, arguments, result, how long. The files of its descriptors bpftrace cannot tell.
local BT_SAME = [[tracepoint:syscalls:sys_enter_%s /pid == @PID@/ { @time[tid] = nsecs; @arg[tid] = args->%s; }
  tracepoint:syscalls:sys_exit_%s /@time[tid]/ {
    printf("%%llu %%s[%%d] %s(%s) = %%d %%llu\n", nsecs, comm, pid, %s, args->ret, nsecs - @time[tid]);
    delete(@time[tid]); delete(@arg[tid]); }]]

local SAME = {
  close = BT_SAME:format("close", "fd", "close", "close", "%d", "@arg[tid]"),
  openat = BT_SAME:format("openat", "filename", "openat", "openat", "%s", "str(@arg[tid])"),
}

local function by_strace(call)
  return strace and { "strace", "-f", "-qq", "-y", "-T", "-ttt", "-e", "trace=" .. call, "-p", "@PID@", "-o",
                      "/dev/null" }
end

-- How many times as long a loop takes with a tracer, and the ns per turn that are added: of CPU, or on the clock.
local function slowdown(load, n, target, words, clock)
  local numbers = words and run(meter, "pair", load, n, target, words)
  if not numbers then return end
  local at = clock and 3 or 0
  local alone = (numbers[at + 1] + numbers[at + 3]) / 2
  return numbers[at + 2] / alone, numbers[at + 2] - alone
end

-- Ours and the peer's in turn. `compare` makes one number of what both add.
local function slowdown_row(what, aim, digits, loop, mine, peer, compare)
  local a, b, ratios, added_ns = {}, {}, {}, {}
  for _ = 1, ROUNDS do
    local x, own = slowdown(loop.load, loop.n, loop.target, mine, loop.clock)
    local y, other = slowdown(loop.load, loop.n, loop.target, peer, loop.clock)
    a[#a + 1], b[#b + 1], added_ns[#added_ns + 1] = x, y, own
    if own and other and own > 0 and other > 0 then ratios[#ratios + 1] = compare(own, other) end
  end
  local ns = median(added_ns)
  row(what, show(median(a), 2), show(median(b), 2), show(median(ratios), digits), aim,
      ns and ("ours adds %.0f ns"):format(ns) or "")
end

local function share(own, other) return own / other end
local function times_less(own, other) return other / own end

local function slowdown_rows(call, load, n)
  local mine, peer = { tracer, "-t", call, "-p", "@PID@", "-o", "/dev/null" }, bpftrace(SAME[call])
  local function loop(target, turns, clock) return { load = load, n = turns, target = target, clock = clock } end
  slowdown_row("slowdown, -t " .. call .. ", and bpftrace's", "ratio <= 0.8", 3, loop("self", n), mine, peer, share)
  slowdown_row("  of another process", "ratio <= 0.8", 3, loop("other", n), mine, peer, share)
  slowdown_row("  on the clock, and strace's", "ratio >= 50", 0, loop("self", 5000, true), mine, by_strace(call),
               times_less)
end

local function calls()
  slowdown_rows("close", "close", 100000)
  slowdown_rows("openat", "open", 50000)
end

-- What a call costs a process that is no target, while others are; `n` of them beside the one that is there.
local function targets()
  local CALLS <const> = 1000000 -- what is added is a tenth of a call: fewer would drown in the machine's noise
  local peer = bpftrace(BT_CLOSE:format "/pid == @PID@/")
  for _, n in ipairs { 1, 1000, 100000 } do
    local fill = n > 1 and (" after(0, function() os.execute(%q) end)"):format(meter .. " fill " .. n - 1) or ""
    pair_row(("no target, same call, %d targets; ns per call"):format(n), "ratio <= 0.65", 1, "close", CALLS, "other",
      ours(chunk(ARGS, "comm, fd, ret", WRITE) .. fill, "-p", "@PID@"), peer)
  end
  pair_row("no target by name, same call; ns per call", "ratio <= 0.65", 1, "close", CALLS, "other",
    ours(chunk(ARGS .. ', comm = "no-such-*"', "comm, fd, ret", WRITE) ..
         ' on("syscall.close", { pid = @PID@, args = { "fd" } }, print)'), peer)
end

local function burst()
  local rates, lost, delivered, n = {}, 0, 0, 500000
  for _ = 1, 3 do
    local numbers = run(meter, "burst", n, 1000000, ours("n = 0 " .. chunk(ARGS, "", "n = n + 1"), "-p", "@PID@",
      "--ring", "64M"))
    local l, d = read(notes):match "^(%d+) (%d+)"
    if numbers then rates[#rates + 1] = numbers[1] end
    lost, delivered = lost + (tonumber(l) or 0), delivered + (tonumber(d) or 0)
  end
  local rate = median(rates)
  row("burst of 1 M/s for 0.5 s, 64 MB: M/s reached", show(rate and rate / 1e6, 2), nil, nil, "1")
  row("  lost of " .. 3 * n, tostring(lost), nil, nil, "0", delivered < 3 * n and "only " .. delivered .. " came" or "")
end

local function feed()
  for _, r in ipairs { { "table", "fresh tables of 8", ">= 1.8" }, { "args", "calls with 3 args", ">= 12" } } do
    local rate = median(run(tracer, here .. "/feed.lua", r[1]) or {})
    row("from a buffer: " .. r[2] .. "; M/s", show(rate and rate / 1e6, 2), nil, nil, r[3])
  end
end

-- ---- asked in the kernel -------------------------------------------------------------------------------------------

local NOTE = [[ at_exit(function() local f = io.open(%q, "w") f:write(stats().lost, " ", %s) f:close() end)]]

-- One of a hundred: what the script gets when the kernel decides, and when the script does.
local function selected(event, field, test, where)
  local options = ('args = { %q }%s'):format(field, where and (", where = %q"):format(where) or "")
  local body = where and "n = n + 1" or ("if %s then n = n + 1 end"):format(test)
  return ours(("n = 0 on(%q, { %s }, function(%s) %s end)"):format(event, options, field, body)
    .. NOTE:format(notes, "n"), "-p", "@PID@")
end

local function select_rows(what, load, n, aim, ...)
  local event, field, test, where = ...
  pair_row(what .. ", where; peer: all to Lua; ns per call", aim, 1, load, n, "self",
    selected(event, field, test, where), selected(event, field, test))
  local hits = tonumber(read(notes):match "%d+$") or 0
  if hits < n // 100 then row("  only " .. hits .. " of " .. n // 100 .. " came", "") end
end

local function where()
  select_rows("1 % of close, early", "close", 100000, "<= 150 (240)", "close", "fd", "fd % 100 == 7", "fd % 100 == 7")
  select_rows("1 % of openat, late", "paths", 20000, "", "openat", "pathname", "pathname == '/nowhere/7'",
    "pathname == '/nowhere/7'")
end

local BT_COUNT = "tracepoint:raw_syscalls:sys_enter %s { @[comm] = count(); }"
local BT_HIST = [[tracepoint:raw_syscalls:sys_enter %s { @begin[tid] = nsecs; }
  tracepoint:raw_syscalls:sys_exit /@begin[tid]/ { @h = hist(nsecs - @begin[tid]); delete(@begin[tid]); }]]
local HIST = 'a = hist { "syscall.*", value = "duration" }' .. NOTE:format(notes, "0")

local function aggregates()
  local n, of_target = 100000, "/pid == @PID@/"
  local mine = ours('a = count { "syscall.*", by = "comm" }' .. NOTE:format(notes, "a:get(\"meter\") or 0"))
  pair_row("count of syscall.* by comm; ns per call", "ratio <= 0.65", 1, "close", n, "self", mine,
    bpftrace(BT_COUNT:format ""))
  local counted = tonumber(read(notes):match "%d+$") or 0
  if counted < n then row("  only " .. counted .. " of " .. n .. " counted", "") end
  if have "syscount" then
    pair_row("  the same; peer: syscount -P", "", 1, "close", n, "self", mine, { "syscount", "-P" })
  end
  pair_row("histogram of durations, all; ns per call", "ratio <= 0.6", 1, "close", n, "self", ours(HIST),
    bpftrace(BT_HIST:format ""))
  pair_row("histogram of durations, one; ns per call", "ratio <= 0.6", 1, "close", n, "self",
    ours(HIST, "-p", "@PID@"), bpftrace(BT_HIST:format(of_target)))
  if have "syscount" then
    pair_row("  the same; peer: syscount -L -p", "", 1, "close", n, "self", ours(HIST, "-p", "@PID@"),
      { "syscount", "-L", "-p", "@PID@" })
  end
end

-- Medians of two columns, in ms.
local function active_ms(kind)
  local on, stop = {}, {}
  for _ = 1, ROUNDS do
    local numbers = run(tracer, here .. "/active.lua", kind)
    if numbers then on[#on + 1], stop[#stop + 1] = numbers[1] / 1e6, numbers[2] / 1e6 end
  end
  return median(on), median(stop)
end

local function active()
  local peer = first_columns(bpftrace(BT_CLOSE:format "/args->ret < 0/"))[1]
  local what = { first = "its handler not loaded",
    where = "where on an argument", again = "the same, its handler loaded",
    path = "where on a path", count = "count of syscall.*", hist = "histogram of syscall.*" }
  for _, kind in ipairs { "first", "where", "again", "path", "count", "hist" } do
    local on, stop = active_ms(kind)
    row("on() to active: " .. what[kind] .. "; ms", show(on, 1), show(peer and peer / 1e6, 1),
      show(on and peer and on / (peer / 1e6), 3), "<= 5", ("stop %s"):format(show(stop, 1)))
  end
end

local function tcp()
  pair_row("TCP connect, accept, 2 closes; us per connection", "", 1000, "connect", 500, "other",
    ours [[n = 0 on({ "tcp.connect", "tcp.accept", "tcp.close" }, function(e) n = n + e.pid end)]], bpftrace(BT_TCP))
end

local ALL = { start = start, size = size, stream = stream, calls = calls, targets = targets, burst = burst, feed = feed,
              tcp = tcp, where = where, aggregates = aggregates, active = active }
local ORDER = { "start", "size", "stream", "calls", "targets", "burst", "feed", "tcp", "where", "aggregates", "active" }

local function main()
  row("what", "ours", "peer", "ratio", "aim")
  for _, name in ipairs(#arg > 0 and arg or ORDER) do
    assert(ALL[name], "bench: no such measurement: " .. name)()
  end
  os.remove(notes)
  os.remove(log)
  if failed > 0 then os.exit(1) end
end

main()
