-- SPDX-License-Identifier: MIT
-- luacheck: std +busted
local fixture = require "tests.battery.fixture"
local schema  = require "battery.gen.schema"

local function model_of(definition)
  return schema.model({ { file = "x.lua", definition = definition } }, fixture.system())
end

local function syscall(arg, more)
  local entry = { name = "syscall.numbers", doc = "One.", ret = "", args = { arg } }
  for key, value in pairs(more or {}) do entry[key] = value end
  return { doc = "A file.", events = { entry } }
end

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
      "x.lua: hand.one: 65 fields, the common ones included; 64 is the limit" },
    { "too wide", hand(nil, { fields = wide }), "x.lua: hand.one: a record of 1088 bytes; 1024 is the limit" },
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
    { "meaning of ret", syscall({ "a", "int" }, { ret = "x" }), 'x.lua: syscall.numbers.ret: no such meaning "x"' },
    { "len of a number", syscall { "a", "int", len = "a" }, "x.lua: syscall.numbers.a: len and max are for buffers" },
    { "len of nothing", syscall { "a", "buf_in", len = "b" },
      'x.lua: syscall.numbers.a: len: there is no argument "b"' },
    { "max", syscall { "a", "buf_in", max = 5000 },
      "x.lua: syscall.numbers.a: max is not a number from 1 to 4096" },
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
    assert.are.equal(0, model.by_name["hand.written"].number)
    assert.are.equal(4, model.by_name["syscall.structs"].number)
  end)

  it("places fields without gaps, each at a multiple of its size", function()
    for _, event in ipairs(model.events) do
      local offset = 88
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
end)
