-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.session.session", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.session.session") end)

  local tl
  before_each(function() tl = fake.load "traceleft" end)

  local function raises(message, fn)
    local ok, raised = pcall(fn)
    assert.is_false(ok)
    assert.equal(message, (raised:gsub("^[^:]*:%d+: ", "")))
  end

  it("has the API as methods, and closes at the end of its block", function()
    local seen = 0
    do
      local session <close> = tl.open { ring = "16M", battery = { "extra/" } }
      assert.same({ ring = 16 << 20, battery = { "extra/" }, spare_readers = true }, fake.session.opts)
      local sub = session:on("tcp.*", function() seen = seen + 1 end)
      fake.at(1, function(core) core:emit { event = "tcp.close" } end)
      assert.equal("duration", session:run { duration = 2 })
      assert.equal(1, sub.seen)
    end
    assert.equal(1, seen)
    assert.is_true(fake.session.closed)
  end)

  it("names what is wrong with open", function()
    raises("open: no option 'rings' (did you mean 'ring'?)", function() tl.open { rings = 1 } end)
    raises("open: ring: 'big' is no size; write it as 4096, 64K or 16M", function() tl.open { ring = "big" } end)
    raises("open: channel: 'ring', 'perf' or 'auto' expected, got 'tcp'", function() tl.open { channel = "tcp" } end)
    raises("open: battery: list of files or folders expected", function() tl.open { battery = "x" } end)
    raises("open: replay: boolean expected", function() tl.open { replay = 1 } end)
    raises("open: loading: function expected", function() tl.open { loading = 1 } end)
    raises("open: opts: table expected, got string", function() tl.open "x" end)
    fake.refuse_open = { "extra/: No such file or directory", "ENOENT" }
    assert.same({ nil, "extra/: No such file or directory", "ENOENT" }, { tl.open {} })
  end)
end)
