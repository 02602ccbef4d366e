-- SPDX-License-Identifier: MIT
local home = debug.getinfo(1, "S").source:match "^@(.*)/[^/]*$" or "."
package.path = home .. "/?.lua;" .. package.path

describe("tests/strace/parse", function()
  local parse = require "parse"

  local function line(text) return parse.line("1795376964.936449037 " .. text) end

  it("reads numbers in every base, and what they mean", function()
    assert.same({ kind = "number", value = 10 }, parse.value "10")
    assert.same({ kind = "number", value = -100, text = "AT_FDCWD" }, parse.value "-100 /* AT_FDCWD */")
    assert.same(420, parse.value("0644").value)
    assert.same(0x80000, parse.value("0x80000 /* O_RDONLY|O_CLOEXEC */").value)
    assert.same(-1, parse.value("18446744073709551615").value)
    assert.same(-1, parse.value("0xffffffffffffffff").value)
    assert.same({ kind = "null" }, parse.value "NULL")
  end)

  it("joins flags that strace writes apart", function()
    local joined = parse.value "0x1200000 /* CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID */|17 /* SIGCHLD */"
    assert.same({ 0x1200011, "CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD" }, { joined.value, joined.text })
    assert.same({ 0x1200000, 17 }, { joined.left.value, joined.right.value })
    assert.same(0x4000001, parse.value("0x1 /* A */|1<<26 /* SHIFT */").value)
  end)

  it("takes a comment within a comment as one", function()
    assert.same("0xf /* MAP_??? */|MAP_FIXED", parse.value("0xff /* 0xf /* MAP_??? */|MAP_FIXED */").text)
  end)

  it("undoes every escape of a string", function()
    assert.same("a\"b\\\n\t\r\v\f\0011\255\0", parse.value([["a\"b\\\n\t\r\v\f\0011\377\0"]]).value)
    assert.same("\x2e\xd4", parse.value([["\x2e\xd4"]]).value)
    local cut = parse.value '"abc"...'
    assert.same({ "abc", true }, { cut.value, cut.cut })
    assert.same({ kind = "string", value = "name", abstract = true }, parse.value '@"name"')
    assert.has_error(function() parse.value [["\q"]] end)
    assert.has_error(function() parse.value [["abc]] end)
  end)

  it("reads what a descriptor is", function()
    local function file(text)
      local value = parse.value(text)
      return value.value, value.file, value.deleted
    end
    assert.same({ 3, "/etc/passwd" }, { file "3</etc/passwd>" })
    assert.same({ 3, "/tmp/s<o>ck\n\"" }, { file [[3</tmp/s\74o\76ck\n\">]] })
    assert.same({ 0, "/dev/null" }, { file "0</dev/null<char 1:3>>" })
    assert.same({ 4, "/tmp/x", true }, { file "4</tmp/x>(deleted)" })
    assert.same({ 5, "TCP:[127.0.0.1:1->127.0.0.1:2]" }, { file "5<TCP:[127.0.0.1:1->127.0.0.1:2]>" })
    assert.same({ 6, 'UNIX-STREAM:[7->8,"/tmp/a>b"]' }, { file '6<UNIX-STREAM:[7->8,"/tmp/a>b"]>' })
    assert.same({ 7, "anon_inode:[eventpoll]" }, { file "7<anon_inode:[eventpoll]>" })
    assert.same({ -100, "/root" }, { file "-100 /* AT_FDCWD */</root>" })
  end)

  it("reads structs, arrays and sets, one in the other", function()
    local value = parse.value "[{fd=3</a>, events=0x1 /* POLLIN */}, {fd=-1}, ...]"
    assert.same(2, #value)
    assert.is_true(value.cut)
    assert.same("POLLIN", value[1].events.text)
    assert.same("fd", value[1][1].name)
    local set = parse.value "~[9 /* KILL */ 19 /* STOP */]"
    assert.same({ true, 9, 19 }, { set.negated, set[1].value, set[2].value })
    assert.same({ kind = "list" }, parse.value "[]")
    assert.same(24, parse.value("[[VINTR]=0x3, [17]=0x18]")[2].value)
    assert.same("nothing", parse.value("{c_iflag=, c_line=1}").c_iflag.kind)
    assert.has_error(function() parse.value "{a=1" end)
    assert.has_error(function() parse.value "[1, 2] 3" end)
  end)

  it("reads what a value became", function()
    local value = parse.value "{a=1} => {a=2}"
    assert.same({ 1, 2 }, { value.a.value, value.after.a.value })
    assert.same(16, parse.value("[128 => 16]")[1].after.value)
  end)

  it("reads the status of a child", function()
    local all = parse.value("[{WIFEXITED(s) && WEXITSTATUS(s) == 3}]")[1][1]
    assert.same({ "all", "WIFEXITED", "WEXITSTATUS", 3 },
                { all.kind, all[1].callee, all[2].callee, all[2].equals.value })
  end)

  it("reads a call with its times, result and error", function()
    local call = line [[openat(-100 /* AT_FDCWD */</root>, "x\n)", 0x80000 /* O_CLOEXEC */) = 3</x> <0.000012345>]]
    assert.same({ "openat", 3, 1795376964936449037, 12345, 3, "/x" },
                { call.name, #call.args, call.time, call.took, call.ret.value, call.ret.file })
    call = line 'open("x", 0) = -1 ENOENT (No such file or directory) <0.000001000>'
    assert.same({ -1, "ENOENT", "No such file or directory" }, { call.ret.value, call.error, call.note })
    call = line "pause()            = ? ERESTARTNOHAND (To be restarted if no handler) <1.010032117>"
    assert.same({ nil, "ERESTARTNOHAND", 1010032117 }, { call.ret, call.error, call.took })
    assert.same({ {}, nil, nil }, { line("exit_group(0)      = ?").ret or {}, nil, line("exit_group(0) = ?").took })
    assert.same("in [1], left {tv_sec=0, tv_nsec=9}",
                line("pselect6(3, [1], NULL) = 1 (in [1], left {tv_sec=0, tv_nsec=9}) <0.000010596>").note)
  end)

  it("knows calls that do not end, move to another thread, go on", function()
    local call = line "read(3</a>,  <unfinished ...>) = ?"
    assert.same({ true, 1, nil }, { call.unfinished, #call.args, call.ret })
    call = line 'execve("/bin/true", ["true"], ["A=1"] <pid changed to 77 ...>'
    assert.same({ 77, 3 }, { call.moved, #call.args })
    call = line "<... execve resumed>) = 0 <0.000100000>"
    assert.same({ "execve", true, 0 }, { call.name, call.resumed, call.ret.value })
    call = line "restart_syscall(<... resuming interrupted futex ...>) = -1 ETIMEDOUT (Connection timed out) <0.9>"
    assert.same({ "restart_syscall", 0, "ETIMEDOUT" }, { call.name, #call.args, call.error })
  end)

  it("tells signals and ends from calls", function()
    assert.same("signal", line("--- SIGCHLD {si_signo=17 /* SIGCHLD */} ---").what)
    assert.same("exited with 0", line("+++ exited with 0 +++").text)
    assert.has_error(function() line "what is this" end)
    assert.has_error(function() parse.line "no time" end)
  end)
end)
