-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("host.options", function()
  it("touches no global", function() assert.same({}, fake.new_globals "host.options") end)

  local M = fake.load "host.options"
  local function parse(...) return M.parse { [0] = "traceleft-lua", ... } end

  it("takes words of events with commas between, % and all", function()
    assert.same({ "file", "%stat", "tcp.*", "openat" }, parse("-t", "file,%stat", "-ttcp.*", "-t", "openat").events)
  end)

  it("takes how much of a buffer to show", function()
    assert.equal(80, parse("-s", "80").size)
    assert.equal(0, parse("-s0").size)
    assert.equal(4096, parse("-s", "4K").size)
    assert.same({ nil, "-s: at most 4096 bytes of a buffer can be had" }, { parse("-s", "4097") })
    assert.same({ nil, "-s: '-1' is no size; write it as 4096, 64K or 16M" }, { parse("-s", "-1") })
    assert.same({ nil, "-s: a value is missing" }, { parse "-s" })
  end)

  it("takes what events are counted by", function()
    local opts = parse("-t", "read", "--count", "--hist", "duration", "--sum=ret", "--quantile", "duration", "--by",
                       "comm,pid", "--by", "fd", "--top", "5", "--every", "500ms", "-w", "ret > 0")
    assert.same({ { kind = "count" }, { kind = "hist", value = "duration" }, { kind = "sum", value = "ret" },
                  { kind = "quantile", value = "duration" } }, opts.measures)
    assert.same({ { "comm", "pid", "fd" }, 5, 0.5, "ret > 0" }, { opts.by, opts.top, opts.every, opts.where })
    assert.equal(opts.measures, M.measures(opts))
    assert.is_nil(M.contradiction(opts))
  end)

  it("counts where only keys or rows are given", function()
    assert.same({ { kind = "count" } }, M.measures(parse("-t", "read", "--by", "comm")))
    assert.same({ { kind = "count" } }, M.measures(parse("-t", "read", "--top", "5")))
    assert.is_nil(M.measures(parse("-t", "read")))
  end)

  it("names what is wrong with them", function()
    assert.same({ nil, "--top: '0' is no number of rows" }, { parse("--top", "0") })
    assert.same({ nil, "--every: must be more than 0" }, { parse("--every", "0") })
    assert.same({ nil, "--every: 'x' is no duration; write it as 10, 10s, 500ms or 1.5h" }, { parse("--every", "x") })
    assert.same({ nil, "--by: fields expected" }, { parse("--by", ",") })
    assert.same({ nil, "--count: takes no value" }, { parse "--count=5" })
    assert.same({ nil, "--hist: a value is missing" }, { parse "--hist" })
    local function wrong(message, ...) assert.equal(message, M.contradiction(parse(...))) end
    wrong("-w: goes with -t; in a script it is the option where", "-w", "ret < 0")
    wrong("--count, --sum, --hist, --quantile, --by, --top: of which events? give -t", "--by", "comm")
    wrong("--every: print what? give --count or another", "--every", "1", "-t", "read")
    wrong("-s: of lines, but the events are counted", "-s", "80", "--count", "-t", "read")
    wrong("--svg: the picture of one measure: give one of --count, --sum, --hist, --quantile",
          "--svg", "x", "-t", "read")
    wrong("--svg: with --every a heat map over time, and that only of --hist",
          "--svg", "x", "-t", "read", "--count", "--every", "1")
    wrong("--json and --csv: give one of them", "--json", "--csv", "-t", "read")
    wrong("--format: says it all; give no --json, --csv or --fields with it",
          "--format", "{pid}", "--csv", "-t", "read")
    wrong("--format, --fields, --time: of lines, but the events are counted",
          "--fields", "pid", "--count", "-t", "read")
    wrong("--json, --csv, --format, --fields, --time: go with -t; a tool has its own options", "--csv")
    assert.same({ nil, "--time: 'now' is none of wall, relative, delta" }, { parse("--time", "now") })
    assert.same({ nil, "--format: names no field, such as {comm}" }, { parse("--format", "x") })
  end)

  it("takes what goes on after the script, but for what ends at once", function()
    local opts = parse("-i", "-e", "x = 1", "--watch", "./x.lua")
    assert.same({ true, true }, { opts.interactive, opts.watch })
    assert.is_nil(M.contradiction(opts))
    assert.truthy(M.contradiction(parse("-i", "-t", "read", "--explain")):find "^%-%-explain: ends at once")
  end)

  it("refuses what says nothing", function()
    local wrong = M.contradiction(parse("-s", "80"))
    assert.equal("-s: goes with -t; in a script it is the option payload of on", wrong)
    assert.is_nil(M.contradiction(parse("-s", "80", "-t", "file")))
    assert.is_nil(M.contradiction(parse("-s", "80", "-t", "file", "--json")))
  end)
end)
