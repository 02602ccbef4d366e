-- SPDX-License-Identifier: MIT
local explain = require "traceleft.session.explain"

local function row(event, clause, where, why, instructions, code)
  return { event = event, clause = clause, where = where, why = why or "", instructions = instructions or 0,
           code = code }
end

describe("traceleft.session.explain", function()
  it("says of each event where its clauses run and why", function()
    assert.equal([[
syscall.openat
  ret < 0: kernel, before the handler, in a program of 80 instructions
  starts(pathname, '/'): kernel, after the handler, in a program of 90 instructions; not earlier: no pathname yet
  in the end: sent to the tracer's process
]], explain.text {
      row("syscall.openat", "ret < 0", "kernel, before the handler", "", 80),
      row("syscall.openat", "starts(pathname, '/')", "kernel, after the handler", "no pathname yet", 90),
      row("syscall.openat", nil, "sent to the tracer's process"),
    })
  end)

  it("says once what many events have in common", function()
    local rows = {}
    for i = 1, 5 do rows[i] = row("e" .. i, nil, "kernel, before the handler", "", 7) end
    assert.equal("e1, e2, e3 and 2 more\n  in the end: kernel, before the handler, in a program of 7 instructions\n",
                 explain.text(rows))
  end)

  it("shows instructions that are there", function()
    assert.equal("e\n  in the end: kernel, in a program of 1 instructions\n       0: exit\n",
                 explain.text { row("e", nil, "kernel", "", 1, { "   0: exit" }) })
  end)
end)
