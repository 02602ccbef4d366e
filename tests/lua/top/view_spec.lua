-- SPDX-License-Identifier: MIT
local fixture = require "top.fixture"

describe("traceleft.top.view", function()
  it("touches no global", function() assert.same({}, require "fake_core".new_globals "traceleft.top.view") end)

  local M
  before_each(function() M = fixture.load "traceleft.top.view" end)

  it("puts conditions together", function()
    assert.is_nil(M.all(nil, nil))
    assert.equal("(a == 1)", M.all(nil, "a == 1"))
    assert.equal("(a == 1) and (b or c)", M.all("a == 1", nil, "b or c"))
  end)

  it("finds views and columns, or names the nearest", function()
    assert.equal("call", M.find(fixture.views, "call").name)
    assert.same({ nil, "no view 'proces' (did you mean 'process'?); there are process, call" },
                { M.find(fixture.views, "proces") })
    local view = fixture.views[1]
    for _, title in ipairs { "CALLS/S", "calls", "calls/s" } do assert.equal(3, M.column(view, title)) end
    assert.same({ nil, "no column 'cals' (did you mean 'CALLS'?); there are PID, COMM, CALLS, FAIL, AVG" },
                { M.column(view, "cals") })
  end)

  it("says what is wrong with a view", function()
    local function wrong(message, change)
      local _, view = M, fixture.views[1]
      change(view)
      assert.error_matches(function() M.by_name { view } end, message, 1, true)
      fixture.load "traceleft.top.view"
    end
    assert.error_matches(function() M.by_name { 5 } end, "view: table expected, got number")
    wrong("view 'process': no option 'colums' (did you mean 'columns'?)", function(view) view.colums = {} end)
    wrong("view 'process': by: table expected", function(view) view.by = "pid" end)
    wrong("view 'process': no measure 'call'", function(view) view.main = "call" end)
    wrong("view 'process': no measure 'x'", function(view) view.spread = "x" end)
    wrong("view 'process': measures.calls: 'average' is no kind of aggregate",
          function(view) view.measures.calls[1] = "average" end)
    wrong("view 'process': measures.key: rows have something else of that name",
          function(view) view.measures.key = { "count" } end)
    wrong("view 'process': columns[1]: { TITLE, WIDTH, CELL } expected", function(view) view.columns[1] = { "X" } end)
  end)
end)
