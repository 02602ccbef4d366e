-- SPDX-License-Identifier: MIT
local M = require "traceleft.paths"

describe("traceleft.paths", function()
  it("touches no global", function() assert.same({}, require("fake_core").new_globals "traceleft.paths") end)

  it("makes paths plain", function()
    assert.equal("/a/c", M.plain "//a/./b/../c/")
    assert.equal("/", M.plain "/../..")
  end)

  it("makes names whole", function()
    assert.equal("/x/y", M.whole(nil, "/x/y"))
    assert.equal("/x/y", M.whole("/z", "/x/y"))
    assert.equal("/z/y", M.whole("/z/a", "../y"))
    assert.is_nil(M.whole(nil, "y"))
    assert.is_nil(M.whole("pipe:[1]", "y"))
    assert.is_nil(M.whole("/z", nil))
  end)
end)
