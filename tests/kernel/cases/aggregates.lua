-- SPDX-License-Identifier: MIT
--- Aggregates: what they count, held against what the workload did; while they are cleared, and when they are full.

local expect = require "expect"

-- Each case runs in both ways, with the same expressions: as text in the kernel, and as Lua functions over the event.
local WAYS = { "script", "kernel" }

local PRELUDE = [[
  local way = "%s"
  local function where(text)
    if way == "kernel" then return text end
    return load("local _ENV = ... return " .. text, "=where", "t")
  end
]]

local function case(way, spec)
  local own = {}
  for key, value in pairs(spec) do own[key] = value end
  own.name = ("aggregates in the %s: %s"):format(way, spec.name)
  own.script = PRELUDE:format(way) .. spec.script
  return own
end

-- Rows of the script: { name =, rows = snapshot }.
local function snapshot(result, name)
  return expect.one(result.rows, { name = name }).rows
end

local CASES = {
  { name = "every kind, of reads of one byte", n = 2000, run = "zeros @n@",
    script = [[
      local made, own = {}, { lhist = { low = 0, high = 10, step = 5 } }
      for _, kind in ipairs { "count", "sum", "avg", "min", "max", "hist", "lhist", "quantile", "top", "distinct" } do
        local opts = { "read", by = "comm", value = kind ~= "count" and "ret" or nil, where = where "count == 1" }
        for key, value in pairs(own[kind] or {}) do opts[key] = value end
        made[kind] = tl[kind](opts)
      end
      tl.run()
      for kind, a in pairs(made) do row { name = kind, rows = a:snapshot() } end]],
    expect = function(result)
      local n = result.n
      local values = {
        count = n, sum = n, min = 1, max = 1, top = n, distinct = 1,
        hist = { { low = 1, high = 2, count = n } }, lhist = { { low = 0, high = 5, count = n } },
        quantile = { count = n, p50 = 1, p90 = 1, p99 = 1, p999 = 1, max = 1 },
      }
      for kind, value in pairs(values) do
        expect.equal(snapshot(result, kind), { { key = { n = 1, "workload" }, count = n, value = value } }, kind)
      end
      local avg = snapshot(result, "avg")[1].value
      expect.equal({ avg.count, avg.sum, avg.avg }, { n, n, 1.0 }, "avg")
    end },
  { name = "keys of text, errors and numbers, and what is missing", n = 50, run = "open @n@ /no/such/file",
    script = [[
      local a = tl.count { "openat", by = { "pathname", "error", "dirfd" },
                           where = where "pathname == '/no/such/file'" }
      local b = tl.count { "process.exit", by = { "signal", "event", "status" }, where = where "status == 0" }
      tl.run()
      row { name = "all", rows = a:snapshot(), one = a:get("/no/such/file", "ENOENT", -100) }
      row { name = "exit", rows = b:snapshot() }]],
    expect = function(result)
      local row = expect.one(result.rows, { name = "all" })
      local key = { n = 3, "/no/such/file", "ENOENT", -100 }
      expect.equal(row.rows, { { key = key, count = result.n, value = result.n } }, "rows")
      expect.equal(row.one, result.n, "get")
      local exit = { n = 3, nil, "process.exit", 0 }
      expect.equal(snapshot(result, "exit"), { { key = exit, count = 1, value = 1 } }, "what is missing")
    end },
  { name = "durations", run = "naps 1 5 20 50",
    script = [[
      local naps = tl.quantile { "nanosleep", value = "duration", where = where "ret == 0" }
      local least = tl.min { "nanosleep", value = "duration", where = where "ret == 0" }
      local bars = tl.lhist { "nanosleep", value = "duration", low = 0, high = 10000000000, step = 1000000,
                              where = where "ret == 0" }
      tl.run()
      row { quantiles = naps:get(), least = least:get(), bars = bars:get() }]],
    expect = function(result)
      local row, naps = result.rows[1], result.truth.all.nap
      table.sort(naps, function(a, b) return a[2] < b[2] end) -- a short one may take longer than the next
      expect.equal(row.quantiles.count, 4, "count")
      expect.time(row.least, 1000000, naps[1][2], "least")
      expect.time(row.quantiles.p50, 4960000, math.ceil(naps[2][2] * 1.008), "p50")
      expect.time(row.quantiles.max, 49600000, math.ceil(naps[4][2] * 1.008), "max")
      local sum = 0
      for _, bar in ipairs(row.bars) do sum = sum + bar.count end
      expect.equal(sum, 4, "sum of the bars")
      expect.time(row.bars[1].high, 1000000, naps[1][2] + 1000000, "first bar")
    end },
  { name = "cleared again and again while four threads count", n = 20000, run = "flood @n@ 4", options = "--ring 64M",
    script = [[
      local a, sum = tl.count { "close", by = "tid", where = where "fd == -1" }, {}
      local function take()
        for _, r in ipairs(a:snapshot { clear = true }) do
          local tid = r.key[1]
          sum[tid] = (sum[tid] or 0) + r.value
        end
      end
      tl.every(0.005, take)
      tl.run()
      take()
      row { name = "sums", rows = sum, lost = a.lost, seen = a.seen, full = a.full }]],
    expect = function(result)
      local row = expect.one(result.rows, { name = "sums" })
      local threads, sum = 0, 0
      for _, n in pairs(row.rows) do threads, sum = threads + 1, sum + n end
      expect.equal({ row.lost, row.full }, { 0, 0 }, "lost and full")
      expect.equal(threads, 4, "threads")
      expect.equal({ sum, row.seen }, { result.truth.calls, result.truth.calls }, "sum and seen")
    end },
  { name = "a full map is counted", n = 500, run = "zeros @n@",
    script = [[
      local a = tl.count { "read", by = "time", where = where "count == 1", size = 10 }
      tl.run()
      local rows, sum = a:snapshot(), 0
      for _, r in ipairs(rows) do sum = sum + r.value end
      row { n = #rows, sum = sum, full = a.full, seen = a.seen }]],
    err = "full: %d+ events found no room for their key",
    expect = function(result)
      local row = result.rows[1]
      expect.ok(row.n >= 1 and row.n <= 10, "%d keys", row.n)
      expect.equal({ row.sum + row.full, row.seen }, { result.n, row.sum }, "counted or full")
    end },
  { name = "paused and stopped", n = 100, run = "zeros @n@",
    script = [[
      local yes, no = tl.count { "read", where = where "count == 1" }, tl.count { "read", where = where "count == 1" }
      no:pause()
      tl.run()
      yes:stop()
      row { yes:get(), no:get() }]],
    expect = function(result) expect.equal(result.rows[1], { result.n, 0 }, "counts") end },
  { name = "what the script does not print is printed at the end", n = 30, run = "open @n@ /no/such/file",
    script = [[
      tl.count { "openat", by = "error", where = where "pathname == '/no/such/file'", name = "failed" }
      tl.hist { "openat", value = "dirfd", where = where "pathname == '/no/such/file'", name = "dirs" }]],
    expect = function(result)
      local text = ("failed\nCOUNT ERROR\n%5d ENOENT\n\ndirs\n(…, 0) %8d |%s|\n")
        :format(result.n, result.n, ("@"):rep(52))
      expect.ok(result.out:find(text, 1, true), "printed: %s", result.out)
    end },
}

local all = {}
for _, way in ipairs(WAYS) do
  for _, spec in ipairs(CASES) do all[#all + 1] = case(way, spec) end
end
return all
