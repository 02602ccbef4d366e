-- SPDX-License-Identifier: MIT
-- luacheck: std +busted
local fixture = require "tests.battery.fixture"
local headers = require "battery.gen.headers"
local kinds   = require "battery.gen.kinds"
local layouts = require "battery.gen.layouts"

local function real(list, expressions, define) return headers.values(list, expressions, "cc", define) end

local function refused(structs, message)
  local ok, got = pcall(layouts.resolve, { odd = true }, structs, real)
  assert.is_false(ok)
  assert.are.equal(message, got)
end

describe("layouts", function()
  it("say where the members of an element lie, by the names of the members in C", function()
    assert.are.same({ { name = "pair", size = 8, members = {
      { name = "fd", type = "s32", meaning = "fd", doc = "The descriptor.", offset = 0, size = 4 },
      { name = "revents", type = "u16", meaning = "flags:colours", doc = "What.", offset = 4, size = 2 },
    } } }, layouts.resolve({ pair = true }, fixture.structs, fixture.values))
  end)

  it("are what the compiler says: holes, nested members, structs of no header", function()
    local structs = {
      odd = { c = "struct tl_odd", header = "linux/types.h",
              fields = { { "a", "u8" }, { "b", "u64" }, { "c", "s16", from = "in[1].x" } },
              define = "struct tl_odd { __u8 a; __u64 b; struct { __s16 x, y; } in[2]; };" },
    }
    local odd = layouts.resolve({ odd = true }, structs, real)[1]
    local offsets = {}
    for i, member in ipairs(odd.members) do offsets[i] = member.offset end
    assert.are.same({ 0, 8, 20 }, offsets)
    assert.are.equal(24, odd.size)
    assert.are.same({ "", "" }, { odd.members[1].meaning, odd.members[3].meaning })
  end)

  it("come by name, however the table goes", function()
    local structs = {}
    for letter in ("qwertyuiop"):gmatch "." do
      structs[letter] = { c = "int", header = "linux/types.h", fields = {} }
    end
    local wanted, names = {}, {}
    for letter in pairs(structs) do wanted[letter] = true end
    for i, layout in ipairs(layouts.resolve(wanted, structs, function() return { 4 } end)) do names[i] = layout.name end
    assert.are.equal("eiopqrtuwy", table.concat(names))
  end)

  it("are numbers only", function()
    for _, kind in ipairs { "chars", "str", "bool", "ip" } do
      refused({ odd = { c = "int", header = "linux/types.h", fields = { { "a", kind } } } },
              ("structs.lua: odd.a: a member of an array cannot be a %s"):format(kind))
    end
    refused({ odd = { c = "int", header = "linux/types.h", fields = { { "a" } } } },
            "structs.lua: odd.a: a member of an array cannot be a nil")
  end)
end)

describe("kinds", function()
  local function find(name) return kinds.find(name, fixture.structs) end

  it("of a struct make a field of the pointer, and one of each member", function()
    for form in pairs { ["in"] = true, out = true, inout = true } do
      local kind = find(form .. ":thing")
      local names = {}
      for i, row in ipairs(kind.fields) do names[i] = tostring(row[1]) end
      assert.are.same({ "struct", form, "nil how fd second" }, { kind.read, kind.form, table.concat(names, " ") })
      assert.are.same({ "u64", "ptr" }, { kind.fields[1][2], kind.fields[1][3] })
      assert.are.same({ "nested[1]", "how" }, { kind.fields[4].from, kind.fields[2].from })
    end
  end)

  it("of an array name its layout", function()
    for _, form in ipairs { "array_in", "array_out" } do
      local kind = find(form .. ":pair")
      assert.are.same({ "array", "pair", "array:pair" }, { kind.read, kind.layout, kind.fields[1][3] })
    end
  end)

  it("behind a pointer are numbers, meaning what they mean", function()
    local int = find "int*"
    assert.are.same({ "pointee", "s32", "" }, { int.read, int.fields[1][2], int.fields[1][3] })
    local flags = find("flags:colours*").fields[1]
    assert.are.same({ "u32", "flags:colours" }, { flags[2], flags[3] })
    assert.are.equal("number", find("int").read)    -- the kind without the star is another one
  end)

  it("that there are not are nil", function()
    for _, name in ipairs { "", "in", "in:", "in:nothing", "array_in:nothing", "array:pair", "flags", "str*",
                            "in:thing*", "array_in:pair*", "path*", "nothing*", "*", "flags:a:b", "int:thing" } do
      assert.is_nil(find(name), name)
    end
  end)

  it("tell the base programs what to do: strings, descriptors, directories; no other", function()
    local parts = {}
    for _, name in ipairs { "path", "fd", "dirfd", "str", "argv", "exec_path", "int", "buf_in", "int*", "in:thing" } do
      parts[#parts + 1] = ("%s=%s"):format(name, find(name).part)
    end
    assert.are.equal("path=string fd=file dirfd=dir str=nil argv=exec_argv exec_path=exec_path int=nil buf_in=nil "
                     .. "int*=nil in:thing=nil", table.concat(parts, " "))
  end)
end)
