-- SPDX-License-Identifier: MIT
--- The tools of scripts/ and the programs of examples/, run as people run them; and output that is fit for others.

local expect  = require "expect"
local harness = require "harness"
local json    = require "strict_json"
local tools   = require "tool"

local N = 23
local lines_with, no_control, tool, help = tools.lines_with, tools.no_control, tools.case, tools.help

local function rows_of(file, run, pattern)
  return tool(file .. ": one line for each", {
    file = file, run = run,
    expect = function(result)
      expect.equal(lines_with(result.out, pattern), N, "lines in\n" .. result.out)
      no_control(result.out)
    end })
end

local function netwatch_summary(result)
  local object = expect.one(json.lines(result.out), { event = "netwatch.summary" })
  expect.fields(object, { connect = N, accept = N, close = 2 * N, listen = 1, failed = 0 })
  expect.equal(object.sent, result.truth.asked + result.truth.answered, "bytes sent")
  expect.equal(object.received, object.sent, "bytes received")
  local port = result.truth.port
  expect.one(object.peers, { peer = "127.0.0.1:" .. port, connections = N }, "peers")
end

local NETWATCH = {
  tool("scripts/netwatch.lua: one line for each, and a summary", {
    file = "scripts/netwatch.lua", run = ("storm %d 1"):format(N),
    expect = function(result)
      expect.equal(lines_with(result.out, " connect +%d+ workload .* established "), N, "connects in\n" .. result.out)
      expect.equal(lines_with(result.out, " accept +%d+ workload .* waited "), N, "accepts")
      expect.equal(lines_with(result.out, " close +%d+ workload .* out, .* in$"), 2 * N, "closes")
      expect.ok(result.out:find(("\nconnects %d, accepts %d, closes %d, listens 1\nfailures 0\n")
        :format(N, N, 2 * N), 1, true), "summary in\n%s", result.out)
    end }),
  tool("scripts/netwatch.lua --json: objects and a summary", {
    file = "scripts/netwatch.lua --json", run = ("storm %d 1"):format(N),
    expect = function(result)
      local objects = json.lines(result.out)
      for event, n in pairs { ["tcp.connect"] = N, ["tcp.accept"] = N, ["tcp.close"] = 2 * N, ["tcp.listen"] = 1 } do
        expect.count(objects, { event = event, comm = "workload" }, n)
      end
      netwatch_summary(result)
    end }),
  tool("scripts/netwatch.lua -x: only what failed", {
    file = "scripts/netwatch.lua -x --json",
    command = "sh -c '@workload@ storm 2 1 >truth; @workload@ connect refused4 >truth'",
    expect = function(result)
      local object = expect.one(json.lines(result.out), { event = "netwatch.summary" })
      expect.fields(object, { connect = 1, accept = 0, close = 0, failed = 1 })
      expect.equal(object.failures, { { key = "ECONNREFUSED", count = 1 } }, "failures")
    end }),
}

-- What the file names of this world can be like, and how one cannot read them aloud.
local NAMES = { "plain", "two words", "a\"b\\c", "line\nbreak\ttab", "\27[31mred\27]0;title\7", "\1\2\127", "caf\u{e9}",
                "\u{202e}txt.exe", "\xff\xfe", "\xe9t\xe9", "\xed\xa0\x80", "cut \xf0\x9f\x98", "{\"a\":1}" }

local function octal(text)
  return (text:gsub("[^%w ]", function(char) return ("\\%03o"):format(char:byte()) end))
end

local function hex(text)
  return (text:gsub(".", function(char) return ("%02x"):format(char:byte()) end))
end

