-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.request.origin", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.request.origin") end)

  local M = fake.load "traceleft.request.origin"

  local function marked(source)
    return load("local mark = ...\nlocal one = mark {}\nreturn one", source)(M.mark)
  end

  it("says where something was made, and in which order", function()
    local first, second = marked "@/tmp/x.lua", marked "=repl:3"
    assert.equal("/tmp/x.lua:2", first.place)
    assert.equal("repl:3:2", second.place)
    assert.is_true(first.order < second.order)
  end)

  it("knows the script that it was made by, or by what that called", function()
    local outer = load("local inner, mark = ...\nlocal one = inner(mark)\nreturn one", "@/tmp/outer.lua")
    local one = outer(load("local mark = ...\nlocal one = mark {}\nreturn one", "@/tmp/inner.lua"), M.mark)
    assert.equal("/tmp/inner.lua:2", one.place)
    assert.is_true(M.is_from(one, "@/tmp/outer.lua"))
    assert.is_true(M.is_from(one, "@/tmp/inner.lua"))
    assert.is_false(M.is_from(one, "@/tmp/other.lua"))
    assert.is_false(M.is_from({}, "@/tmp/other.lua"))
  end)

  it("takes the library's own functions for no place", function()
    local own = debug.getinfo(M.mark, "S").source:gsub("origin", "timers")
    local one = load("local inner, mark = ...\nlocal one = inner(mark)\nreturn one", "@mine.lua")(
      load("local mark = ...\nlocal one = mark {}\nreturn one", own), M.mark)
    assert.equal("mine.lua:2", one.place)
  end)
end)
