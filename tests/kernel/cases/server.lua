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

-- The file with its pid is there when nginx listens. An ab with several connections at a time opens more of them in
-- the end than it was asked for; one after the other they are exactly as many.
local LOAD = [[
nginx -p @dir@ -c @dir@/nginx.conf -e @dir@/error.log &
until [ -s nginx.pid ]; do
  kill -0 $! || exit 1
  sleep 0.02
done
server=$! clients=
for i in @clients@; do
  ab -q -s 10 -n @each@ -c 1 http://127.0.0.1:@port@/ >ab.$i 2>&1 &
  clients="$clients $!"
done
wait $clients
kill -QUIT $server
wait $server]]

local CLIENTS = 8

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

-- The sum of a number that each ab reported.
local function of_ab(room, what)
  local sum = 0
  for i = 1, CLIENTS do
    local report = harness.read(room.dir .. "/ab." .. i)
    sum = sum + (tonumber(report:match(what .. ":%s+(%d+)")) or error("ab: " .. report, 0))
  end
  return sum
end

local function check_sides(rows, truth, n)
  local sides = {}
  for _, name in ipairs { "connect", "accept", "client close", "server close" } do
    local row = expect.one(rows, { name = name }, name)
    expect.equal(row.count, n, name .. ": events")
    same_tuples(row.tuples, truth, name)
    sides[name] = row
  end
  return sides
end

local function check(room, result)
  expect.equal(result.status, 0, "exit status; nginx: " .. harness.read(room.dir .. "/error.log"))
  local truth, n = logged(room.dir)
  expect.equal({ n, of_ab(room, "Complete requests"), of_ab(room, "Failed requests") }, { room.n, room.n, 0 },
               "requests in the log of nginx, those of ab, those that failed")
  local sides = check_sides(result.rows, truth, n)
  -- a small machine forgets what waits for the end of its time, and then resets a peer that has closed
  expect.equal(sides.connect.failed + sides.accept.failed, 0, "connects and accepts with an error")
  expect.equal(sides["client close"].pids, sides.connect.pids, "connections of each client")
  expect.equal(count_keys(sides.connect.pids), CLIENTS, "clients")
  expect.equal(sides["server close"].pids, sides.accept.pids, "connections of each worker")
  expect.ok(count_keys(sides.accept.pids) <= 2, "more than two workers")
  expect.equal(sides["server close"].sent, of_ab(room, "Total transferred"), "bytes sent, as ab received them")
  expect.equal(sides["client close"].received, sides["server close"].sent, "bytes that the clients received")
  expect.equal(sides["client close"].sent, sides["server close"].received, "bytes that the clients sent")
  expect.fields(expect.one(result.rows, function(row) return row.made end, "stats"), { lost = 0 })
end

local function numbers(n)
  local list = {}
  for i = 1, n do list[i] = i end
  return table.concat(list, " ")
end

-- An emulated machine sometimes leaves an ab waiting for ever: then there was no such load, and nothing to compare.
local function has_load(room)
  for i = 1, CLIENTS do
    if not harness.read(room.dir .. "/ab." .. i):find("Complete requests", 1, true) then return false end
  end
  return true
end

local TRIES = 3

local function nginx(room)
  local values = { port = tostring(free_port()), each = tostring(room.n // CLIENTS), clients = numbers(CLIENTS) }
  local function fill(text) return room:fill((text:gsub("@(%l+)@", values))) end
  room.n = room.n // CLIENTS * CLIENTS
  harness.write(room.dir .. "/nginx.conf", fill(CONFIG))
  harness.write(room.dir .. "/load.sh", fill(LOAD))
  local tries, result = 0
  repeat
    harness.sh(("rm -f %s/access.log %s/nginx.pid %s/ab.*"):format(room.dir, room.dir, room.dir))
    result = room:trace { script = fill(SCRIPT), options = "-f --ring 64M", command = "sh load.sh" }
    -- nginx writes over its environment, by which the harness knows what to end
    harness.sh(("[ ! -s %s/nginx.pid ] || kill $(cat %s/nginx.pid) 2>/dev/null"):format(room.dir, room.dir))
    tries = tries + 1
  until has_load(room) or tries == TRIES
  check(room, result)
end

return {
  { name = "nginx: every connection exactly once", n = 10000, channels = { "ring", "perf" }, needs = has_both,
    custom = nginx },
}
