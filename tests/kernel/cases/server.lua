-- SPDX-License-Identifier: MIT
--- A web server under load: what is seen of its connections against its own log of them.

local expect  = require "expect"
local harness = require "harness"

local function has_both()
  for _, name in ipairs { "nginx", "ab" } do
    local there, reason = harness.has(name)
    if not there then return false, reason end
  end
  return true
end

-- Below the ports that clients get, and one that nobody has: "  1: 0100007F:1F90 …".
local function free_port()
  local used = {}
  for port in harness.read("/proc/net/tcp"):gmatch "%d+: %x+:(%x+)" do used[tonumber(port, 16)] = true end
  local port = 18080
  while used[port] do port = port + 1 end
  return port
end

-- The body is the same for all, so that ab takes none for a failure.
local CONFIG = [[
daemon off;
user root;
worker_processes 2;
pid nginx.pid;
lock_file nginx.lock;
error_log error.log;
events { worker_connections 1024; }
http {
  log_format tuple "$remote_addr:$remote_port>$server_addr:$server_port";
  access_log access.log tuple;
  keepalive_timeout 0;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  server {
    listen 127.0.0.1:@port@;
    location / { return 200 "hello\n"; }
  }
}]]

-- The file with its pid is there when nginx listens.
local LOAD = [[
nginx -p @dir@ -c @dir@/nginx.conf -e @dir@/error.log &
until [ -s nginx.pid ]; do
  kill -0 $! || exit 1
  sleep 0.02
done
ab -q -n @n@ -c 50 http://127.0.0.1:@port@/ >ab.out 2>&1
status=$?
kill -QUIT $!
wait
exit $status]]

-- A tuple is written with the client first, on both sides.
local SCRIPT = [[
  local sides, port = {}, @port@
  local function side(name)
    sides[name] = sides[name] or { name = name, count = 0, sent = 0, received = 0, failed = 0, tuples = {}, pids = {} }
    return sides[name]
  end
  local function add(name, e)
    local s, is_server = side(name), e.sport == port
    local here, there = e.saddr .. ":" .. e.sport, e.daddr .. ":" .. e.dport
    local tuple = is_server and there .. ">" .. here or here .. ">" .. there
    s.count, s.tuples[tuple] = s.count + 1, (s.tuples[tuple] or 0) + 1
    s.failed = s.failed + (e.error and 1 or 0)
    s.sent, s.received = s.sent + (e.sent or 0), s.received + (e.received or 0)
    s.pids[e.pid] = (s.pids[e.pid] or 0) + 1
  end
  tl.on("tcp.connect", function(e) add("connect", e) end)
  tl.on("tcp.accept", function(e) add("accept", e) end)
  tl.on("tcp.close", function(e) add(e.sport == port and "server close" or "client close", e) end)
  tl.at_exit(function()
    for _, s in pairs(sides) do row(s) end
    row(tl.stats())
  end)
  tl.run()]]

-- How often each tuple is in the log of nginx, which is the truth.
local function logged(dir)
  local tuples, n = {}, 0
  for line in harness.read(dir .. "/access.log"):gmatch "[^\n]+" do
    tuples[line], n = (tuples[line] or 0) + 1, n + 1
  end
  return tuples, n
end

-- The whole tables would make no good message.
local function same_tuples(found, expected, name)
  for tuple, n in pairs(expected) do
    expect.equal(found[tuple] or 0, n, name .. " of " .. tuple)
  end
  for tuple, n in pairs(found) do
    expect.equal(n, expected[tuple] or 0, name .. " of " .. tuple)
  end
end

local function count_keys(set)
  local n = 0
  for _ in pairs(set) do n = n + 1 end
  return n
end

local function of_ab(report, what)
  return tonumber(report:match(what .. ":%s+(%d+)"))
end

local function check(room, result)
  local report = harness.read(room.dir .. "/ab.out")
  expect.equal(result.status, 0, "exit status; ab: " .. report .. harness.read(room.dir .. "/error.log"))
  expect.equal({ of_ab(report, "Complete requests"), of_ab(report, "Failed requests") }, { room.n, 0 }, "requests of ab")
  local truth, n = logged(room.dir)
  expect.equal(n, room.n, "lines in the log of nginx")
  local sides = {}
  for _, name in ipairs { "connect", "accept", "client close", "server close" } do
    local row = expect.one(result.rows, function(row) return row.name == name end, name)
    expect.equal({ row.count, row.failed }, { n, 0 }, name .. ": events, those with an error")
    same_tuples(row.tuples, truth, name)
    sides[name] = row
  end
  expect.equal(sides["client close"].pids, sides.connect.pids, "pids of the client")
  expect.equal(count_keys(sides.connect.pids), 1, "processes of the client")
  expect.equal(sides["server close"].pids, sides.accept.pids, "connections of each worker")
  expect.ok(count_keys(sides.accept.pids) <= 2, "more than two workers")
  expect.equal(sides["server close"].sent, of_ab(report, "Total transferred"), "bytes sent, as ab received them")
  expect.equal(sides["client close"].sent, sides["server close"].received, "bytes that the client sent")
  expect.fields(expect.one(result.rows, function(row) return row.made end, "stats"), { lost = 0 })
end

local function nginx(room)
  local port = tostring(free_port())
  local function fill(text) return room:fill((text:gsub("@port@", port))) end
  harness.write(room.dir .. "/nginx.conf", fill(CONFIG))
  harness.write(room.dir .. "/load.sh", fill(LOAD))
  local result = room:trace { script = fill(SCRIPT), options = "-f --ring 64M", command = "sh load.sh" }
  harness.sh(("[ ! -s %s/nginx.pid ] || kill -9 -$(cat %s/nginx.pid) 2>/dev/null"):format(room.dir, room.dir))
  check(room, result)
end

return {
  { name = "nginx: every connection exactly once", n = 10000, channels = { "ring", "perf" }, needs = has_both,
    custom = nginx },
}
