-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("host.select", function()
  package.path = "lua/?.lua;" .. package.path
  local options, M
  before_each(function()
    options = fake.load "host.options"
    M = require "host.select"
  end)

  local function target(...)
    local opts, wrong = options.parse { [0] = "traceleft-lua", ... }
    if not opts then return nil, wrong end
    return M.target(opts)
  end

  it("makes a target of options: of one given twice either, of several all", function()
    assert.same({ comm = { "sh", "php*" }, uid = { 0 } }, target("--comm", "sh", "--comm=php*", "--uid", "0"))
    assert.same({ unit = { "nginx" }, pid = { 5 }, follow = true }, target("-p", "5", "-f", "--unit", "nginx"))
    assert.same({ no = { { comm = "sshd" }, { pid = 7 } } }, target("--no", "comm=sshd", "--no", "pid=7"))
    assert.same({ all = { { any = { { comm = "sh" }, { uid = 0 } } } } },
                target("--target", "{ any = { { comm = 'sh' }, { uid = 0 } } }"))
    assert.is_nil(target("-p", "5"))
  end)

  it("has the command of -c in it", function()
    assert.same({ comm = { "sh" }, command = { 9 } }, M.target({ select = { comm = { "sh" } } }, { pid = 9 }))
  end)

  it("says what is wrong", function()
    assert.same({ nil, "--uid: 'root' is no number; --user takes names" }, { target("--uid", "root") })
    assert.same({ nil, "--no: 'sshd' is not KEY=VALUE, such as comm=sshd" }, { target("--no", "sshd") })
    assert.same({ nil, "--target: a table such as { any = { { comm = 'sh' }, { uid = 33 } } } expected" },
                { target("--target", "5") })
    assert.truthy(select(2, target("--target", "os.exit()")):find "^%-%-target: ")
    assert.equal("--target: any[1]: uid: 'x' is no number of a user or group; say user = 'x'",
                 (M.check { all = { { any = { { uid = "x" } } } } }))
    assert.equal("--target: no option 'unti' (did you mean 'unit'?)", (M.check { all = { { unti = "x" } } }))
    assert.equal("--no: no option 'com' (did you mean 'comm'?)", (M.check { no = { { com = "x" } } }))
    assert.equal("-f: children of which process? give -p or -c", (M.check { no = { { comm = "x" } }, follow = true }))
    assert.same({ nil, { message = "cgroups: none are mounted here", name = "ENOENT" } }, { M.check { unit = "x" } })
    assert.is_nil(M.check(nil))
  end)
end)
