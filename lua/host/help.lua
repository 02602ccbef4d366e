-- SPDX-License-Identifier: MIT
--- help: what the program says of itself. -h, the man page and completion are made from this, and a spec holds it
--- against host.options.
--
-- An option is { TERMS, MEANING }; what a term says its value is (EVENTS, FILE …) is what completion offers.

local M = {}

M.name = "traceleft-lua"
M.answer = "trace processes of this machine with Lua"
M.usage = "traceleft-lua [options] [script [args]]"

-- For the man pages.
M.description = "Loads ready-made eBPF programs, decides in the kernel what matters, and hands every event to a Lua "
  .. "function as a table, prints it, or counts it."
M.overhead = "A hook is attached only while something asks for it. A process that is none of those that are meant "
  .. "costs a look-up; what is counted, or refused by -w, sends nothing. --explain says what runs where, and -h of a "
  .. "tool how many events it makes."
M.before_tool = "Options of traceleft-lua, such as -c CMD, -f and -d SECONDS, stand before the name of the tool."

M.intro = "The script is a path (with a slash, or - for stdin), or a tool by its name. Words after it are its own."

M.sections = {
  { "Run",
    { "-e CHUNK", "run this Lua text; on, run, every … are globals in it. May be repeated" },
    { "-i", "read Lua lines and run them: after -e, -t or a script, while what they subscribed goes on. So it does "
      .. "without anything to run on a terminal; help() in there tells more" },
    { "--watch", "run the script again when its file changes, with what its aggregates have counted" },
    { "-l MODULE", "require a module first" },
    { "-t EVENTS", "trace these events and print each. May be repeated. With commas between: names, globs, system "
      .. "calls as in strace (openat), and its classes: file desc network process memory signal ipc creds stat "
      .. "clock …, or %file; %stat is the class, stat the call" },
    { "-w EXPR", "of -t only the events for which this is true, decided in the kernel: "
      .. "'ret < 0 and comm ~= \"cron\"'" },
    { "--explain", "say where each clause runs and why, and end; --explain=code: with the instructions" },
    { "-s SIZE", "bytes that -t has of a buffer, at most 4096; 32 without it, 256 with --json. Lines have as much of "
      .. "strings (not of paths) and as many elements of lists" },
    { "-o FILE", "write what goes to stdout to FILE (not what the command of -c writes)" },
    { "--json", "print the events of -t, or what was counted, as one JSON object per line" },
    { "--csv", "as comma-separated values" },
    { "--fields FIELD,…", "of each event these fields, in columns; with --json and --csv only these" },
    { "--format TEXT", "as lines of your own: '{time} {comm:15} {pathname}'; {ret:>6} is wide and right, {flags.raw} "
      .. "the number itself" },
    { "--time KIND", "wall (on the clock), relative (from the first event), delta (since the last)",
      choices = { "wall", "relative", "delta" } },
    { "--count", "count the events of -t instead of printing them; this and the next three may be given together" },
    { "--sum FIELD", "sum up a field, or an expression" },
    { "--hist FIELD", "the histogram of one, in powers of two" },
    { "--quantile FIELD", "what half, 90 %, 99 % and 99.9 % of its values do not exceed" },
    { "--by FIELD,…", "each of these for every value of these fields; alone it counts" },
    { "--top N", "only the N greatest" },
    { "--svg FILE", "draw what was counted as bars; with --hist and --every as a heat map over time" },
    { "--every SECONDS", "print them at such intervals, not at the end, and begin anew each time" },
    { "-d SECONDS", "end after that time: 10, 10s, 500ms, 2m" },
  },
  { "Which processes",
    note = "Without these every one but the tracer. Of an option given twice either value will do; of several options "
      .. "all must hold.",
    { "-p PID,…", "these processes" },
    { "-c CMD", "run the command CMD, trace it from its first system call, and end with it. CMD is split into words as "
      .. "a shell does; there is no shell in between" },
    { "-f", "children of these too, born from now on" },
    { "--tree PID", "this process and all its descendants, those that are there already too" },
    { "--comm NAME", "by name, or glob: 'php*'" },
    { "--exe PATH", "by the program's file" },
    { "--user NAME", "by user" },
    { "--uid N, --gid N", "by number of the user, of the group" },
    { "--unit NAME, --slice NAME", "by unit or slice of systemd: nginx" },
    { "--container NAME", "by container of docker, podman, containerd, cri-o: its name, or its id or the begin of it" },
    { "--cgroup PATH", "by cgroup, or glob of such, with all below it" },
    { "--netns NS, --mntns NS, --pidns NS", "by namespace: number or path" },
    { "--tty PATH", "by terminal" },
    { "--no KEY=VALUE", "but not these: --no comm=sshd" },
    { "--target TABLE", "by a table as in a script: '{ any = { { unit = \"nginx\" }, { comm = \"php*\" } } }'" },
  },
  { "Look",
    { "--list [EVENTS]", "the events there are, with their classes; or those that a name, glob or class means" },
    { "--describe EVENT", "the fields of an event, those of an argument under it" },
    { "--scripts [GLOB]", "the tools there are: what each answers, and where it comes from; --json: for programs" },
    { "--man [TOOL]", "the man page of this program or of a tool: traceleft-lua --man opensnoop | man -l -" },
    { "--completion SHELL", "completion for bash, zsh or fish: eval \"$(traceleft-lua --completion bash)\"",
      choices = { "bash", "zsh", "fish" } },
    { "--check", "what this kernel offers" },
    { "-v, --version", "the version" },
    { "-h, --help", "this" },
  },
  { "How",
    { "--battery PATH", "read more events from this file or folder. May be repeated" },
    { "--ring SIZE", "bytes between kernel and script: 16M, 512K. Without it 4M" },
    { "--channel KIND", "ring, perf or auto", choices = { "ring", "perf", "auto" } },
  },
}

