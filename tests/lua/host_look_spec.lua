-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("host.look", function()
  it("touches no global", function() assert.same({}, fake.new_globals "host.look") end)

  local M
  before_each(function() M = fake.load "host.look" end)

  it("lists events with their classes", function()
    assert.equal("syscall.open     file,desc\nsyscall.openat   file,desc\nsyscall.openat2  file,desc\n"
      .. "syscall.stat     file,stat\n", M.list "file")
    assert.equal("syscall.stat   file,stat\nsyscall.fstat  desc,stat\n", M.list "%stat")
    assert.equal("process.exec\nprocess.exit\nsyscall.open     file,desc\n", (M.list():match "^.-open .-\n"))
  end)

  it("has no column of classes where there are none", function()
    assert.equal("tcp.accept\ntcp.close\ntcp.connect\ntcp.listen\n", M.list "tcp.*")
  end)

  it("says what is wrong with a word", function()
    assert.same({ nil, "no class 'fil' (did you mean '%file'?)" }, { M.list "%fil" })
    assert.same({ nil, "no event matches 'udp.*'" }, { M.list "udp.*" })
    assert.same({ nil, "--list: bad glob '[': the [ has no ]" }, { M.list "[" })
    assert.same({ nil, "--describe: bad glob '[': the [ has no ]" }, { M.describe "[" })
    assert.same({ nil, "no event 'opnat' (did you mean 'openat'?)" }, { M.describe "opnat" })
    assert.same({ nil, "'file' means 4 events; --list file names them" }, { M.describe "file" })
  end)

  it("shows the fields of an argument under it", function()
    local text = M.describe "fstat"
    assert.equal("syscall.fstat: \nclass desc,stat\n", text:match "^.-\n.-\n")
    assert.equal("\n  fd        s32    fd\n    file    file\n    inode   u64    inode\n  ret ",
                 text:match "\n  fd .-\n  ret ")
  end)

  it("shows the members of an array under it", function()
    local text = M.describe "syscall.poll"
    assert.equal("\n  fds       array  array:pollfd\n    fd      s32    fd\n    events  s16\n  nfds ",
                 text:match "\n  fds .-\n  nfds ")
  end)

  it("hands on why there is no session", function()
    fake.refuse_open = { "no BTF", "ENOENT" }
    assert.same({ nil, "no BTF", "ENOENT" }, { M.list() })
    assert.same({ nil, "no BTF", "ENOENT" }, { M.describe "openat" })
  end)
end)
