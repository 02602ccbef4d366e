-- SPDX-License-Identifier: MIT
-- What is looked for when, and told to the core: derived_spec.lua.
local fake = require "fake_core"

describe("traceleft.cgroups", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.cgroups") end)

  local ID = ("ab"):rep(32)
  local M
  before_each(function() M = fake.load "traceleft.cgroups" end)

  it("tells the unit, the outermost that is no slice", function()
    assert.equal("user@0.service", M.unit "/user.slice/user-0.slice/user@0.service/app.slice/a.service")
    assert.equal("docker-12.scope", M.unit "/system.slice/docker-12.scope/init")
    assert.is_nil(M.unit "/user.slice/service/a.b")
    assert.is_nil(M.unit "/")
  end)

  it("calls units by the last part of their path, containers by name or the begin of their id", function()
    local function called(path, name)
      local id = path:find(ID, 1, true) and ID or nil
      return M.called({ cgroup_path = path, container = name or id, container_id = id }, 5)
    end
    assert.equal("/", called "/")
    assert.equal("nginx.service", called "/system.slice/nginx.service")
    assert.equal("abababababab/init", called("/docker/" .. ID .. "/init"))
    assert.equal("web/init", called("/docker/" .. ID .. "/init", "web"))
    assert.equal("web", called("/system.slice/docker-" .. ID .. ".scope", "web"))
    assert.equal("cgroup 5", M.called({}, 5))
    assert.equal("cgroup 5", M.called(nil, 5))
  end)

  it("is made once for a session", function()
    local session = require "traceleft".open {}
    local known = assert(M.of(session))
    assert.equal(known, M.of(session))
    assert.equal(1, #fake.session.subs)
    fake.refuse_subscribe = { "no", "EPERM" }
    local other = require "traceleft".open {}
    assert.same({ nil, "no", "EPERM" }, { M.of(other) })
    fake.refuse_subscribe = nil
  end)
end)
