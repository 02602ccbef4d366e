-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.request.names", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.request.names") end)

  local M, session
  before_each(function()
    local tl = fake.load "traceleft"
    M = require "traceleft.request.names"
    session = tl.open()
  end)

  local function find(word)
    local events, wrong = M.find(session, word)
    return events and table.concat(events, " "):gsub("syscall%.", "") or wrong
  end

  it("takes names and globs", function()
    assert.equal("openat", find "syscall.openat")
    assert.equal("open openat openat2", find "syscall.open*")
    assert.equal("tcp.accept", find "tcp.[a]*")
    assert.equal("no event matches 'udp.*'", find "udp.*")
    assert.equal("bad glob '[': the [ has no ]", find "[")
  end)

  it("takes a system call by what strace calls it", function()
    assert.equal("openat", find "openat")
    assert.equal("no event matches 'openat*'", find "openat*")
  end)

  it("takes classes, with and without a %", function()
    assert.equal("open openat openat2 poll read fstat", find "desc")
    assert.equal("open openat openat2 poll read fstat", find "%desc")
    assert.equal("open openat openat2 stat", find "file")
  end)

  it("takes a call before a class of the same name, as strace does", function()
    assert.equal("stat", find "stat")
    assert.equal("stat fstat", find "%stat")
  end)

  it("guesses what was meant", function()
    assert.equal("no event 'syscall.opnat' (did you mean 'syscall.openat'?)", find "syscall.opnat")
    assert.equal("no event 'opnat' (did you mean 'openat'?)", find "opnat")
    assert.equal("no event 'fil' (did you mean 'file'?)", find "fil")
    assert.equal("no class 'dsc' (did you mean '%desc'?)", find "%dsc")
    assert.equal("no class 'openat'", find "%openat")
    assert.equal("no event 'xyzzy'", find "xyzzy")
  end)

  it("lists the classes", function() assert.same({ "desc", "file", "stat" }, M.classes(session)) end)
end)
