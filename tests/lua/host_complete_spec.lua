-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

-- A system with these folders and files, and one tool.
local function system(tree)
  return {
    executable = function() end,
    status = function(path)
      if tree[path] == nil then return nil end
      return type(tree[path]) == "table" and "folder" or "file", false
    end,
    names = function(path) return tree[path:gsub("(.)/$", "%1")] or {} end,
    tools = function()
      local path = "scripts/opensnoop.lua"
      return { opensnoop = { path = path, code = string.dump(assert(loadfile(path))) } }
    end,
  }
end

describe("host.complete", function()
  local M
  before_each(function()
    package.loaded["host.system"] = nil
    package.preload["host.system"] = function()
      local root = "/sys/fs/cgroup"
      return system { [root] = { "system.slice", "cgroup.procs" }, [root .. "/cgroup.procs"] = true,
                      [root .. "/system.slice"] = { "nginx.service", "dbus.socket" },
                      [root .. "/system.slice/nginx.service"] = {}, [root .. "/system.slice/dbus.socket"] = {} }
    end
    for _, name in ipairs { "complete", "choices", "values", "find", "capture" } do
      package.loaded["host." .. name] = nil
    end
    M = fake.load "host.complete"
  end)
  teardown(function() package.preload["host.system"], package.loaded["host.system"] = nil, nil end)

  it("touches no global", function() assert.same({}, fake.new_globals "host.complete") end)

  local function words(...)
    local list = {}
    for line in M.text { "traceleft-lua", ... }:gmatch "[^\n]+" do list[#list + 1] = line:match "^[^\t]+" end
    return table.concat(list, " ")
  end

  it("knows the word that is a value from one that is an option", function()
    assert.equal("ring perf auto", words("--channel", ""))
    assert.equal("--channel=ring", words "--channel=r")
    assert.equal("--check --channel", words "--ch")
    assert.equal("-ttcp.listen", words "-ttcp.l")
    assert.equal("-fttcp.listen", words "-fttcp.l")
    assert.equal("tcp.listen", words("-ft", "tcp.l"))
    assert.equal("", words("-e", "tcp.l"))
    assert.equal(":files", words("-o", ""))
    assert.equal(":commands", words("-f", "-c", ""))
  end)

  it("offers events and classes, a class with % where a call has its name", function()
    assert.equal("tcp.accept tcp.close tcp.connect tcp.listen", words("-t", "tcp."))
    assert.equal("stat %stat", words("-t", "stat") .. " " .. words("-t", "%st"))
    assert.equal("open openat openat2", words("-t", "op"))
    assert.equal("read,open read,openat read,openat2", words("-t", "read,op"))
    assert.equal("syscall.open syscall.openat syscall.openat2", words("-t", "syscall.op"))
    assert.equal("process.exec process.exit", words("--list", "pro"))
  end)

  it("offers fields of the events on the line, or such as all have", function()
    assert.equal("pathname", words("-t", "open", "--by", "path"))
    assert.equal("comm,comm comm,cpu", words("--by", "comm,c"):match "^%S+ %S+")
    assert.equal("", words("--by", "path"))
    assert.equal("sent", words("-t", "tcp.close,open", "--hist", "sen"))
    assert.equal("cgroup_path", words("--by", "cgroup_"))
    assert.equal("container container_id", words("-t", "open", "-w", "cont"))
    assert.equal("cgroup_path", words("--fields", "cgroup_"))
  end)

  it("offers fields for -w and in the braces of --format, errors for tools, and what may be left out", function()
    assert.equal("pathname", words("-t", "open", "-w", "path"))
    assert.equal("{pathname}", words("-t", "open", "--format", "{path"))
    assert.equal("{pid},{pathname}", words("-t", "open", "--format", "{pid},{path"))
    assert.equal("", words("-t", "open", "--format", "path"))
    assert.equal("comm=", words("--no", "com"))
    assert.equal("unit=nginx", words("--no", "unit=n"))
    assert.equal("", words("--no", "uid=0"))
  end)

  it("hands a tool's words to its own options", function()
    assert.equal("opensnoop", words "op")
    assert.equal("opensnoop", words("-f", "-c", "ls -l", "op"))
    assert.equal("--unit --user", words("-p", "5", "opensnoop", "-x", "--u"))
    assert.equal("wall relative delta", words("opensnoop", "--time", ""))
    assert.equal(":files", words("no-such-tool", "--x"))
    assert.equal(":files", words "./x")
  end)

  it("offers units and cgroups that are there", function()
    assert.equal("nginx", words("--unit", ""))
    assert.equal("nginx", words("opensnoop", "--unit", "n"))
    assert.equal("system", words("--slice", ""))
    assert.equal("/system.slice", words("--cgroup", "/"))
    assert.equal("/system.slice/nginx.service", words("--cgroup", "/system.slice/n"))
  end)
end)
