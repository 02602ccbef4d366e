-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.call.arguments", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.call.arguments") end)

  local M = fake.load "traceleft.call.arguments"

  -- "head: field field" of each group that is no common field.
  local function groups(rows)
    local texts = {}
    for _, group in ipairs(M.groups(fake.description { "syscall.x", rows })) do
      local names = {}
      for i, field in ipairs(group.fields) do names[i] = field.name end
      texts[#texts + 1] = (group.head and group.head.name or "-") .. ":" .. table.concat(names, " ")
    end
    return table.move(texts, 11, #texts, 1, {})
  end

  local function members(rows)
    local all = M.groups(fake.description { "syscall.x", rows })
    local fields, file_of = M.members(all[#all])
    local names, files = {}, {}
    for i, field in ipairs(fields) do names[i] = field.name end
    for owner, field in pairs(file_of) do files[owner] = field.name end
    return names, files
  end

  it("groups fields by the argument that they come from", function()
    assert.same({ "fd:file inode", "count:", "ret:ret_file" },
      groups { { "fd", "s32", "fd" }, { "file", "file", "", "fd" }, { "inode", "u64", "", "fd" },
               { "count", "u64" }, { "ret_file", "file", "", "ret" }, { "ret", "s64", "fd", "" } })
    assert.same({ "-:x y" }, groups { { "x", "u32", "", "z" }, { "y", "u32", "", "z" } })
  end)

  it("takes fields of no argument as such, also when nothing is said of arguments", function()
    local all = M.groups { fields = { { name = "a", type = "u32" }, { name = "b", type = "u32", arg = "" } } }
    assert.same({ "a", "b" }, { all[1].head.name, all[2].head.name })
  end)

  it("tells what a descriptor is from its details", function()
    assert.same({ {}, { fd = "file" } }, { members { { "fd", "s32", "fd" }, { "file", "file", "", "fd" },
      { "inode", "u64", "", "fd" }, { "dev", "u32", "", "fd" }, { "mntns", "u32", "", "fd" } } })
    assert.same({ {}, { dirfd = "dirfd_file" } }, { members { { "dirfd", "s32", "dirfd" },
      { "dirfd_file", "file", "", "dirfd" }, { "dirfd_inode", "u64", "", "dirfd" } } })
    assert.same({ { "a", "b" }, { a = "a_file", b = "b_file" } }, { members { { "p", "u64", "ptr" },
      { "a", "s32", "fd", "p" }, { "a_file", "file", "", "p" }, { "a_mntns", "u32", "", "p" },
      { "b", "s32", "fd", "p" }, { "b_file", "file", "", "p" } } })
    assert.same({ { "how", "pidfd" }, { pidfd = "file" } }, { members { { "p", "u64", "ptr" },
      { "how", "u32", "", "p" }, { "pidfd", "s32", "fd", "p" }, { "file", "file", "", "p" } } })
  end)

  it("keeps an inode that belongs to no file, and leaves out the parts of an address", function()
    assert.same({ { "inode" }, {} }, { members { { "p", "u64", "ptr" }, { "inode", "u64", "", "p" } } })
    assert.same({ {}, {} }, { members { { "addr", "sockaddr" }, { "saddr", "ip", "", "addr" },
                                        { "sport", "u16", "port", "addr" } } })
    assert.same({ { "addr", "data" }, {} }, { members { { "msg", "u64", "ptr" }, { "addr", "sockaddr", "", "msg" },
      { "daddr", "ip", "", "msg" }, { "dport", "u16", "port", "msg" }, { "data", "bytes", "", "msg" } } })
    assert.same({ { "ip" }, {} }, { members { { "p", "u64", "ptr" }, { "ip", "ip", "", "p" } } })
  end)
end)
