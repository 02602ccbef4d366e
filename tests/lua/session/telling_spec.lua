-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.session.telling", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.session.telling") end)

  local tl
  before_each(function() tl = fake.load "traceleft" end)

  local function raises(message, fn)
    local ok, raised = pcall(fn)
    assert.is_false(ok)
    assert.equal(message, (raised:gsub("^[^:]*:%d+: ", "")))
  end

  it("lists and describes events", function()
    assert.same({ "tcp.accept", "tcp.close", "tcp.connect", "tcp.listen" }, tl.events "tcp.*")
    assert.equal(13, #tl.events())
    assert.same({ "syscall.poll" }, tl.events "poll")
    assert.same({ "syscall.open", "syscall.openat", "syscall.openat2", "syscall.stat" }, tl.events "%file")
    assert.same({ {}, "no event 'fil' (did you mean 'file'?)" }, { tl.events "fil" })
    assert.equal("tcp.close", tl.describe("tcp.close").name)
    assert.same({ nil, "no event 'x'", "ENOENT" }, { tl.describe "x" })
    table.remove(tl.events "desc")
    assert.equal(6, #tl.events "desc")
    raises("events: pattern: bad glob '[': the [ has no ]", function() tl.events "[" end)
    raises("events: pattern: string expected, got number", function() tl.events(5) end)
    raises("describe: name: string expected, got nil", function() tl.describe() end)
  end)

  it("says what a field means", function()
    local event = { event = "syscall.openat", flags = 524288 }
    assert.equal("O_RDONLY|O_CLOEXEC", tl.text(event, "flags"))
    raises("text: no field 'pathnam' in syscall.openat (did you mean 'pathname'?)",
           function() tl.text(event, "pathnam") end)
    raises("text: event: has no field 'event' that names a known event", function() tl.text({}, "flags") end)
    raises("text: event: table expected, got nil", function() tl.text() end)
  end)
end)
