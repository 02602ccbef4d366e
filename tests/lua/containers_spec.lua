-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.containers", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.containers") end)

  local M = fake.load "traceleft.containers"
  local ID = ("0123456789abcdef"):rep(4)

  it("knows the layouts of the runtimes", function()
    local cases = {
      ["/system.slice/docker-" .. ID .. ".scope"] = ID, ["/docker/" .. ID] = ID,
      ["/machine.slice/libpod-" .. ID .. ".scope"] = ID, ["/libpod_parent/libpod-" .. ID] = ID,
      ["/kubepods.slice/kubepods-pod1.slice/cri-containerd-" .. ID .. ".scope"] = ID,
      ["/kubepods.slice/kubepods-pod1.slice/crio-" .. ID .. ".scope"] = ID,
      ["/kubepods/burstable/pod1/" .. ID] = ID, ["/system.slice/nerdctl-" .. ID .. ".scope"] = ID,
      ["/default/web"] = "web", ["/k8s.io/" .. ID] = ID,
    }
    for path, id in pairs(cases) do assert.same({ id, path }, { M.of(path) }) end
  end)

  it("takes what is in a container for that container", function()
    local path = "/system.slice/docker-" .. ID .. ".scope"
    assert.same({ ID, path }, { M.of(path .. "/init.scope") })
  end)

  it("takes nothing else for one", function()
    for _, path in ipairs { "/", "/docker", "/system.slice/docker.service",
                            "/machine.slice/libpod-conmon-" .. ID .. ".scope",
                            "/user.slice/deadbeef", "/default" } do
      assert.is_nil(M.of(path))
    end
  end)

  it("finds them by the begin of the id and by glob", function()
    local paths = { "/docker", "/docker/" .. ID, "/docker/" .. ID .. "/sub", "/default/web" }
    assert.same({ "/docker/" .. ID }, (M.find(paths, "0123")))
    assert.same({ "/default/web" }, (M.find(paths, "web")))
    assert.same({ "/docker/" .. ID }, (M.find(paths, "*cdef")))
    assert.same({ {}, { "0123456789ab", "web" } }, { M.find(paths, "01") })
  end)
end)
