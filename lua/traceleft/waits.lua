-- SPDX-License-Identifier: MIT
--- waits: system calls that take long because they are there to wait: for time to pass, a child to end, a connection,
--- something to read. That they do says nothing of the machine.
--
--   local calls, where = waits.others(asked.calls(opts.calls), opts.calls)

local M = {}

local WAITING, READING = {}, {}
for name in ("nanosleep clock_nanosleep poll ppoll select pselect6 epoll_wait epoll_pwait epoll_pwait2 futex futex_wait"
  .. " futex_waitv wait4 waitid pause rt_sigsuspend rt_sigtimedwait io_getevents io_pgetevents io_uring_enter accept"
  .. " accept4 msgrcv mq_timedreceive semop semtimedop restart_syscall"):gmatch "%S+" do
  WAITING["syscall." .. name] = true
end
for name in ("read readv"):gmatch "%S+" do READING["syscall." .. name] = true end

-- Reads wait for who types, for the other end of a pipe, for a timer; not for a disk.
local QUIET <const> = "starts(file, 'pipe:') or starts(file, 'anon_inode:') or starts(file, '/dev/pts/') or "
  .. "file in { '/dev/tty', '/dev/console', '/dev/tty1', '/dev/tty2', '/dev/ttyS0', '/dev/hvc0' }"

--- Those of the calls that do not wait by their nature, or were named, not only meant by a class or glob; if that
--- leaves none, all. where: of reads, only those of what does not wait.
---@param calls string[] names of events
---@param words string[] what the user said, from which they come
---@return string[] calls
---@return string? where
function M.others(calls, words)
  local named, left, reads = {}, {}, {}
  for _, word in ipairs(words) do named[word], named["syscall." .. word] = true, true end
  for _, call in ipairs(calls) do
    if named[call] or not WAITING[call] then left[#left + 1] = call end
    if READING[call] and not named[call] then reads[#reads + 1] = ("'%s'"):format(call) end
  end
  if #left == 0 then return calls end
  if #reads == 0 then return left end
  return left, ("not (event in { %s } and (%s))"):format(table.concat(reads, ", "), QUIET)
end

return M
