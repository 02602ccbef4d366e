-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.request.target", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.request.target") end)

  local M
  before_each(function()
    M = fake.load "traceleft.request.target"
    fake.cgroups = { "/", "/system.slice", "/system.slice/nginx.service", "/docker/" .. ("ab12"):rep(16) }
    fake.files["/usr/bin/sed"], fake.files["/run/netns/blue"], fake.files["/dev/pts/3"] = 11, 22, 33
    fake.devices["/dev/pts/3"], fake.kinds["/run/netns/blue"] = 34819, "net"
  end)

  local function simple(kind, list)
    return { kind = kind, [type(list[1]) == "number" and "numbers" or "texts"] = list }
  end

  it("takes each word, a value or a list", function()
    local cases = {
      { { pid = 5 }, "pid", { 5 } }, { { tree = { 5, 6 } }, "tree", { 5, 6 } }, { { command = 9 }, "command", { 9 } },
      { { comm = "php*" }, "comm", { "php*" } }, { { exe = "/usr/bin/sed" }, "exe", { "/usr/bin/sed" } },
      { { uid = 0 }, "uid", { 0 } }, { { user = "root" }, "uid", { 0 } }, { { gid = { 0, 33 } }, "gid", { 0, 33 } },
      { { cgroup = "/system.slice" }, "cgroup", { "/system.slice" } },
      { { unit = "nginx" }, "cgroup_name", { "nginx.service" } },
      { { slice = "system" }, "cgroup_name", { "system.slice" } },
      { { container = "ab12" }, "cgroup", { "/docker/" .. ("ab12"):rep(16) } },
      { { netns = "blue" }, "netns", { 22 } }, { { mntns = 4026531840 }, "mntns", { 4026531840 } },
      { { pidns = "pid:[4026531836]" }, "pidns", { 4026531836 } }, { { tty = "pts/3" }, "tty", { 34819 } },
    }
    for _, case in ipairs(cases) do assert.same(simple(case[2], case[3]), (M.make(case[1]))) end
  end)

  it("wants all that a table says, one of any, none of no", function()
    local sh, root = simple("comm", { "sh" }), simple("uid", { 0 })
    assert.same({ kind = "all", parts = { sh, root } }, (M.make { uid = 0, comm = "sh" }))
    assert.same({ kind = "any", parts = { sh, root } }, (M.make { any = { { comm = "sh" }, { uid = 0 } } }))
    assert.same({ kind = "no", parts = { sh } }, (M.make { no = { comm = "sh" } }))
    local no = { kind = "no", parts = { sh, { kind = "all", parts = { sh, root } } } }
    assert.same({ kind = "all", parts = { root, no } },
                (M.make { uid = 0, no = { { comm = "sh" }, { comm = "sh", uid = 0 } } }))
  end)

  it("follows what it selects, and not what it leaves out", function()
    local sh = simple("comm", { "sh" })
    local follow = { kind = "follow", parts = { { kind = "all", parts = { simple("pid", { 1 }) } } } }
    assert.same({ kind = "all", parts = { follow, { kind = "no", parts = { sh } } } },
                (M.make { pid = 1, follow = true, no = { comm = "sh" } }))
  end)

  it("says what is wrong with the words", function()
    local cases = {
      { 5, "target: table expected, got number" }, { {}, "target: the table is empty" },
      { { com = "x" }, "target: no option 'com' (did you mean 'comm'?)" },
      { { "sh" }, "target: sh: a word goes before it, such as comm = 'sh'" },
      { { comm = "x", on_enter = print }, "target: on_enter: goes beside it, not into it" },
      { { uid = "root" }, "uid: 'root' is no number of a user or group; say user = 'root'" },
      { { pid = "x" }, "pid: 'x' is no process id" }, { { pid = {} }, "pid: the list is empty" },
      { { comm = 5 }, "comm: text expected, got number" }, { { comm = "" }, "comm: text expected, got an empty one" },
      { { comm = "a[" }, "comm: bad glob 'a[': the [ has no ]" },
      { { uid = -1 }, "uid: '-1' is no number of a user or group" }, { { netns = -5 }, "netns: '-5' is no namespace" },
      { { follow = true }, "follow: of no process; give pid too" },
      { { pid = 1, follow = 1 }, "follow: boolean expected, got number" },
      { { any = 5 }, "any: a list of tables expected, got number" },
      { { any = { 5 } }, "any[1]: a table such as { comm = 'sh' } expected" },
      { { any = { { comm = "x" }, { uid = "x" } } },
        "any[2]: uid: 'x' is no number of a user or group; say user = 'x'" },
      { { no = { self = true } }, "no: self: goes into the outermost table" },
    }
    for _, case in ipairs(cases) do assert.same({ nil, case[2] }, { M.make(case[1]) }) end
  end)

  it("tells what is not there from what is wrong", function()
    local _, wrong, refused = M.make { any = { { pid = 1 }, { unit = "ngimx" } } }
    assert.is_nil(wrong)
    assert.same({ message = "unit 'ngimx.service': no such unit (did you mean 'nginx.service'?)", name = "ENOENT" },
                refused)
  end)

  it("knows whether a table names processes", function()
    assert.is_true(M.is_named { comm = "x" })
    assert.is_true(M.is_named { self = true })
    assert.is_false(M.is_named { follow = true })
  end)
end)
