-- SPDX-License-Identifier: MIT
describe("traceleft.top.cells", function()
  it("touches no global", function() assert.same({}, require "fake_core".new_globals "traceleft.top.cells") end)

  local M = require "traceleft.top.cells"

  local function text(cell, row, width) return cell.text(cell.value(row), row, width) end

  local ROW = {
    key = { n = 2, 42, "cat" }, cut = { [2] = true }, past = { 1, 2 },
    calls = { count = 7, rate = 3.5, per = 1e9, inside = 1.5, value = { avg = 2000, sum = 14000, count = 7 } },
    more = { count = 3, rate = 10, per = 4096.4, value = 8192 },
    times = { count = 7, value = { { low = 0, high = 1, count = 1 }, { low = 4096, high = 8192, count = 6 } } },
    endless = { count = 1, value = { { low = 4096, count = 1 } } },
  }

  it("shows rates, in tables counts, of one measure or several", function()
    assert.equal("3.5", text(M.rate "calls", ROW))
    assert.equal(13.5, M.rate("calls", "more").value(ROW))
    assert.equal("10", text(M.rate("calls", "more").counted, ROW))
    assert.equal("0", text(M.rate "none", ROW))
  end)

  it("shows numbers with few digits", function()
    for number, wanted in pairs { [0] = "0", [0.04] = "0.0", [1] = "1", [9.99] = "10.0", [17.4] = "17", [9999] = "9999",
                                  [12345] = "12.3k", [1.5e6] = "1.5M", [2e9] = "2.0G" } do
      assert.equal(wanted, M.number(number))
    end
  end)

  it("shows bytes, averages, the longest, how many were inside", function()
    assert.equal("4.0 KiB", text(M.bytes "more", ROW))
    assert.equal("8.0 KiB", text(M.bytes("more").counted, ROW))
    assert.equal("2.0µs", text(M.average "calls", ROW))
    assert.equal("-", text(M.average "none", ROW))
    assert.equal("8.2µs", text(M.most "more", ROW))
    assert.equal("<8.2µs", text(M.longest "times", ROW))
    assert.equal("…", text(M.longest "endless", ROW))
    assert.equal("-", text(M.longest "none", ROW))
    assert.equal("1.50", text(M.inside "calls", ROW))
  end)

  it("shows values of the key, and what is cut of them or missing", function()
    assert.equal("42", text(M.key(1), ROW))
    assert.equal("cat…", text(M.key(2), ROW))
    assert.equal("<42>", text(M.key(1, function(value) return "<" .. value .. ">" end), ROW))
    assert.equal("-", text(M.key(3), ROW))
    assert.is_true(M.key(1, nil, true).right)
  end)

  it("leaves the end of a path", function()
    assert.equal("/etc/passwd", M.path("/etc/passwd", 11))
    assert.equal("…tc/passwd", M.path("/etc/passwd", 10))
    assert.equal("…/ä", M.path("/ööö/ä", 3))
    assert.equal("\\x1b[2J", M.path("\27[2J", 20))
  end)

  it("draws what was", function() assert.equal(" ▄█", text(M.past(), ROW, 3)) end)
end)
