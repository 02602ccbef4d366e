-- SPDX-License-Identifier: MIT
-- luacheck: std +busted
local fixture = require "tests.battery.fixture"
local schema  = require "battery.gen.schema"

local function model_of(definition)
  return schema.model({ { file = "x.lua", definition = definition } }, fixture.system())
end

local function syscall(arg, more)
  local entry = { name = "syscall.numbers", class = "test", doc = "One.", ret = "", args = { arg } }
  for key, value in pairs(more or {}) do entry[key] = value end
  return { doc = "A file.", events = { entry } }
end

-- The same with several arguments.
local function syscall_of(...) return syscall(nil, { args = { ... } }) end

local function hand(field, more)
  local entry = { name = "hand.one", doc = "One.", source = "hand", attach = { "tl_x" },
                  fields = { field } }
  for key, value in pairs(more or {}) do entry[key] = value end
  return { doc = "A file.", events = { entry } }
end

local function refused(definition, message)
  local ok, got = pcall(model_of, definition)
  assert.is_false(ok)
  assert.are.equal(message, got)
end

describe("schema, given a wrong definition, names file, event and field:", function()
  local many, wide = {}, {}
  for i = 1, 55 do many[i] = { "f" .. i, "u8", doc = "One." } end
  for i = 1, 50 do wide[i] = { "f" .. i, "ip", doc = "One." } end

  local cases = {
    { "no table", 7, "x.lua: does not return a table" },
    { "no doc", { events = {} }, "x.lua: doc is missing" },
    { "no events", { doc = "A file." }, "x.lua: events are missing" },
    { "key of a definition", { doc = "A file.", event = {}, events = {} }, 'x.lua: no such key "event"' },
    { "name of an event", hand({ "a", "u8", doc = "A." }, { name = "Hand" }),
      "x.lua: Hand: not the name of an event" },
    { "doc of an event", hand({ "a", "u8", doc = "A." }, { doc = "one\ttwo" }),
      "x.lua: hand.one: doc is more than one line" },
    { "key of an event", hand({ "a", "u8", doc = "A." }, { atach = {} }),
      'x.lua: hand.one: no such key "atach"' },
    { "source", hand({ "a", "u8", doc = "A." }, { source = false }), "x.lua: hand.one: source is missing" },
    { "neither attach nor exit", hand({ "a", "u8", doc = "A." }, { attach = {} }),
      "x.lua: hand.one: neither attach nor exit" },
    { "hook of a program", hand({ "a", "u8", doc = "A." }, { attach = { "tl_x", { "tl_y" } } }),
      "x.lua: hand.one: attach[2]: a program, or { program, hook = name }" },
    { "hook of an event", hand({ "a", "u8", doc = "A." }, { hook = "no name" }),
      "x.lua: hand.one: hook is for events that attach to a tracepoint" },
    { "flags and enums of one name", { doc = "A file.", events = {}, enums = { a = {} }, flags = { a = {} } },
      'x.lua: flags: there are two named "a"' },
    { "exit of no system call", hand({ "a", "u8", doc = "A." }, { exit = { nope = "tl_x" } }),
      'x.lua: hand.one: the system\'s headers know no system call "nope"' },
    { "enter for no field", hand({ "a", "u8", doc = "A." }, { enter = { numbers = "b" } }),
      'x.lua: hand.one: enter: no such field "b"' },
    { "type of a field", hand { "a", "u65", doc = "A." }, 'x.lua: hand.one.a: no such type "u65"' },
    { "no type", hand { "a", doc = "A." }, "x.lua: hand.one.a: type is missing" },
    { "type of common fields", hand { "a", "comm", doc = "A." }, 'x.lua: hand.one.a: no such type "comm"' },
    { "meaning", hand { "a", "u8", "colour", doc = "A." }, 'x.lua: hand.one.a: no such meaning "colour"' },
    { "list of names", hand { "a", "u8", "enum:fates", doc = "A." },
      'x.lua: hand.one.a: no such list of names "fates"' },
    { "doc of a field", hand { "a", "u8" }, "x.lua: hand.one.a: doc is missing" },
    { "key of a field", hand { "a", "u8", max = 3, doc = "A." }, 'x.lua: hand.one.a: no such key "max"' },
    { "name of a field", hand { "A", "u8", doc = "A." }, "x.lua: hand.one.A: not a name" },
    { "name of a common field", hand { "pid", "u8", doc = "A." },
      "x.lua: hand.one.pid: every event has a field of this name" },
    { "too many fields", hand(nil, { fields = many }),
      "x.lua: hand.one: 65 fields, the common ones included; 61 is the limit" },
    { "too wide", hand(nil, { fields = wide }), "x.lua: hand.one: a record of 1096 bytes; 1024 is the limit" },
    { "no such system call", syscall({ "a", "int" }, { name = "syscall.opnat" }),
      'x.lua: syscall.opnat: the system\'s headers know no system call "opnat"' },
    { "kind", syscall { "a", "flgs:colours" }, 'x.lua: syscall.numbers.a: no such kind "flgs:colours"' },
    { "no kind", syscall { "a" }, "x.lua: syscall.numbers.a: kind is missing" },
    { "flags of no list", syscall { "a", "flags:sizes" },
      'x.lua: syscall.numbers.a: no such list of names "sizes"' },
    { "pointer to what is no number", syscall { "a", "str*" }, 'x.lua: syscall.numbers.a: no such kind "str*"' },
    { "field that every system call has", syscall { "ret", "int" },
      "x.lua: syscall.numbers.ret: there are two of them" },
    { "ret", syscall({ "a", "int" }, { ret = false }), "x.lua: syscall.numbers: ret is missing" },
    { "class", syscall({ "a", "int" }, { class = false }), "x.lua: syscall.numbers: class is missing" },
    { "args", syscall(nil, { args = false }), "x.lua: syscall.numbers: args are missing" },
    { "key of a system call", syscall({ "a", "int" }, { arms = {} }), 'x.lua: syscall.numbers: no such key "arms"' },
    { "key of an argument", syscall { "a", "int", size = 3 }, 'x.lua: syscall.numbers.a: no such key "size"' },
    { "struct", syscall { "a", "in:nothing" }, 'x.lua: syscall.numbers.a: no such kind "in:nothing"' },
    { "way of a struct", syscall { "a", "into:thing" }, 'x.lua: syscall.numbers.a: no such kind "into:thing"' },
    { "array of nothing", syscall_of({ "a", "array_in:nothing", len = "n" }, { "n", "size" }),
      'x.lua: syscall.numbers.a: no such kind "array_in:nothing"' },
    { "array without a number", syscall { "a", "array_in:pair" },
      "x.lua: syscall.numbers.a: len is missing: the number of elements" },
    { "array of as many as nothing says", syscall { "a", "array_in:pair", len = "n" },
      'x.lua: syscall.numbers.a: len: there is no argument "n"' },
    { "len of a vector", syscall_of({ "a", "iov_in", len = "n" }, { "n", "size" }),
      "x.lua: syscall.numbers.a: len is for buffers" },
    { "vector without a number", syscall { "a", "iov_out" },
      "x.lua: syscall.numbers.a: the argument after it must be its length" },
    { "pointer to a pointer", syscall { "a", "uint**" }, 'x.lua: syscall.numbers.a: no such kind "uint**"' },
    { "pointer to an address", syscall_of({ "a", "sockaddr_in*" }, { "n", "uint" }),
      'x.lua: syscall.numbers.a: no such kind "sockaddr_in*"' },
    { "two structs of one kind", syscall_of({ "a", "in:thing" }, { "b", "in:thing" }),
      "x.lua: syscall.numbers.how: there are two of them" },
    { "file beside a descriptor", syscall_of({ "file", "int" }, { "fd", "fd" }),
      "x.lua: syscall.numbers.file: there are two of them" },
    { "meaning of ret", syscall({ "a", "int" }, { ret = "x" }), 'x.lua: syscall.numbers.ret: no such meaning "x"' },
    { "len of a number", syscall { "a", "int", len = "a" }, "x.lua: syscall.numbers.a: len is for buffers" },
    { "len of nothing", syscall { "a", "buf_in", len = "b" },
      'x.lua: syscall.numbers.a: len: there is no argument "b"' },
    { "when of a number", syscall_of({ "a", "int", when = { "b", "ONE" } }, { "b", "int" }),
      "x.lua: syscall.numbers.a: when is for structs" },
    { "when of nothing", syscall { "a", "in:thing", when = { "b", "ONE" } },
      'x.lua: syscall.numbers.a: when: there is no argument "b"' },
    { "address without length", syscall { "a", "sockaddr_in" },
      "x.lua: syscall.numbers.a: the argument after it must be its length" },
    { "seven arguments", syscall(nil, { args = { {}, {}, {}, {}, {}, {}, {} } }),
      "x.lua: syscall.numbers: more than 6 arguments" },
  }
  for _, case in ipairs(cases) do
    it(case[1], function() refused(case[2], case[3]) end)
  end

  it("an event that is there already", function()
    local again = { { file = "x.lua", definition = hand { "a", "u8", doc = "A." } },
                    { file = "y.lua", definition = hand { "a", "u8", doc = "A." } } }
    local ok, message = pcall(schema.model, again, fixture.system())
    assert.is_false(ok)
    assert.are.equal("y.lua: hand.one: already defined in x.lua", message)
  end)

  it("an enum that is there already", function()
    refused({ doc = "A file.", enums = { open = {} }, events = {} },
            'x.lua: enums: there are two named "open"')
  end)
end)

