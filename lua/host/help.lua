-- SPDX-License-Identifier: MIT
--- help: what -h prints.

return [==[
traceleft-lua - trace processes of this machine with Lua

Usage: traceleft-lua [options] [script [args]]

The script is a path (with a slash, or - for stdin), or a tool by its name. Words after it are its own.

Run
  -e CHUNK         run this Lua text; on, run, every … are globals in it. May be repeated
  -l MODULE        require a module first
  -t EVENTS        trace these events and print each. May be repeated. With commas between: names, globs, system
                   calls as in strace (openat), and its classes: file desc network process memory signal ipc creds
                   stat clock …, or %file; %stat is the class, stat the call
  -w EXPR          of -t only the events for which this is true, decided in the kernel: 'ret < 0 and comm ~= "cron"'
  --explain        say where each clause runs and why, and end; --explain=code: with the instructions
  -s SIZE          bytes that -t has of a buffer, at most 4096; 32 without it, 256 with --json. Lines have as much
                   of strings (not of paths) and as many elements of lists
  -o FILE          write what goes to stdout to FILE (not what the command of -c writes)
  --json           print the events of -t, or what was counted, as one JSON object per line
  --csv            as comma-separated values
  --fields F,…     of each event these fields, in columns; with --json and --csv only these
  --format TEXT    as lines of your own: '{time} {comm:15} {pathname}'; {ret:>6} is wide and right, {flags.raw} the
                   number itself
  --time KIND      wall (on the clock), relative (from the first event), delta (since the last)
  --count          count the events of -t instead of printing them; this and the next three may be given together
  --sum FIELD      sum up a field, or an expression
  --hist FIELD     the histogram of one, in powers of two
  --quantile FIELD what half, 90 %, 99 % and 99.9 % of its values do not exceed
  --by FIELD,…     each of these for every value of these fields; alone it counts
  --top N          only the N greatest
  --svg FILE       draw what was counted as bars; with --hist and --every as a heat map over time
  --every SECONDS  print them at such intervals, not at the end, and begin anew each time
  -d SECONDS       end after that time: 10, 10s, 500ms, 2m

Which processes; without these every one but the tracer
  -p PID,…         these
  -c CMD           run the command CMD, trace it from its first system call, and end with it. CMD is split into
                   words as a shell does; there is no shell in between
  -f               children of these too, born from now on
  --tree PID       this process and all its descendants, those that are there already too
  --comm NAME      by name, or glob: 'php*'
  --exe PATH       by the program's file
  --user NAME, --uid N, --gid N
  --unit NAME, --slice NAME, --container NAME
                   by unit of systemd (nginx), by container of docker, podman, containerd, cri-o: its name, or its
                   id or the begin of it
  --cgroup PATH    by cgroup, or glob of such, with all below it
  --netns NS, --mntns NS, --pidns NS, --tty PATH
                   by namespace (number or path), by terminal
  --no KEY=VALUE   but not these: --no comm=sshd
  --target TABLE   by a table as in a script: '{ any = { { unit = "nginx" }, { comm = "php*" } } }'
                   Of an option given twice either value will do; of several options all must hold.

Look
  --list [EVENTS]  the events there are, with their classes; or those that a name, glob or class means
  --describe EVENT the fields of an event, those of an argument under it
  --check          what this kernel offers
  -v, --version    the version
  -h, --help       this

How
  --battery PATH   read more events from this file or folder. May be repeated
  --ring SIZE      bytes between kernel and script: 16M, 512K. Without it 4M
  --channel KIND   ring, perf or auto

A script that subscribes and ends without calling run is run until Ctrl-C, -d or the end of the command.

Examples
  traceleft-lua netwatch                                 TCP connections of the whole machine
  traceleft-lua opensnoop -h                             what a tool can do
  traceleft-lua -t 'tcp.*,process.exec' -d 10            print these events for ten seconds
  traceleft-lua -f -c 'make test' -t process.exec        every command that a build runs
  traceleft-lua -f -c 'make test' -t file,network -s 80  what strace -f -y -e trace=%file,%network -s 80 shows
  traceleft-lua -p 4242 -t 'syscall.open*' --json        what a process opens, for other programs
  traceleft-lua -t syscall.* --by comm --top 10 -d 5     who makes most system calls
  traceleft-lua -t read -w 'ret > 0' --hist duration     how long reads take
  traceleft-lua --unit nginx -t network                  what a unit does, its workers of tomorrow included
  traceleft-lua -e 'on("tcp.accept", function(e) print(e.comm, e.saddr) end)'
  traceleft-lua --describe tcp.connect                   what is known of a connect

Exit status: 0; 1 an error of the script; 2 wrong usage; 3 it could not trace.
Tools are looked for in the program, in the folders of TRACELEFT_PATH (with colons between), in
~/.local/share/traceleft/scripts and in traceleft/scripts of /usr/local/share and /usr/share.
]==]
