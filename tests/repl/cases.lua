-- SPDX-License-Identifier: MIT
--- cases: what a person does, and what the screen must show then. A case gets the screen, with the prompt on it, and a
--- folder of its own.

local screen = require "screen"

local TRACELEFT = os.getenv "TRACELEFT" or "build/traceleft-lua"

local sh = screen.sh

local function write(path, text)
  local file <close> = assert(io.open(path, "w"))
  file:write(text)
end

local function is_there(path)
  local file = io.open(path)
  if file then file:close() end
  return file ~= nil
end

-- Opens of files that are not there, by a program that does nothing else.
local function open_missing(...)
  for _, name in ipairs { ... } do sh(("cat /no/repl/%s 2>/dev/null"):format(name)) end
end

local OPENS = [[on("openat", { where = "starts(pathname, '/no/repl/')" }, function(e) print("saw " .. e.pathname) end)]]

-- The last line of the screen.
local function last_line(text) return text:match "[^\n]*$" end

-- Whether the last line is that, and something else above it.
local function shows(above, line)
  return function(text) return text:find(above) and last_line(text) == line end
end

local CASES = {}
local function case(name, fn) CASES[#CASES + 1] = { name = name, fn = fn } end

case("greets, and prints what expressions give", function(s)
  s:await "traceleft%-lua %S+ on Linux %S+ help%(%) says what to type, Ctrl%-D leaves%.\n>$"
  s:line("1 + 1", "\n2\n>$")
  s:line("{ b = 1, a = { 'x', 2 } }", '{ a = { "x", 2 }, b = 1 }\n>$')
  s:line("local t = {} t.t = t return t", "{ t = <the table that this is in> }\n>$")
  s:line("nil", "\nnil\n>$")
  s:line("'\\27[31m red'", "\\x1b%[31m red\n>$")
  s:line("error 'boom'", "repl:6:1: boom\n>$")
  s:line("on('tcp.conect', print)", "did you mean 'tcp%.connect'")
end)

case("takes several lines, and gives them back from the history as one", function(s)
  s:line("for i = 1, 2 do", ">>$")
  s:line("print('n' .. i)", "'n' %.%. i%)\n>>$")
  s:line("end", "n1\nn2\n>$")
  s:key "Up"
  s:await "\n> for i = 1, 2 do\nprint%('n' %.%. i%)\nend$"
  s:key "Enter"
  s:await "end\nn1\nn2\n>$"
end)

case("keeps a line that is being typed when events come, and the place of the cursor", function(s)
  s:line(OPENS, "<on openat>\n>$")
  s:type "print('ab', 'cd')"
  for _ = 1, 8 do s:key "Left" end
  s:await "> print%('ab', 'cd'%)$"
  open_missing("one", "two")
  s:await(shows("\nsaw /no/repl/one\nsaw /no/repl/two\n", "> print('ab', 'cd')"))
  s:type "X"
  s:await "\n> print%('abX', 'cd'%)$"
  open_missing "three"
  s:await(shows("saw /no/repl/three\n", "> print('abX', 'cd')"))
  s:key "Enter"
  s:await "\nabX +cd\n>$"
end)

case("keeps a line that is longer than the screen is wide, in UTF-8", function(s)
  s:line(OPENS, "<on openat>\n>$")
  local long = "return #'" .. ("äö漢"):rep(30) .. "'"
  s:type(long)
  s:await(function(text) return text:find(long, 1, true) end, "the long line")
  open_missing "one"
  local _, text = s:await "saw /no/repl/one\n"
  s:await(function(now) text = now return now:find(long, 1, true) end, "the long line again")
  assert(select(2, text:gsub("return #", "")) == 1, "the line is there twice:\n" .. text)
  s:key "Enter"
  s:await "\n210\n>$"
end)

case("says how far a long load is, and ends it at Ctrl-C", function(s)
  local slow = "clear; strace -f -o /dev/null -e trace=bpf -e inject=bpf:delay_enter=3000 " .. TRACELEFT
  local loading = "loading %d+ of %d+ programs; Ctrl%-C ends it$"
  s:key "C-d"
  s:await "\n%$$"
  s:line(slow .. " -t 'syscall.*' -w 'pid == 1'; echo ended $?", loading)
  s:key "C-c"
  local _, text = s:await "ended 0\n%$$"
  assert(not text:find("loading", 1, true), "it is still there:\n" .. text)
  s:line(slow, "leaves%.\n>$")
  s:line("on('syscall.*', { comm = 'no-such' }, print)", loading)
  s:key "C-c"
  _, text = s:await "\nstopped 1: on syscall%.%*, which has seen 0\n>$"
  assert(not text:find("loading", 1, true), "it is still there:\n" .. text)
end)

case("Ctrl-C clears the line, then stops what was active last, and says so", function(s)
  s:line(OPENS, "<on openat>\n>$")
  s:line("at = tl.every(100, print)", "\n>$")
  open_missing "one"
  s:await "saw /no/repl/one\n>$"
  s:type "half a li"
  s:await "> half a li$"
  s:key "C-c"
  s:await "half a li%^C\n>$"
  s:key "C-c"
  s:await "stopped 1: on openat, which has seen 1\n>$"
  s:key "C-c"
  s:await "stopped 2: every 100 s\n>$"
  s:key "C-c"
  s:await "nothing is attached; Ctrl%-D leaves\n>$"
  s:line("1 + 2", "\n3\n>$")
end)

case("Ctrl-C ends a loop without end, in a chunk and in a callback", function(s, room)
  write(room .. "/before", "")
  s:type(("os.rename('%s/before', '%s/begun') while true do end"):format(room, room), true)
  s:await(function() return is_there(room .. "/begun") end, "the begin of the chunk")
  s:key "C-c"
  s:await "repl:1:1: interrupted\n>$"
  s:line(([[function f() os.rename("%s/out", "%s/in") while true do end end]]):format(room, room), "end\n>$")
  s:line([[on("openat", { where = "pathname == '/no/repl/loop'" }, f)]], "<on openat>\n>$")
  write(room .. "/out", "")
  open_missing "loop"
  s:await(function() return is_there(room .. "/in") end, "the begin of the loop")
  s:key "C-c"
  s:await "stopped 1: on openat, which has seen 1\n>$"
  s:line("1 + 3", "\n4\n>$")
end)

case("Ctrl-C ends a run, and what was active last", function(s)
  s:line(OPENS, "<on openat>\n>$")
  s:line("run()", "run%(%)$")
  open_missing "one"
  s:await "saw /no/repl/one$"
  s:key "C-c"
  s:await "stopped 1: on openat, which has seen 1\nsignal\n>$"
end)

case("Tab completes events, fields, names, options and paths", function(s, room)
  write(room .. "/script-of-mine.lua", "print 'it ran'")
  s:type 'on("tcp.conn'
  s:key "Tab"
  s:await '> on%("tcp%.connect$'
  s:type '", { whe'
  s:key "Tab"
  s:await 'connect", { where =$'
  s:type '"dpo'
  s:key "Tab"
  s:await 'where = "dport$'
  s:type ' == 1" }, function(e) return e.outc'
  s:key "Tab"
  s:await "return e%.outcome$"
  s:key "C-c"
  s:await "%^C\n>$"
  s:type "string.for"
  s:key "Tab"
  s:await "> string%.format$"
  s:key "C-c"
  s:await "%^C\n>$"
  s:type "string.re"
  s:key "Tab"
  s:await "\nrep      reverse\n> string%.re$"
  s:key "C-c"
  s:await "%^C\n>$"
  s:type('reload "' .. room .. "/script-")
  s:key "Tab"
  s:await "script%-of%-mine%.lua$"
  s:type('"', true)
  s:await "\nit ran\n>$"
end)

case("help tells of events and functions", function(s)
  s:line('help "tcp.connect"', "\ntcp%.connect: .-\n  daddr .-\n>$")
  s:line("help(tl.every)", "\nevery%(seconds, fn%)\n  Calls fn again and again.-\n>$")
  s:line('help "hits"', "nothing is known of 'hits' %(did you mean 'hist'%?%)\n>$")
end)

case("subs lists what is attached, and stops it", function(s)
  s:line(OPENS, "<on openat>\n>$")
  s:line('calls = count { "openat", by = "comm", pid = 1 }', "\n>$")
  open_missing("one", "two")
  s:await "saw /no/repl/two\n>$"
  local _, text = s:line("subs()", "subs%(%)%[1%]:stop%(%) stops that one.-\n>$")
  assert(text:find "\n +1 on +2 +%S+ +0 on +the session's repl:1:1 openat +starts%(pathname", text)
  assert(text:find "\n +2 count +0 +%S+ +0 on +pid 1 +repl:2:1 +count of openat by comm", text)
  s:line("subs()[1]:stop()", "%[1%]:stop%(%)\n>$")
  open_missing "three"
  _, text = s:line("#subs(), subs()[2].title", "\ncount of openat by comm\n>$")
  assert(not text:find "saw /no/repl/three", text)
end)

case("an event is shown field by field", function(s)
  s:line([[on("openat", { where = "pathname == '/no/repl/one'" }, function(e) kept = e end)]], "<on openat>\n>$")
  open_missing "one"
  s:await(function()
    s:type("kept and 'got it'", true)
    return s:text():find "\ngot it\n>$"
  end)
  local _, text = s:line("kept", "\nFIELD +VALUE +MEANING\n.-\n>$")
  assert(text:find "\nret +%-2 +ENOENT" or text:find "\nerror +ENOENT", text)
  assert(text:find "\ndirfd +%-100 +AT_FDCWD", text)
end)

case("reload keeps what was counted, and the old version if the new one is wrong", function(s, room)
  local path = room .. "/x.lua"
  write(path, [[local tl = require "traceleft"
    opens = tl.count { "openat", where = "starts(pathname, '/no/repl/')" }
    tl.on("openat", { where = "starts(pathname, '/no/repl/')" }, function(e) print("old " .. e.pathname) end)
    tl.at_exit(function() print "old at_exit" end)]])
  s:line(('reload "%s"'):format(path), '%.lua"\n>$')
  open_missing "one"
  s:await "old /no/repl/one\n>$"
  write(path, [[local tl = require "traceleft" tl.on("openat", function() print "wrong" end) error "no good"]])
  s:line("reload()", "x%.lua:1: no good.-\n>$")
  open_missing "two"
  s:await "old /no/repl/two\n>$"
  write(path, [[local tl = require "traceleft"
    opens = tl.count { "openat", where = "starts(pathname, '/no/repl/')" }
    tl.on("openat", { where = "starts(pathname, '/no/repl/')" }, function(e) print("new " .. e.pathname) end)
    tl.at_exit(function() print "new at_exit" end)]])
  s:line("reload()", "reload%(%)\n>$")
  open_missing "three"
  local _, text = s:await "new /no/repl/three\n>$"
  assert(not text:find "old /no/repl/three", text)
  assert(not text:find "wrong", text)
  s:line("opens:get()", "\n3\n>$")
  s:key "C-d"
  _, text = s:await "\nnew at_exit\n"
  assert(not text:find "old at_exit", text)
end)

case("Ctrl-D leaves in order: at_exit, no aggregate twice, the terminal as before", function(s)
  s:line('shown = count { "openat", name = "shown" }', "\n>$")
  s:line('unread = count { "openat", name = "unread" }', "\n>$")
  s:line("shown", "\nshown: %d+\n>$")
  s:line("at_exit(function() print 'the end' end)", "\n>$")
  s:key "C-d"
  local _, text = s:await "\nthe end\nunread: %d+\n%$$"
  assert(select(2, text:gsub("\nshown: ", "")) == 1, text)
  s:line("echo status $?; stty -a | grep -ow -e -icanon -e icanon", "status 0\nicanon\n%$$")
end)

case("SIGTERM ends it in order too, in the middle of a line", function(s)
  s:line(OPENS, "<on openat>\n>$")
  s:line("at_exit(function() print 'the end' end)", "\n>$")
  local pid = s:line("io.open('/proc/self/stat'):read 'n'", "\n(%d+)\n>$")
  s:type "half a li"
  s:await "> half a li$"
  sh("kill -TERM " .. pid)
  s:await "\nthe end\n%$$"
  s:line("echo status $?; stty -a | grep -ow -e -icanon -e icanon", "status 0\nicanon\n%$$")
end)

case("SIGHUP and SIGTERM end a chunk without end, and the program in order", function(s, room)
  for i, name in ipairs { "HUP", "TERM" } do
    s:line("at_exit(function() print 'the end' end)", "\n>$")
    local pid = s:line("io.open('/proc/self/stat'):read 'n'", "\n(%d+)\n>$")
    s:type(("io.open('%s/begun%d', 'w'):close() while true do end"):format(room, i), true)
    s:await(function() return is_there(("%s/begun%d"):format(room, i)) end, "the begin of the chunk")
    sh(("kill -%s %s"):format(name, pid))
    s:await "interrupted.*\nthe end\n%$$"
    if i == 1 then s:line(TRACELEFT, "leaves%.\n>$") end
  end
end)

case("an error of a callback and one of the REPL's user leave the terminal as it must be", function(s)
  s:line([[on("openat", { where = "pathname == '/no/repl/one'" }, function() error "oops" end)]], "<on openat>\n>$")
  open_missing("one")
  s:await "error in a callback %(shown once%): repl:1:1: oops.-\n>$"
  s:line("os.exit(7)", "%$$")
  s:line("echo status $?; stty -a | grep -ow -e -icanon -e icanon", "status 7\nicanon\n%$$")
end)

case("Ctrl-Z and fg bring the line back", function(s)
  s:type "1 + 40"
  s:await "> 1 %+ 40$"
  s:key "C-z"
  s:await "%$$"
  s:line("stty -a | grep -ow -e -icanon -e icanon; fg", "icanon\n.-\n> 1 %+ 40$")
  s:key "Enter"
  s:await "\n41\n>$"
end)

case("a storm of events leaves the prompt usable, and says what it left out", function(s)
  s:line('on("syscall.*")', "<on syscall%.%*>")
  local stop = sh "timeout 60 sh -c 'while :; do cat /no/repl/x; done' >/dev/null 2>&1 & echo $!":match "%d+"
  s:await "… %d+ lines more, too many to be shown"
  s:type("'an' .. 'swer'", true)
  s:await "\nanswer\n"
  s:key "C-c"
  s:await "stopped 1: on syscall%.%*, which has seen %d+"
  sh("kill " .. stop)
end)

case("another size of the terminal", function(s)
  s:type "return 'a line of some length, which is not so long' .. ' but long enough'"
  s:resize(50, 20)
  s:await "long enough'$"
  s:key "Enter"
  s:await "\na line of some length, which is not so long but long enough\n>$"
end)

case("the history is the user's alone, and there the next time", function(s, room)
  s:line("'some' .. 'thing'", "\nsomething\n>$")
  s:key "C-d"
  s:await "\n%$$"
  local mode = sh(("stat -c %%a '%s/.local/state/traceleft-lua/history'"):format(room))
  assert(mode == "600\n", mode)
  s:line(TRACELEFT, "leaves%.\n>$")
  s:key "Up"
  s:await "> 'some' %.%. 'thing'$"
end)

case("a history that cannot be written is no error", function(s)
  s:key "C-d"
  s:await "\n%$$"
  s:line("XDG_STATE_HOME=/proc/nowhere " .. TRACELEFT, "leaves%.\n>$")
  s:line("1 + 1", "\n2\n>$")
  s:key "Up"
  s:await "> 1 %+ 1$"
end)

case("-i goes on after a script that runs, and ends its run with Ctrl-D", function(s, room)
  write(room .. "/run.lua", "local tl = require 'traceleft'\ntl." .. OPENS .. "\nprint('ran: ' .. assert(tl.run()))\n")
  s:key "C-d"
  s:await "\n%$$"
  s:line(("%s -i %s/run.lua"):format(TRACELEFT, room), "leaves%.\n>$")
  open_missing "one"
  s:await "saw /no/repl/one\n>$"
  s:line("1 + 1", "\n2\n>$")
  s:key "C-d"
  s:await "\nran: signal\n%$$"
end)

case("a script's run ends with its time, or with stop, and the prompt stays", function(s, room)
  write(room .. "/time.lua", [[local tl = require "traceleft"
    tl.at_exit(function() print "at_exit" end)
    tl.every(0.01, function() end)
    print("time: " .. assert(tl.run { duration = 0.1 }))]])
  s:line(('reload "%s/time.lua"'):format(room), "\nat_exit\ntime: duration\n>$")
  write(room .. "/stop.lua", [[local tl = require "traceleft"
    tl.after(0.1, function() tl.stop() end)
    print("stop: " .. assert(tl.run()))]])
  s:line(('reload "%s/stop.lua"'):format(room), "\nstop: stop\n>$")
  s:line("1 + 1", "\n2\n>$")
end)

case("--watch loads a script again when it changes", function(s, room)
  local path = room .. "/watched.lua"
  local script = [[local tl = require "traceleft"
    opens = tl.count { "openat", where = "starts(pathname, '/no/repl/')" }
    tl.on("openat", { where = "starts(pathname, '/no/repl/')" }, function(e)
      print("%s " .. e.pathname, opens:get())
    end)
    tl.run()
    print("the end of %s")]]
  write(path, script:format("first", "first"))
  s:key "C-d"
  s:await "\n%$$"
  s:line(("%s --watch %s; echo status $?"):format(TRACELEFT, path), "echo status %$%?$")
  s:await(function()
    open_missing "one"
    return s:text():find "first /no/repl/one"
  end)
  write(path, "this is no Lua")
  s:await "watched%.lua: not loaded again, what was loaded goes on: .-syntax error"
  write(path, script:format("second", "second"))
  s:await "watched%.lua: loaded again"
  open_missing "two"
  local seen = s:await "second /no/repl/two +(%d+)"
  assert(tonumber(seen) > 1, "the count began anew: " .. seen)
  s:key "C-c"
  s:await "the end of second\nstatus 0\n%$$"
end)

-- ---- in pipes --------------------------------------------------------------------------------

local function piped(text, options)
  local quoted = "'" .. text:gsub("'", "'\\''") .. "'"
  return sh(("printf '%%s\\n' %s | %s %s 2>&1"):format(quoted, TRACELEFT, options or "-i"))
end

local function pipe_case(name, text, expected, options)
  CASES[#CASES + 1] = { name = name, plain = function()
    local got = piped(text, options)
    assert(got == expected, ("expected:\n%s\ngot:\n%s"):format(expected, got))
  end }
end

pipe_case("in a pipe lines are read as they are", "x = 20\nx + 1\nfor i = 1, 2 do\nprint(i)\nend\n", "21\n1\n2\n")
pipe_case("in a pipe it leaves in order", "at_exit(function() print 'the end' end)", "the end\n")
pipe_case("-e and then -i", "y", "5\n", "-e 'y = 5' -i")

return CASES