describe("schema", function()
  local model = schema.model(fixture.definitions(), fixture.system())

  it("touches no global", function()
    local before = {}
    for name in pairs(_G) do before[name] = true end
    schema.model(fixture.definitions(), fixture.system())
    for name in pairs(_G) do assert.is_true(before[name] or false, name) end
  end)

  it("leaves the definitions as they are", function()
    assert.are.same(schema.model(fixture.definitions(), fixture.system()).events[1].fields,
                    model.events[1].fields)
  end)

  it("numbers events over all files", function()
    for i, event in ipairs(model.events) do assert.are.equal(i - 1, event.number, event.name) end
    assert.are.equal(0, model.by_name["hand.written"].number)
    assert.are.equal(2, model.by_name["syscall.numbers"].number)
  end)

  it("places fields without gaps, each at a multiple of its size", function()
    for _, event in ipairs(model.events) do
      local offset = 96
      for _, field in ipairs(event.members) do
        assert.are.equal(offset, field.offset, event.name .. "." .. field.name)
        assert.are.equal(0, offset % math.min(field.size & -field.size, 8))
        offset = offset + field.size
      end
      assert.are.equal(offset + event.pad, event.fixed_size)
      assert.are.equal(0, event.fixed_size % 8)
    end
  end)

  it("lays error over ret", function()
    local fields = {}
    for _, field in ipairs(model.by_name["syscall.structs"].fields) do fields[field.name] = field end
    assert.are.equal(fields.ret.offset, fields.error.offset)
    assert.are.equal(8, fields.error.size)
    assert.are_not.equal(fields.ret.number, fields.error.number)
  end)

  it("knows argument and class of what a call is about", function()
    local event = model.by_name["syscall.addresses"]
    assert.are.equal("test", event.class)
    assert.are.equal("", model.by_name["hand.written"].class)
    local args = {}
    for _, field in ipairs(event.fields) do args[field.name] = field.arg or "" end
    assert.are.same({ ["local"] = "local", saddr = "local", sport = "local", local_len = "local_len", peer = "peer",
                      daddr = "peer", dport = "peer", peer_len = "peer_len", file = "ret", inode = "ret", dev = "ret",
                      mntns = "ret", ret = "", error = "", duration = "" }, args)
  end)
end)

