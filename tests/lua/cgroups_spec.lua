-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.cgroups", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.cgroups") end)

  local M
  before_each(function()
    M = fake.load "traceleft.cgroups"
    fake.cgroups = { "/", "/system.slice/nginx.service", "/docker/" .. ("ab"):rep(32) .. "/init" }
    fake.files = { ["/sys/fs/cgroup/"] = 1, ["/sys/fs/cgroup/system.slice/nginx.service"] = 40,
                   ["/sys/fs/cgroup/docker/" .. ("ab"):rep(32) .. "/init"] = 41 }
  end)

  it("names units by the last part of their path, containers by their id", function()
    assert.equal("/", M.name(1))
    assert.equal("nginx.service", M.name(40))
    assert.equal("abababababab/init", M.name(41))
    assert.equal("cgroup 99", M.name(99))
  end)

  it("looks again for what is new, once in a while, and keeps what is gone", function()
    assert.equal("cgroup 50", M.name(50))
    fake.cgroups = { "/new.scope" }
    fake.files = { ["/sys/fs/cgroup/new.scope"] = 50 }
    assert.equal("cgroup 50", M.name(50))
    fake.now = 2000000000
    assert.equal("new.scope", M.name(50))
    assert.equal("/", M.name(1))
  end)

  it("has numbers where no cgroups are mounted", function()
    fake.cgroups = nil
    assert.equal("cgroup 7", M.name(7))
  end)
end)
