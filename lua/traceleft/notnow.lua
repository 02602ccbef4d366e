-- SPDX-License-Identifier: MIT
--- notnow: system calls that return an error which is no failure: not now, ask again. A program that does not wait
--- gets them all the time.

local clauses = require "traceleft.clauses"

local M = {}

local function calls(words)
  local names = {}
  for word in words:gmatch "%S+" do names[#names + 1] = "syscall." .. word end
  return clauses.one_of("event", names)
end

-- They need something of which there is only so much; EAGAIN says that it is used up.
local NEEDY <const> = "clone clone3 fork vfork execve execveat setuid setreuid setresuid mlock mlock2 mlockall mmap"
  .. " mremap io_setup timer_create"

-- They were told how long to wait.
local TIMED <const> = "futex futex_wait futex_waitv mq_timedreceive mq_timedsend"

--- A clause for `where` that holds for all other errors.
M.OTHERS = clauses.all("not (error in { 'EINTR', 'EINPROGRESS', 'EALREADY' })",
                       "error ~= 'EAGAIN' or " .. calls(NEEDY),
                       "error ~= 'ETIMEDOUT' or not (" .. calls(TIMED) .. ")")

return M