-- The needs of an event's call as lines, in their order.
local function needs_of(model, name)
  local lines = {}
  for i, need in ipairs(model.by_name[name].needs) do
    lines[i] = ("%d %s %s %s"):format(need.number, need.side, need.fields, need.work)
  end
  return lines
end

describe("needs", function()
  local model = schema.model(fixture.definitions(), fixture.system())

  it("are for the fields that want them: strings at both sides, new descriptors at the end", function()
    assert.are.same({ "17 enter dirfd_file,dirfd_inode,dirfd_dev,dirfd_mntns dir:0",
                      "17 enter fd_file,fd_inode,fd_dev,fd_mntns file:2", "17 enter pathname string:1",
                      "17 enter duration time", "17 exit dirfd_file,dirfd_inode,dirfd_dev,dirfd_mntns dir:0",
                      "17 exit fd_file,fd_inode,fd_dev,fd_mntns file:2", "17 exit file,inode,dev,mntns file:6",
                      "17 exit pathname string:1" }, needs_of(model, "syscall.files"))
  end)

  it("of a call without strings and descriptors: the time", function()
    assert.are.same({ "7 enter duration time" }, needs_of(model, "syscall.numbers"))
  end)

  it("hold a descriptor as it was where the call takes it away, and only that one", function()
    local fields = "file,inode,dev,mntns"
    assert.are.same({ ("18 enter %s held:0"):format(fields), "18 enter duration time",
                      ("18 exit %s held:0"):format(fields) }, needs_of(model, "syscall.close"))
    local dup = table.concat(needs_of(model, "syscall.dup2"), "\n")
    assert.is_truthy(dup:find("enter oldfd_file,oldfd_inode,oldfd_dev,oldfd_mntns file:0", 1, true))
    assert.is_truthy(dup:find("enter newfd_file,newfd_inode,newfd_dev,newfd_mntns held:1", 1, true))
  end)

  it("of saved arguments: all is kept at the begin, whatever is wanted", function()
    local lines = needs_of(model, "syscall.execs")
    assert.are.same({ "20 enter - args", "20 enter argv exec_argv:2", "20 enter pathname exec_path:1",
                      "20 enter file,inode,dev,mntns held_dir:0", "20 enter way held_string:4",
                      "20 enter duration time", "20 exit argv exec_argv:2", "20 exit pathname exec_path:1",
                      "20 exit file,inode,dev,mntns held_dir:0", "20 exit way held_string:4" }, lines)
  end)

  it("of a call that may make its file: the descriptor is looked at for that too", function()
    local lines = table.concat(needs_of(model, "syscall.makes"), "\n")
    assert.is_truthy(lines:find("exit created file:6", 1, true))
    local fields = model.by_name["syscall.makes"].fields
    local names = {}
    for i, field in ipairs(fields) do names[i] = field.name end
    assert.are.same({ "pathname", "file", "inode", "dev", "mntns", "created", "ret", "error", "duration" }, names)
  end)

  it("of a call that never returns: none, and it has no result", function()
    local event = model.by_name["syscall.leaves"]
    assert.are.same({}, event.needs)
    assert.are.same({ { number = 21, what = "tl_syscall_leaves" } }, event.enters)
    assert.are.same({}, event.exits)
    assert.are.equal(1, #event.fields)
  end)
end)

describe("machines", function()
  local x86 = schema.model(fixture.definitions(), fixture.system())
  local arm

  local function names(event)
    local list = {}
    for i, arg in ipairs(event.args) do list[i] = arg.index .. " " .. arg.name end
    return list
  end

  setup(function()
    local system = fixture.system "aarch64"
    system.syscalls = setmetatable({ legacy = 23 }, { __index = system.syscalls })
    arm = schema.model(fixture.definitions(), system)
  end)

  it("have calls of their own", function()
    assert.is_nil(x86.by_name["syscall.legacy"])
    assert.is_table(arm.by_name["syscall.legacy"])
    assert.are.equal(#x86.events + 1, #arm.events)
    assert.are.same({ "x86_64", "aarch64" }, { x86.machine, arm.machine })
  end)

  it("can take arguments in another order", function()
    assert.are.same({ "0 a", "1 b" }, names(x86.by_name["syscall.turned"]))
    assert.are.same({ "0 b", "1 a" }, names(arm.by_name["syscall.turned"]))
    assert.are.same(names(x86.by_name["syscall.structs"]), names(arm.by_name["syscall.structs"]))
  end)

  it("may have headers older than a call, which says its number then", function()
    assert.are.same({ { number = 470, what = "tl_syscall_newest" } }, x86.by_name["syscall.newest"].exits)
    local system = fixture.system()
    system.syscalls = setmetatable({ newest = 471 }, { __index = system.syscalls })
    local newer = schema.model(fixture.definitions(), system)
    assert.are.equal(471, newer.by_name["syscall.newest"].exits[1].number)
  end)
end)

describe("the event of the other calls", function()
  local definitions = fixture.definitions()
  definitions[3] = { file = "other.lua", definition = fixture.others }
  local model = schema.model(definitions, fixture.system())
  local other = model.by_name["syscall.other"]

  it("has each number once that no event of a call has", function()
    local numbers = {}
    for _, route in ipairs(other.exits) do
      assert.is_nil(numbers[route.number])
      assert.are.equal("tl_syscall_other", route.what)
      numbers[route.number] = true
    end
    for _, event in ipairs(model.events) do
      for _, route in ipairs(event.syscall and table.move(event.enters, 1, #event.enters, #event.exits + 1,
                             table.move(event.exits, 1, #event.exits, 1, {})) or {}) do
        assert.is_nil(numbers[route.number], event.name)
        numbers[route.number] = true
      end
    end
    for number = 0, 511 do assert.is_true(numbers[number], number) end
    assert.is_nil(numbers[512])
  end)

  it("wants the time of those only who want a duration; of calls without a number it is always kept", function()
    assert.are.equal(#other.exits, #other.needs)
    for _, need in ipairs(other.needs) do
      assert.are.same({ "enter", "time", need.number == 511 and "-" or "duration" },
                      { need.side, need.work, need.fields })
    end
  end)
end)
