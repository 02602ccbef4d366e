-- SPDX-License-Identifier: MIT
--- Lines of -t, by class, by name and by glob, as a strace user reads them; and hostile bytes in them.

local expect  = require "expect"
local harness = require "harness"
local json    = require "strict_json"

-- The line without time, pid and duration; numbers that differ from run to run are given by names.
local function bare(line, result)
  local text = line:match "^%d%d:%d%d:%d%d%.%d+ workload%[%d+%] (.*)$"
  expect.ok(text, "line: %s", line)
  text = text:gsub(" [%d.]+[^%s%d]*s$", " DURATION"):gsub("%[%d%d+%]", "[N]")
  return (text:gsub("kill%(%d+,", "kill(PID,"):gsub(result.dir:gsub("%p", "%%%0"), "@dir@"))
end

local function lines_of(result, file)
  local list = {}
  for line in harness.read(result.dir .. "/" .. (file or "lines")):gmatch "([^\n]*)\n" do
    list[#list + 1] = bare(line, result)
  end
  return list
end

-- What the start of a program does, which is not always the same.
local START = { execve = true, readlink = true, readlinkat = true, brk = true, arch_prctl = true, fstat = true,
                newfstatat = true, write = true, exit_group = true, getrandom = true, prlimit64 = true }

-- Lines of -t WORDS for `workload classes`, without those of the program's start and end.
local function class(words, wanted)
  return { name = "lines: -t " .. words, no_script = true, options = "-o @dir@/lines -t '" .. words .. "'",
           run = "classes",
           expect = function(result)
             local found = {}
             for _, line in ipairs(lines_of(result)) do
               local call = line:match "^[%w_]+"
               local own = not START[call] and not line:find "^mprotect%(0x%x%x?%x?%x?%x?%x?%x?,"
               if own then found[#found + 1] = line end
             end
             expect.equal(found, wanted, "lines")
           end }
end

local OPENAT   = 'openat(AT_FDCWD, "/dev/null", O_RDONLY|O_CLOEXEC) = 3</dev/null> DURATION'
local ACCESS   = 'access("/no/such/file", R_OK|W_OK) = -1 ENOENT (No such file or directory) DURATION'
local DUP3     = "dup3(3</dev/null>, 500, O_CLOEXEC) = 500</dev/null> DURATION"
local SOCKET   = "socket(AF_UNIX, SOCK_DGRAM|SOCK_CLOEXEC, 0) = 4<UNIX [N]> DURATION"
local SHUTDOWN = "shutdown(499, SHUT_WR) = -1 EBADF (Bad file descriptor) DURATION"
local MMAP     = "mmap(0x10000000000, 4096, PROT_READ, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = 0x10000000000"
                 .. " DURATION"
local MPROTECT = "mprotect(0x10000000000, 4096, PROT_NONE) = 0 DURATION"
local MUNMAP   = "munmap(0x10000000000, 4096) = 0 DURATION"
local MASK     = "rt_sigprocmask(SIG_BLOCK, [USR1], NULL, 8) = 0 DURATION"
local KILL     = "kill(PID, 0) = 0 DURATION"
local SEMGET   = "semget(0x1234567, 0, 0) = -1 ENOENT (No such file or directory) DURATION"
local WAIT     = "wait4(-1, …, WNOHANG, NULL) = -1 ECHILD (No child processes) DURATION"
local PIPE     = "pipe2([5<pipe:[N]>, 6<pipe:[N]>], 0) = 0 DURATION"

-- Lines and objects of `workload odd-name`, whose thread, path, file and bytes are full of traps.
local ODD = [[\x1b[2J\n\xff\xc3\r\"\\x]]
local RAW = "\x1b[2J\n\xff\xc3\r\"\\x"

return {
  class("file", { OPENAT, ACCESS }),
  class("%desc", { OPENAT, DUP3, MMAP, PIPE }),
  class("network", { SOCKET, SHUTDOWN }),
  class("process", { KILL, WAIT }),
  class("memory", { MMAP, MPROTECT, MUNMAP }),
  class("signal", { MASK, KILL }),
  class("ipc", { SEMGET }),
  class("ipc,network,wait4", { SOCKET, SHUTDOWN, SEMGET, WAIT }),
  class("syscall.dup*,syscall.sem*", { DUP3, SEMGET }),
  { name = "lines: the begin and the end of a program", no_script = true, run = "exit 3",
    options = "-o @dir@/lines -t process",
    expect = function(result)
      local list = lines_of(result)
      -- Strings are cut after 32 bytes, and how long the second one is depends on the folder.
      local line = list[1]:gsub('"…,', '",')
      expect.ok(line:find '^execve%("[^"]*workload", %["[^"]+", "exit", "3"%], %[/%* %d+ vars %*/%]%) = 0',
                "line: %s", list[1])
      expect.equal(list[2], "exit_group(3) = ?", "line")
      expect.equal(#list, 2, "lines")
    end },
  { name = "lines: a word that means nothing", no_script = true, command = false, options = "-t filee", status = 2,
    err = "filee",
    expect = function() end },
  { name = "lines: names and bytes that a terminal would obey", no_script = true, run = "odd-name @dir@",
    options = "-t openat,write,access -o @dir@/lines",
    expect = function(result)
      local text = harness.read(result.dir .. "/lines")
      expect.ok(not text:find "[\0-\x08\x0b-\x1f\x7f]", "control characters in %s", expect.show(text))
      expect.ok(utf8.len(text), "no UTF-8: %s", expect.show(text))
      local lines = {}
      for line in text:gmatch "[^\n]+" do lines[#lines + 1] = line end
      expect.equal(#lines, 3, "lines")
      for _, line in ipairs(lines) do
        expect.ok(line:find("[2J\\n\\xff\\xc3\\r", 1, true), "line: %s", line)
        expect.ok(line:find([[ \x1b]0;\n\xfe"x[]], 1, true), "comm: %s", line)
      end
      expect.ok(lines[3]:find('access("' .. ODD .. '", F_OK) = -1 ENOENT', 1, true), "line: %s", lines[3])
      local file = "<" .. result.dir .. [[/\x1b[2J\n\xff\xc3\r"\\x> ]]
      expect.ok(lines[1]:find(file, 1, true), "line: %s", lines[1])
    end },
  { name = "json: names and bytes that are no text", no_script = true, run = "odd-name @dir@",
    options = "--json -t openat,write,access -o @dir@/lines",
    expect = function(result)
      local text = harness.read(result.dir .. "/lines")
      local hex = RAW:gsub(".", function(char) return ("%02x"):format(char:byte()) end)
      expect.ok(not text:find "[\0-\x09\x0b-\x1f]", "control characters")
      local rows = json.lines(text)
      expect.equal(#rows, 3, "objects")
      expect.fields(rows[2], { event = "syscall.write", buf_bytes = hex, ret = #RAW,
                               comm_bytes = "1b5d303b0afe2278" })
      expect.fields(rows[3], { event = "syscall.access", pathname_bytes = hex, error = "ENOENT" })
      expect.ok(rows[1].file_bytes:sub(-#hex) == hex, "file")
    end },
  { name = "script: names and bytes that are no text", run = "odd-name @dir@",
    events = { "syscall.openat", "syscall.write", "syscall.access" },
    expect = function(result)
      local function one(name) return expect.one(result.rows, { event = "syscall." .. name }) end
      expect.fields(one "access", { pathname = RAW, comm = "\x1b]0;\n\xfe\"x" })
      expect.fields(one "write", { buf = RAW, file = result.dir .. "/" .. RAW })
    end },
}
