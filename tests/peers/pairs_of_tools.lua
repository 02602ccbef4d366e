-- SPDX-License-Identifier: MIT
-- Our tools and the classic ones that answer the same question, each pair tried on one load that both see at the same
-- time.
--
--   ours    a tool and its words; peer: a program of libbpf-tools, or a script of bpftrace's (*.bt)
--   load    a command; W stands for tests/kernel/workload under the name of load1, FOLDER for a folder of its own
--   lines   patterns of lines, ours first, or lists of patterns: there are as many of one as of the other
--   n       how many that are; nil: they need only agree
--   sum     instead of lines: patterns whose numbers are summed up
--   slack   so many more they may have: calls of the load's process before it was load1
--   more    so many more we have: the execve that makes load1 ends under its name, and began under another
--   kprobes the peer needs them
--   never   why the peer cannot be asked at all

return {
  { ours = "opensnoop", peer = "opensnoop", load = "W open 23 /no/such/file", n = 23,
    lines = { "load1 .*ENOENT +/no/such/file$", "load1 .* 2 +/no/such/file" } },
  { ours = "opensnoop -x", peer = "opensnoop.bt", load = "W open 23 /no/such/file", n = 23,
    lines = { "load1 .*ENOENT +/no/such/file$", "load1 .* 2 +/no/such/file" } },
  { ours = "execsnoop", peer = "execsnoop", load = "W exec 23", n = 23,
    lines = { "workload true number%-%d+$", "true number%-%d+" } },
  { ours = "execsnoop", peer = "execsnoop.bt", load = "W exec 23", n = 23,
    lines = { "workload true number%-%d+$", "workload true number%-%d+" } },
  { ours = "exitsnoop", peer = "exitsnoop", load = "W births 23", n = 70,
    lines = { "load1 .*[%u%d]$", "^load1 " } },
  { ours = "exitsnoop -x", peer = "exitsnoop -x", load = "W births 23", n = 46,
    lines = { "load1 .*[%u%d]$", "^load1 " } },
  { ours = "statsnoop", peer = "statsnoop", load = "W stats FOLDER 23",
    never = "it looks for tracepoints by names that there are not, and attaches none" },
  { ours = "statsnoop", peer = "statsnoop.bt", load = "W stats FOLDER 23", n = 138, -- it knows no newfstatat
    lines = { "load1 +l?stat[xfs]* +%S+ +/", "load1 +%d+ +/" } },
  { ours = "setuids", peer = "setuids.bt", load = "W identities 23", n = 93,        -- it knows these three calls
    lines = { { "load1 .* setf?s?uid%(", "load1 .* setresuid%(" },
              { "load1 .* setf?s?uid ", "load1 .* setresuid " } } },
  { ours = "syncsnoop", peer = "syncsnoop.bt", load = "W syncs FOLDER 23", n = 115,
    lines = { "load1 .*sync", "load1 .*sync" } },
  { ours = "mountsnoop", peer = "mountsnoop", load = "W mounts FOLDER 23", n = 70,
    lines = { "load1 .*mount2?%(", "load1 .*mount%(" } },
  { ours = "syscount -P --csv", peer = "syscount -P -T 10000", load = "W closes 30000",
    sum = { "load1,%d+,(%d+)", "load1%s+(%d+)" }, slack = 30 },
  { ours = "syscount -P --csv", peer = "syscount.bt", load = "W closes 30000",
    sum = { "load1,%d+,(%d+)", "@process%[load1%]: (%d+)" }, more = 1 },
  { ours = "filetop", peer = "filetop", load = "W transfers FOLDER 23", kprobes = true, n = 2,
    lines = { "load1 .*/[oi][un]t?0$", "load1 .* [oi][un]t?0" } },
  { ours = "filelife", peer = "filelife", load = "W lives FOLDER 22 1", kprobes = true, n = 23,
    lines = { "/brief%d+$", "brief%d+" } },
  { ours = "fileslower -m 0", peer = "fsslower -t ext4 -m 0", load = "W transfers FOLDER 23", kprobes = true, n = 46,
    lines = { "load1 .*/[oi][un]t?0$", "load1 .* [oi][un]t?0" } },
  { ours = "threadsnoop", peer = "threadsnoop.bt", load = "W births 23",
    never = "it traces libpthread.so, which has had no threads since glibc 2.34" },
  { ours = "forksnoop", peer = "pidpersec.bt", load = "W births 23", never = "it counts those of the whole machine" },
  { ours = "tcplife", peer = "tcplife", load = "W storm 23 1", n = 46, lines = { " load1 ", " load1 " } },
  { ours = "tcpstates", peer = "tcpstates", load = "W storm 23 1", n = 23,
    lines = { " load1 .* SYN_SENT +ESTABLISHED ", " load1 .* SYN_SENT +%-> ESTABLISHED" } },
  { ours = "sigsnoop", peer = "sigsnoop", load = "W kills 23", n = 46,
    lines = { " load1 +SIGUSR1 ", " load1 +10 " } },
  { ours = "killsnoop", peer = "killsnoop", load = "W kills 23", n = 93,
    lines = { " load1 +t?g?kill +SIG", " load1 +%d+ +%d+ +%d+" } },
  { ours = "killsnoop", peer = "killsnoop.bt", load = "W kills 23", n = 70,
    lines = { " load1 +kill +SIG", " load1 +%d+ +%d+ +%d+" } },
  { ours = "tcpdrop", peer = "tcpdrop.bt", load = "W lose 3", never = "it needs the kernel's headers" },
  { ours = "tcpconnect", peer = "tcpconnect", load = "W storm 23 1", kprobes = true, n = 23,
    lines = { " load1 ", " load1 " } },
  { ours = "tcpconnlat", peer = "tcpconnlat", load = "W storm 23 1", kprobes = true, n = 23,
    lines = { " load1 ", " load1 " } },
  { ours = "tcpaccept", peer = "tcpaccept.bt", load = "W storm 23 1", kprobes = true, n = 23,
    lines = { " load1 ", " load1 " } },
  { ours = "tcpretrans", peer = "tcpretrans.bt", load = "W lose 3", kprobes = true,
    lines = { " load1 .* ESTABLISHED ", " ESTABLISHED" } },
  { ours = "solisten", peer = "solisten", load = "W listen", kprobes = true, n = 2,
    lines = { " load1 .*:%d+ +[56] ", "load1 .* [56] " } },
}
