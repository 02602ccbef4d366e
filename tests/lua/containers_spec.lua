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

  it("takes names from the files of the runtimes, of users too", function()
    local open, files = io.open, {}
    io.open = function(path)
      return files[path] and { read = function() return files[path] end, close = function() end }
    end
    finally(function() io.open = open end)
    local store, task = "/storage/overlay-containers/", "/run/containerd/io.containerd.runtime.v2.task/"
    local other = ('[{"id":"ff%s","names":["no"]},{"id":"%s","names":["web"],"layer":"x"}]'):format(ID, ID)
    for path, text in pairs {
      ["/var/lib/docker/containers/" .. ID .. "/config.v2.json"] = '{"ID":"x","Name":"/web","Config":{}}',
      ["/var/lib/containers" .. store .. "containers.json"] = other,
      ["/home/ann/.local/share/containers" .. store .. "containers.json"] = other,
      ["/var/lib/containers" .. store .. ID .. "/userdata/config.json"] = '{"io.kubernetes.container.name": "web"}',
      [task .. "k8s.io/" .. ID .. "/config.json"] = '{"io.kubernetes.cri.container-name":"web"}',
      [task .. "default/" .. ID .. "/config.json"] = '{"nerdctl/name":"web"}',
    } do
      files = { [path] = text, ["/etc/passwd"] = "root:x:0:0::/root:/bin/sh\nann:x:1000:1000:A,,:/home/ann:/bin/sh\n" }
      assert.equal("web", M.name(ID))
      assert.is_nil(M.name(("00"):rep(32)))
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
