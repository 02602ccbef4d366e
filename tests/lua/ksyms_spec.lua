-- SPDX-License-Identifier: MIT
local ksyms = require "traceleft.ksyms"

local TEXT = [[
ffffffff81000100 t second
ffffffff81000000 T first
ffffffff81000180 D data
0000000000000000 A nothing
ffffffffc0000000 t of_module	[module]
]]

describe("ksyms", function()
  it("names addresses by the function before them", function()
    local name = ksyms.new(TEXT:gmatch "[^\n]+")
    assert.equal("first", name(0xffffffff81000000))
    assert.equal("first+0xff", name(0xffffffff810000ff))
    assert.equal("second+0x90", name(0xffffffff81000190))
    assert.equal("of_module+0x1", name(0xffffffffc0000001))
    assert.equal("0xffffffff80ffffff", name(0xffffffff80ffffff))
  end)

  it("shows the number where the kernel hides its addresses", function()
    assert.equal("0x10", ksyms.new(("0000000000000000 t hidden\n"):gmatch "[^\n]+")(16))
  end)
end)
