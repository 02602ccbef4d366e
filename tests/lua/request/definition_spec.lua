-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.request.definition", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.request.definition") end)

  local M = fake.load "traceleft.request.definition"

  it("is the same for what means the same", function()
    assert.equal(M.exact { "read", by = "comm", size = 5 }, M.exact { size = 5, "read", by = "comm" })
    assert.not_equal(M.exact { size = 5 }, M.exact { size = "5" })
    assert.not_equal(M.exact { "a", "b" }, M.exact { "b", "a" })
    assert.not_equal(M.exact { by = { "a,b" } }, M.exact { by = { "a", "b" } })
    assert.equal(M.exact { [true] = 1, [2] = 2, x = 3 }, M.exact { x = 3, [2] = 2, [true] = 1 })
  end)

  it("compares functions by their text, wherever it is, if they know nothing else", function()
    local path = os.tmpname()
    local function exact(text)
      local file <close> = assert(io.open(path, "w"))
      file:write(text)
      file:close()
      return M.exact(dofile(path))
    end
    local one = exact "return function(e) return e.ret end"
    assert.equal(one, exact "-- moved\nreturn function(e) return e.ret end")
    assert.not_equal(one, exact "return function(e) return e.fd end")
    local known = "local n = 1\nreturn function(e) return e.ret > n end"
    assert.not_equal(exact(known), exact(known))
    assert.not_equal(M.exact(print), M.exact(pairs))
    os.remove(path)
  end)

  it("takes what has a definition by that, and ends at tables in themselves", function()
    assert.equal(M.exact { setmetatable({ definition = "d" }, {}) }, M.exact { setmetatable({ definition = "d" }, {}) })
    local loop = {}
    loop[1] = loop
    assert.is_string(M.exact(loop))
  end)

  it("has words for people", function()
    assert.equal("comm php*, follow, pid 4, 5", M.words { pid = "4, 5", comm = "php*", follow = true })
    assert.equal("no (uid 0)", M.words { no = { uid = 0 } })
  end)
end)
