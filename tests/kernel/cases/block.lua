-- SPDX-License-Identifier: MIT
--- Block devices: a known number of requests of known size, by whom they were made, and how long they took.

local expect  = require "expect"
local harness = require "harness"

local DISK = os.getenv "TL_TEST_DISK"
local OP = { read = 0, write = 1, flush = 2, discard = 3 }
local SYNC, SECOND = 1 << 11, 1000000000

-- A disk that may be written to, or a folder where the workload makes one.
local function disk()
  return DISK or "@dir@"
end

-- The driver of the disk may come some time after the machine has begun.
local function has_disk()
  if DISK then
    harness.sh(("for i in 1 2 3 4 5 6 7 8 9 10; do [ -b %s ] && exit; sleep 1; done"):format(DISK))
    return harness.sh(("[ -b %s ]"):format(DISK)) == 0, "no disk " .. DISK
  end
  return harness.sh "[ -c /dev/loop-control ]" == 0, "no disk for tests (TL_TEST_DISK), no /dev/loop-control"
end

local function case(name, what, spec)
  spec.name, spec.needs, spec.run = "block.io: " .. name, has_disk, ("disk %s %s"):format(disk(), what)
  spec.options = spec.options or "-f"
  spec.events = not spec.script and { "block.io" } or nil
  return spec
end

local function own(result, wanted)
  wanted.dev = result.truth.disk[1]
  return expect.select(result.rows, wanted)
end

local function is_own(name)
  return DISK and name == DISK:match "[^/]*$" or not DISK and name:find "^loop%d+$"
end

local function check_rows(result, rows, n, size)
  expect.equal(#rows, n, "requests")
  local seen = {}
  for _, row in ipairs(rows) do
    expect.fields(row, { pid = result.truth.disk[2], comm = "workload", uid = 0, bytes = size, error = expect.none })
    expect.ok(is_own(row.disk), "disk %s", row.disk)
    expect.time(row.duration, 1, 100 * SECOND, "duration")
    expect.time(row.queued, 0, 100 * SECOND, "queued")
    seen[row.sector] = true
  end
  for i = 0, n - 1 do expect.ok(seen[i * size // 512], "no request at sector %d", i * size // 512) end
end

local function check_both(result)
  check_rows(result, own(result, { op = OP.read, bytes = 4096 }), result.n, 4096)
  check_rows(result, own(result, { op = OP.write, bytes = 16384 }), result.n, 16384)
  for _, row in ipairs(own(result, { op = OP.write, bytes = 16384 })) do
    expect.ok(row.flags & SYNC ~= 0, "a direct write is synchronous, flags %x", row.flags)
  end
end

-- Of a disk that has a cache its flush is asked, of one without a write of nothing. Before Linux 6.5 it is a thread
-- of the kernel that issues a flush, so that those of all processes are looked at.
local FLUSHES = 'tl.on("block.io", { target = { no = { comm = "nobody" } } }, row) tl.run()'

local function check_flush(result)
  local flushes = own(result, { bytes = 0 })
  expect.ok(#flushes >= 3, "flushes: 3 at least, found %d", #flushes)
  for _, row in ipairs(flushes) do
    expect.ok(row.op == OP.flush or row.op == OP.write, "op %d", row.op)
    expect.ok(row.op == OP.write or row.duration, "a flush without duration")
  end
end

local COUNT = [[
  local bytes = tl.sum { "block.io", value = "bytes", by = { "disk", "op", "comm" },
                         where = "bytes > 0 and comm == 'workload'" }
  local times = tl.hist { "block.io", value = "duration + queued", by = "op", where = "op == read and bytes == 4096" }
  tl.run()
  row { bytes = bytes:snapshot(), times = times:get(0), made = tl.stats().made, lost = tl.stats().lost }]]

local function check_count(result)
  local row, sums, n = result.rows[1], {}, 0
  for _, one in ipairs(row.bytes) do
    if is_own(one.key[1]) then sums[one.key[2]] = one.value end
  end
  expect.ok(sums[OP.read] >= result.n * 4096 and sums[OP.read] < result.n * 4096 + 65536, "read: %d", sums[OP.read])
  expect.equal(sums[OP.write], result.n * 8192, "bytes written")
  for _, bucket in ipairs(row.times) do n = n + bucket.count end
  expect.ok(n >= result.n, "times: %d at least, found %d", result.n, n)
  expect.equal({ row.made, row.lost }, { 0, 0 }, "made and lost")
end

-- A disk over a file whose file system is full.
local FULL = [[
  mkdir full && mount -t tmpfs -o size=1M none full && truncate -s 8M full/disk && losetup -f --show full/disk >name
]]
local FILL = "sh -c 'dd if=/dev/zero of=$(cat name) bs=64k count=64 oflag=direct 2>/dev/null; losetup -d $(cat name); "
  .. "umount -l full'"

local function check_full(result)
  local failed = expect.select(result.rows, function(row) return row.error and row.comm == "dd" end)
  expect.ok(#failed > 0, "no request failed")
  for _, row in ipairs(failed) do expect.fields(row, { op = OP.write, error = "ENOSPC" }) end
end

return {
  case("each request, with its place, size and who made it", "read @n@ 4096 write @n@ 16384",
       { n = 200, channels = { "ring", "perf" }, expect = check_both }),
  case("flushes", "write 3 4096 flush 3 0", { script = FLUSHES, expect = check_flush }),
  case("discards", "discard 3 65536", { expect = function(result)
    check_rows(result, own(result, { op = OP.discard }), 3, 65536)
  end }),
  case("counted in the kernel, and nothing sent", "read @n@ 4096 write @n@ 8192",
       { n = 500, script = COUNT, expect = check_count }),
  { name = "block.io: a request that fails says why", events = { "block.io" }, options = "-f", before = FULL,
    command = FILL,
    needs = function()
      local ok = not DISK and harness.sh "[ -c /dev/loop-control ] && command -v losetup >/dev/null" == 0
      return ok, "no loop device here"
    end, expect = check_full },
}
