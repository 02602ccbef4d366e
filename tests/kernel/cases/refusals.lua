-- SPDX-License-Identifier: MIT
--- Bad input and bad luck: one clear line that names the thing, and the right exit status.

local expect  = require "expect"
local harness = require "harness"

-- stderr must have all of these (plain text, small or capital letters alike).
local function refused(name, spec)
  local status, words = spec.status, spec.says
  spec.status, spec.says = nil, nil
  return { name = "refused: " .. name, needs = spec.needs, custom = function(room)
    if spec.before then harness.sh(("cd %s && {\n%s\n}"):format(room.dir, room:fill(spec.before))) end
    local result = room:trace(spec)
    expect.equal(result.status, status, "exit status")
    for _, word in ipairs(words) do
      expect.ok(result.err:lower():find(word:lower(), 1, true), "stderr: expected %q in it", word)
    end
    expect.ok(not result.err:find "\27", "stderr has escape sequences")
    if spec.expect then spec.expect(result) end
  end }
end

local function line(name, options, status, says)
  return refused(name, { options = options, no_script = true, command = false, status = status, says = says })
end

local function script(name, text, status, says)
  return refused(name, { script = text, run = "open 3 /no/such/file", status = status, says = says })
end

-- A damaged copy of the battery; what it is offered beside.
local function damaged(name, command, says)
  return refused("battery " .. name, {
    before = command:gsub("@battery@", function() return harness.battery() or "" end), needs = harness.battery,
    options = "--battery @dir@/bad.bpf.o -t syscall.openat", no_script = true, run = "true",
    status = 3, says = says })
end

local ERROR_IN_CALLBACK = [[
  tl.on("syscall.openat", function() error "went wrong here" end)
  tl.on("syscall.openat", { args = { "pathname" } }, function(path) row { path = path } end)
  tl.run()]]

-- An expression after -w, the column of its caret, and what is said of it.
local function expression(text, column, says)
  return line("-w " .. text, "-t syscall.openat -w " .. harness.quote(text), 2,
              { "where: " .. says, ("\n%s\n%s^"):format(text, (" "):rep(column - 1)) })
end

