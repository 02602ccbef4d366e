-- SPDX-License-Identifier: MIT
-- luacheck: std +busted
-- Literal outputs. After a wanted change: UPDATE=1 busted …, and read the difference.
local common         = require "battery.common"
local emit_catalogue = require "battery.gen.emit_catalogue"
local emit_docs      = require "battery.gen.emit_docs"
local emit_programs  = require "battery.gen.emit_programs"
local emit_records   = require "battery.gen.emit_records"
local emit_tables    = require "battery.gen.emit_tables"
local fixture        = require "tests.battery.fixture"
local layouts        = require "battery.gen.layouts"
local schema         = require "battery.gen.schema"

local GOLDEN = "tests/battery/golden/"
local model  = schema.model(fixture.definitions(), fixture.system())
model.layouts = layouts.resolve(model.arrays, fixture.structs, fixture.values)

local outputs = {
  ["tl_events.h"]     = emit_records.emit(model, #common),
  ["syscalls.bpf.c"]  = emit_programs.syscalls(model),
  ["battery.bpf.c"]   = emit_programs.battery(model),
  ["catalogue.txt"]   = emit_catalogue.emit(model),
  ["constants.c"]     = emit_tables.constants(model.domains),
  ["EVENTS.md"]       = emit_docs.reference(model),
  ["events.meta.lua"] = emit_docs.meta(model),
}

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "a"
  file:close()
  return text
end

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

describe("the emitters write", function()
  for name, text in pairs(outputs) do
    it(name, function()
      if os.getenv "UPDATE" then write(GOLDEN .. name, text) end
      assert.are.equal(read(GOLDEN .. name), text)
    end)
  end
end)

describe("common_fields.h", function()
  it("has every common field once, the event's name without room", function()
    local text = emit_tables.common_fields(common)
    local _, n = text:gsub("%.number = TL_F_", "")
    assert.are.equal(#common, n)
    assert.is_truthy(text:find(".type = TL_TYPE_EVENT,\n\t.offset = 0,\n\t.size = 0,", 1, true))
  end)
end)

describe("handlers of every kind", function()
  it("compile", function()
    local pipe = assert(io.popen("cc -print-multiarch"))
    local machine = pipe:read "l"
    pipe:close()
    local command = "clang -fsyntax-only -O2 -target bpf -mcpu=v3 -D__TARGET_ARCH_x86 -Wall -Werror"
      .. " -I/usr/include/%s -I%s -Ibpf %ssyscalls.bpf.c"
    assert.is_true(os.execute(command:format(machine, GOLDEN, GOLDEN)))
  end)
end)
