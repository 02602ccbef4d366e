-- SPDX-License-Identifier: MIT
--- Spans: that each has the begin and the length which the workload gave it, whoever begins and ends it.

local expect = require "expect"

-- lseek(-1, KEY) begins and ftruncate(-1, KEY) ends it.
local PRELUDE = [[
  local function span(more)
    local opts = { start = "lseek", stop = "ftruncate", start_key = "offset", stop_key = "length",
                   start_where = "fd == -1", where = "fd == -1" }
    for name, value in pairs(more or {}) do opts[name] = value end
    return assert(tl.span(opts))
  end
]]

-- What the workload knows of its spans: key → { least, most, pid }.
local function truth_of(result)
  local spans = {}
  for _, words in ipairs(result.truth.all.span) do
    spans[words[1]] = { least = words[2], most = words[3], pid = words[4] }
  end
  return spans
end

-- Holds rows { key, duration, pid } against them: each once, and all that `wanted` says of.
local function check(rows, spans, wanted)
  local n, seen = 0, {}
  for key, span in pairs(spans) do
    if wanted(key, span) then n = n + 1 end
  end
  expect.equal(#rows, n, "spans")
  for _, row in ipairs(rows) do
    local span = expect.ok(spans[row.key], "key %s", row.key) or spans[row.key]
    expect.ok(not seen[row.key] and wanted(row.key, span), "key %s is not one of them, or there twice", row.key)
    seen[row.key] = true
    expect.time(row.duration, span.least, span.most, "span " .. row.key)
    expect.equal(row.pid, span.pid, "pid of " .. row.key)
  end
end

local function every() return true end

local function case(spec)
  spec.name = "spans: " .. spec.name
  spec.script = PRELUDE .. spec.script
  return spec
end

local ROW = "row { key = e.length, duration = e.duration, pid = e.pid, event = e.event, text = tl.text(e, 'duration') }"

return {
  case { name = "each with its own begin, across processes", n = 200, options = "-f", run = "spans @n@ 2",
    channels = { "ring", "perf" },
    script = [[
      local s = span { name = "held" }
      tl.on(s, function(e) ]] .. ROW .. [[ end)
      tl.run()
      row { unbegun = s.unbegun, errors = s.errors, full = s.full }]],
    expect = function(result)
      local last = table.remove(result.rows)
      expect.equal(last, { unbegun = result.truth.unbegun, errors = 0, full = 0 }, "counts")
      check(result.rows, truth_of(result), every)
      for _, row in ipairs(result.rows) do
        expect.equal(row.event, "held", "event")
        expect.ok(row.text:find "^%d[%d.]* ?[mµn]?s$", "text %s", row.text)
      end
    end },
  case { name = "aggregates and callbacks on one, and on two of the same events", n = 200, options = "-f",
    run = "spans @n@ 2",
    script = [[
      local s, t = span(), span { start_where = "fd == -1 and offset % 4 == 0" }
      local count, sum = tl.count { s, by = "pid" }, tl.sum { s, value = "duration" }
      local least, most = tl.min { s, value = "duration" }, tl.max { s, value = "duration" }
      local long = tl.count { s, where = "duration > 60m" }
      local quarter = tl.sum { t, value = "duration" }
      local script = tl.count { s, by = function(e) return e.pid end }
      tl.on(s, { where = "length % 10 == 3", args = { "duration", "length", "pid" } }, function(duration, length, pid)
        row { key = length, duration = duration, pid = pid }
      end)
      tl.on(s, { where = "length % 10 == 4 and duration > 1us", fields = { "duration", "length", "pid" } },
            function(e) row { key = e.length, duration = e.duration, pid = e.pid } end)
      tl.run()
      row { sum = sum:get(), least = least:get(), most = most:get(), long = long:get(), quarter = quarter:get(),
            count = count:snapshot { sort = "key" }, script = script:snapshot { sort = "key" } }]],
    expect = function(result)
      local last, spans = table.remove(result.rows), truth_of(result)
      check(result.rows, spans, function(key) return key % 10 == 3 or key % 10 == 4 end)
      local sum, quarter, most = { 0, 0 }, { 0, 0 }, 0
      local least = math.maxinteger
      for key, span in pairs(spans) do
        sum[1], sum[2] = sum[1] + span.least, sum[2] + span.most
        if key % 4 == 0 then quarter[1], quarter[2] = quarter[1] + span.least, quarter[2] + span.most end
        least, most = math.min(least, span.most), math.max(most, span.least)
      end
      expect.time(last.sum, sum[1], sum[2], "sum")
      expect.time(last.quarter, quarter[1], quarter[2], "sum of every fourth")
      expect.time(last.least, 0, least, "least")
      expect.ok(last.most >= most, "most %d, %d are in it", last.most, most)
      expect.equal(last.long, 0, "long")
      for _, rows in ipairs { last.count, last.script } do
        local by = {}
        for _, r in ipairs(rows) do by[r.key[1]] = r.value end
        expect.equal(by, { [result.truth.pid] = result.n // 2, [result.truth.child] = result.n // 2 }, "by pid")
      end
    end },
  case { name = "of a process, and ends of its child", n = 100, run = "spans @n@ 1",
    script = [[
      local s = span()      -- without -f: begins and ends of the command alone
      tl.on(s, function(e) ]] .. ROW .. [[ end)
      tl.run()
      row { unbegun = s.unbegun }]],
    expect = function(result)
      expect.equal(table.remove(result.rows), { unbegun = result.truth.unbegun }, "counts")
      check(result.rows, truth_of(result), function(_, span) return span.pid == result.truth.pid end)
    end },
  case { name = "one event both ends and begins", n = 100, run = "zeros @n@",
    script = [[
      local early = tl.span { start = "read", stop = "read", key = "tid", start_where = "count == 1",
                              where = "count == 1" }
      local late = tl.span { start = "read", stop = "read", key = "tid", start_where = "count == 1",
                             where = "count == 1 and ends(file, '/zero')" }
      local first, last
      local function sum(of) return tl.sum { of, value = "duration" } end
      local a, b, n = sum(early), sum(late), tl.count { early }
      tl.on("read", { where = "count == 1" }, function(e) first, last = first or e.time, e.time end)
      tl.run()
      row { early = a:get(), late = b:get(), n = n:get(), time = last - first,
            unbegun = { early.unbegun, late.unbegun } }]],
    expect = function(result)
      local row = result.rows[1]
      expect.equal({ row.early, row.late, row.n }, { row.time, row.time, result.n - 1 }, "sums")
      expect.equal(row.unbegun, { 1, 1 }, "ends without a begin")
    end },
  case { name = "from the fork of a process to its exec", n = 50, options = "-f", run = "exec @n@",
    script = [[
      local s = tl.span { start = "process.fork", stop = "process.exec", start_key = "child", stop_key = "pid" }
      local life = tl.span { start = "process.exec", stop = "exit_group", key = "pid" }
      local forked, lives = {}, tl.count { life }
      tl.on("process.fork", function(e) forked[e.child] = e.time end)
      tl.on(s, { where = "ends(path, '/workload')" }, function(e)
        row { pid = e.pid, exact = e.duration == e.time - forked[e.pid] }
      end)
      tl.run()
      row { lives = lives:get(), unbegun = s.unbegun }]],
    expect = function(result)
      local last = table.remove(result.rows)
      expect.count(result.rows, { exact = true }, result.n)
      expect.equal(#result.rows, result.n, "execs")
      expect.equal(last, { lives = result.n + 1, unbegun = 1 }, "to the exit; the first fork was before")
    end },
  case { name = "paused, stopped, and made again while it runs", n = 40, options = "-f", run = "spans @n@ 700",
    script = [[
      local s, n = span(), 0
      local a, b, alone = tl.count { s }, tl.count { s }, tl.count { span() }
      local made
      tl.on("clock_nanosleep", function()
        if made then return end             -- the first nap is over: until the second is all have begun
        b:pause()
        b:resume()
        alone:pause()                       -- nobody takes out what began before
        alone:resume()
        made = tl.count { span() }
      end)
      tl.run()
      row { a = a:get(), b = b:get(), late = made:get(), alone = alone:get() }
      s:stop()
      row { a = a:get(), refused = select(2, pcall(tl.count, { s })) }]],
    expect = function(result)
      expect.equal(result.rows[1], { a = result.n, b = result.n, late = 0, alone = 0 }, "counted")
      expect.equal(result.rows[2].a, result.n, "after stop")
      expect.ok(result.rows[2].refused:find "count: span: it has been stopped", "%s", result.rows[2].refused)
    end },
  case { name = "begins without an end make room", n = 2000, run = "flood @n@ 1", options = "--ring 64M",
    script = [[
      local s = tl.span { start = "close", stop = "exit_group", start_key = "time", stop_key = "pid", size = 100,
                          start_where = "fd == -1" }
      local a = tl.count { s }
      tl.run()
      row { n = a:get(), full = s.full, unbegun = s.unbegun }]],
    expect = function(result) expect.equal(result.rows, { { n = 0, full = 0, unbegun = 1 } }, "counts") end },
  case { name = "a division by zero is counted", n = 30, run = "zeros @n@",
    script = [[
      local s = tl.span { start = "read", stop = "read", start_key = "tid", stop_key = "tid // (count - 1)" }
      local a = tl.count { s, where = "count == 1" }
      tl.run()
      row { n = a:get(), errors = s.errors, full = s.full }]],
    expect = function(result)
      local row = result.rows[1]
      expect.equal({ row.n, row.full }, { 0, 0 }, "counts")
      expect.ok(row.errors >= result.n, "%d errors", row.errors)
    end },
}