-- The dot keeps the shell from taking away a line end.
local function open_them()
  local lines = { "cat >odd.sh <<'END'" }
  for _, name in ipairs(NAMES) do
    lines[#lines + 1] = ("@workload@ open 1 \"$(printf '/no/such/%s.')\" >/dev/null"):format(octal(name))
  end
  lines[#lines + 1] = "END"
  return table.concat(lines, "\n")
end

local function check_names(result)
  local objects = expect.select(json.lines(result.out), { comm = "workload" })
  expect.equal(#objects, #NAMES, "objects")
  expect.equal(lines_with(result.out, "^[^{]"), 0, "other lines")
  for i, name in ipairs(NAMES) do
    local path = "/no/such/" .. name .. "."
    if utf8.len(path) then
      expect.fields(objects[i], { pathname = path, pathname_bytes = expect.none }, "valid UTF-8")
    else
      expect.fields(objects[i], { pathname_bytes = hex(path) }, "no UTF-8")
      expect.ok(objects[i].pathname:find "\u{fffd}", "no replacement character in %s", objects[i].pathname)
    end
  end
end

local function odd_names(name, options, check)
  return { name = name, options = "-f -t syscall.openat " .. options, no_script = true, before = open_them(),
           command = "sh odd.sh", expect = check }
end

-- embed traces the whole machine, and says nothing when it begins: programs are run until it has seen one.
local EMBED = [[
@embed@ >embed.out 2>embed.err &
tries=0
until grep -q comm=exe embed.out; do
  tries=$((tries + 1))
  [ $tries -lt 600 ] && kill -0 $! || exit 1
  @workload@ exec 1 >/dev/null
  sleep 0.05
done
@workload@ storm 23 1 >truth
cp @workload@ last-one
./last-one true
until grep -q comm=last-one embed.out; do
  tries=$((tries + 1))
  [ $tries -lt 600 ] && kill -0 $! || exit 2
  sleep 0.05
done
kill -TERM $!
wait $!]]

local function embed_program()
  local built = harness.home .. "/build/examples/embed"
  if harness.has(built) then return built end
  return harness.has "embed" and "embed" or nil
end

local function embed(room)
  harness.write(room.dir .. "/embed.sh", room:fill((EMBED:gsub("@embed@", embed_program()))))
  local status = harness.sh(("cd %s && timeout -s KILL %d sh embed.sh"):format(room.dir, harness.limit))
  local out, err = harness.read(room.dir .. "/embed.out"), harness.read(room.dir .. "/embed.err")
  expect.equal(status, 0, "exit status; " .. err)
  local pid = harness.read(room.dir .. "/truth"):match "server_pid (%d+)"
  local port = harness.read(room.dir .. "/truth"):match "port (%d+)"
  expect.equal(lines_with(out, "event=tcp.connect .* dport=" .. port .. " "), N, "connects in\n" .. out)
  expect.equal(lines_with(out, "event=tcp.accept .* pid=" .. pid .. " .* sport=" .. port .. " "), N, "accepts")
  expect.equal(lines_with(out, "event=tcp.close .*port=" .. port .. " "), 2 * N, "closes")
  expect.equal(lines_with(out, "event=tcp.listen .* sport=" .. port .. " "), 1, "listens")
  expect.equal(tonumber(err:match "^(%d+) events\n$"), lines_with(out, "event="), "its own count")
end

local OPENS = ("open %d /no/such/file"):format(N)

local cases = {
  tool("examples/hello.lua: the opens that fail", {
    file = "examples/hello.lua", run = OPENS, options = "",
    expect = function(result)
      expect.equal(lines_with(result.out, "^%d+:%d+:[%d.]+\tworkload\t/no/such/file\tENOENT$"), N, "lines")
    end }),
  { name = "examples/embed.c: in a program's own loop", custom = embed,
    needs = function() return embed_program(), "no program embed: build/examples/embed" end },
  help "scripts/opensnoop.lua", help "scripts/execsnoop.lua", help "scripts/netwatch.lua",
  rows_of("scripts/opensnoop.lua", OPENS, "workload +%- +ENOENT +/no/such/file$"),
  tools.objects("scripts/opensnoop.lua", OPENS, { pathname = "/no/such/file", error = "ENOENT", comm = "workload" }),
  rows_of("scripts/execsnoop.lua", ("exec %d"):format(N), " workload true number%-%d+$"),
  tools.objects("scripts/execsnoop.lua", ("exec %d"):format(N),
             function(e) return e.event == "process.exec" and e.argv[3] and e.argv[3]:find "^number%-%d+$" end),
  odd_names("-t --json: any file name makes valid JSON", "--json", check_names),
  odd_names("-t: no file name reaches the terminal raw", "", function(result)
    expect.equal(lines_with(result.out, 'openat%(AT_FDCWD, "/no/such/'), #NAMES, "lines in\n" .. result.out)
    no_control(result.out)
    expect.ok(utf8.len(result.out), "bytes that are no UTF-8")
    expect.ok(not result.out:find "\u{202e}", "an override of the direction")
  end),
}
return table.move(NETWATCH, 1, #NETWATCH, #cases + 1, cases)
