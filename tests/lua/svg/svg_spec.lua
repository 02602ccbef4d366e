-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.svg.svg", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.svg.svg") end)

  local M = fake.load "traceleft.svg.svg"

  it("makes elements, numbers short", function()
    assert.equal('<rect x="1" y="2.5" width="3" height="4" class="b"/>', M.box(1, 2.50, 3.0, 4, "b"))
    assert.equal('<rect x="1" y="2" width="3" height="4" class="b"><title>a &lt; b</title></rect>',
                 M.box(1, 2, 3, 4, "b", "a < b"))
    assert.equal('<line x1="0.33" y1="0" x2="1" y2="1" class="l"/>', M.line(1 / 3, 0, 1, 1))
  end)

  it("makes hostile text safe", function()
    assert.equal('<text x="0" y="0" class="s">'
                 .. '&lt;a&gt;&amp;&quot;\\x1b\\xff\\n</text>', M.label(0, 0, '<a>&"\27\xff\n', "s"))
    assert.equal('<a b="&quot;&gt;"/>', M.element("a", { { "b", '">' } }))
  end)

  it("makes a whole document", function()
    local text = M.document(10, 20, "a<b", { "<g/>" })
    assert.truthy(text:find('^<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 20"'))
    assert.truthy(text:find('aria-label="a&lt;b"', 1, true))
    assert.truthy(text:find("<g/>\n</svg>\n$"))
  end)
end)