return {
  expression("", 1, "an empty expression"),
  expression("ret <", 6, "something is missing at the end"),
  expression("ret < 0 )", 9, "')' cannot stand here"),
  expression("ret == 1 and and", 14, "'and' cannot stand here"),
  expression("ret < 'x'", 5, "ret is a number and 'x' a string"),
  expression("rett < 0", 1, "no field 'rett'; did you mean 'ret'?"),
  expression("pathname < 3", 10, "pathname is a string and 3 a number"),
  expression("ret and 1", 1, "'ret' is a number, and in Lua every number is true"),
  expression("ret == 99999999999999999999", 8, "a number beyond 63 bits"),
  expression("has(flags, O_CREATT)", 12, "no constant 'O_CREATT'; did you mean 'O_CREAT'?"),
  expression("error == ENOENTT", 10, "no error is called 'ENOENTT'; did you mean 'ENOENT'?"),
  expression("starts(pathname)", 16, "starts takes two arguments"),
  expression("ret in 3", 8, "behind 'in' stands a set"),
  expression("'abc", 1, "a string without its end"),
  expression("x.y == 1", 2, "a field is named alone"),
  line("unknown event on the command line", "-t syscall.opnat", 2, { "syscall.opnat", "syscall.openat" }),
  line("a glob that matches nothing", "-t 'nothing.*'", 2, { "nothing.*" }),
  line("a glob that is none", "-t 'syscall.[a'", 2, { "syscall.[a" }),
  line("unknown option", "--no-such-option", 2, { "--no-such-option" }),
  line("no number as pid", "-t tcp.connect -p 12x", 2, { "12x" }),
  line("a pid that is not there", "-t tcp.connect -p 4194303", 3, { "4194303" }),
  line("a command that is not there", "-t process.exec -c /no/such/command", 2, { "/no/such/command" }),
  line("a battery that is not there", "--battery /no/such/battery --list", 3, { "/no/such/battery" }),
  line("a script that is not there", "/no/such/script.lua", 2, { "/no/such/script.lua" }),
  line("an expression over no events", "-w 'dport == 80'", 2, { "-w", "-t" }),
  line("the most of nothing", "--by comm --top 5", 2, { "--top", "-t" }),
  line("intervals of nothing", "-t tcp.connect --every 1", 2, { "--every", "--count" }),
  damaged("cut short", "head -c 20000 @battery@ >bad.bpf.o", { "bad.bpf.o" }),
  damaged("of another architecture", "LC_ALL=C sed s/x86_64/arm_64/ @battery@ >bad.bpf.o", { "bad.bpf.o", "arm_64" }),
  damaged("that is no BPF code",
          "cp @battery@ bad.bpf.o && printf '>' | dd of=bad.bpf.o bs=1 seek=18 conv=notrunc 2>/dev/null",
          { "bad.bpf.o" }),
  damaged("that is no object at all", "echo nothing >bad.bpf.o", { "bad.bpf.o" }),
  script("syntax error in a script", "tl.on(", 1, { "script1.lua:2" }),
  script("unknown event in a script", [[tl.on("syscall.opnat", row) tl.run()]], 1,
         { "syscall.opnat", "syscall.openat", "script1.lua:2" }),
  script("unknown field in a script", [[tl.on("syscall.openat", { fields = { "pathnam" } }, row)]], 1,
         { "pathnam", "pathname" }),
  script("an expression in a script, with the place", [[tl.on("syscall.openat", { where = "rett < 0" }, row)]], 1,
         { "script1.lua:2", "no field 'rett'; did you mean 'ret'?\nrett < 0\n^" }),
  script("a key in a script, with the place", [[tl.count { "syscall.openat", by = "pathnam" }]], 1,
         { "script1.lua:2", "by: no field 'pathnam'; did you mean 'pathname'?\npathnam\n^" }),
  script("a value in a script, with the place", [[tl.sum { "syscall.openat", value = "ret + pathname" }]], 1,
         { "script1.lua:2", "'pathname' is a string where a number is needed\nret + pathname\n      ^" }),
  script("an unknown name in where beside vars", [[tl.on("tcp.connect", { where = "dport == prt",
         vars = { port = 443 } }, row)]], 1, { "script1.lua", "prt", "port", "dport == prt\n         ^" }),
  script("an aggregate that the kernel cannot decide",
         [[assert(tl.count { "openat", by = "ret // 2", where = "contains(file, 'x')" })]], 3,
         { "'contains(file, 'x')' cannot be decided in the kernel", "put together in the script's process" }),
  script("a dead pid in a script", [[tl.on("tcp.connect", { pid = 4194303 }, row) tl.run()]], 3, { "4194303" }),
  script("error outside of callbacks", [[error "stopped by itself"]], 1, { "stopped by itself" }),
  line("what a chunk was refused, if the rest goes on without it",
       [[-d 0.1 -e 'on("openat", { pid = 2147483647 }, print) on("acct", print)']], 0,
       { "process 2147483647: no such process" }),
  refused("error in a callback: the others go on, and it is shown once", {
    script = ERROR_IN_CALLBACK, run = "open 9 /no/such/file", status = 1, says = { "went wrong here", "script1.lua:2" },
    expect = function(result)
      expect.count(result.rows, { path = "/no/such/file" }, 9)
      expect.equal(select(2, result.err:gsub("went wrong here", "")), 1, "times that it was shown")
    end }),
  refused("a full disk under -o", {
    options = "-t syscall.openat -o /dev/full", no_script = true, run = "open 2000 /no/such/file", status = 1,
    says = { "/dev/full" } }),
  refused("a closed pipe", {
    options = "-t syscall.openat -d 30", no_script = true, run = "open 20000 /no/such/file", status = 0,
    suffix = "| head -n 1", says = {},
    expect = function(result)
      expect.equal(select(2, result.out:gsub("\n", "")), 1, "lines")
      expect.ok(not result.err:find "traceback", "stderr has a traceback")
    end }),
  refused("no privileges", {
    prefix = harness.workload .. " as-nobody", options = "-t syscall.openat -d 1", no_script = true, command = false,
    status = 3, says = { "root" } }),
  refused("a kernel without BTF", {
    prefix = [[unshare -m sh -c 'mount --bind /dev/null /sys/kernel/btf/vmlinux && exec "$@"' sh]],
    options = "-t syscall.openat -d 1", no_script = true, command = false, status = 3,
    says = { "BTF", "CONFIG_DEBUG_INFO_BTF" } }),
}