M.notes = "A script that subscribes and ends without calling run is run until Ctrl-C, -d or the end of the command."

M.examples = {
  { "netwatch", "TCP connections of the whole machine" },
  { "opensnoop -h", "what a tool can do" },
  { "-t 'tcp.*,process.exec' -d 10", "print these events for ten seconds" },
  { "-f -c 'make test' -t process.exec", "every command that a build runs" },
  { "-f -c 'make test' -t file,network -s 80", "what strace -f -y -e trace=%file,%network -s 80 shows" },
  { "-p 4242 -t 'syscall.open*' --json", "what a process opens, for other programs" },
  { "-t 'syscall.*' --by comm --top 10 -d 5", "who makes most system calls" },
  { "-t read -w 'ret > 0' --hist duration", "how long reads take" },
  { "--unit nginx -t network", "what a unit does, its workers of tomorrow included" },
  { "-e 'on(\"tcp.accept\", function(e) print(e.comm, e.saddr) end)'", "a chunk of Lua" },
  { "--describe tcp.connect", "what is known of a connect" },
}

M.status = {
  { "0", "all went well" },
  { "1", "an error of the script" },
  { "2", "wrong usage" },
  { "3", "it could not trace" },
}

-- Variables of the environment, and files.
M.environment = {
  { "TRACELEFT_PATH", "libraries of scripts, absolute folders with colons between" },
  { "XDG_DATA_HOME", "where the user's own library traceleft/ lies; ~/.local/share without it" },
  { "LUA_PATH, LUA_CPATH", "where require looks behind the libraries; entries that are not absolute are passed over" },
  { "NO_COLOR", "no colours, if it is set and not empty" },
}

M.libraries = "A library is a folder with tools in scripts/ and modules for require in lua/. They are looked for in "
  .. "those of TRACELEFT_PATH, in the source tree when the program is run from its build, in ~/.local/share/traceleft, "
  .. "in the program itself, in /usr/local/share/traceleft and in /usr/share/traceleft; never in the current folder, "
  .. "nor where anybody may write."

M.files = {
  { "~/.local/share/traceleft/", "the user's library" },
  { "/usr/local/share/traceleft/, /usr/share/traceleft/", "those of the machine" },
  { "/sys/kernel/btf/vmlinux", "the types of the running kernel; without it there is no tracing" },
}

return M
