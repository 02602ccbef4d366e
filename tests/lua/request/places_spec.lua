-- SPDX-License-Identifier: MIT
local fake = require "fake_core"

describe("traceleft.request.places", function()
  it("touches no global", function() assert.same({}, fake.new_globals "traceleft.request.places") end)

  local M
  before_each(function()
    M = fake.load "traceleft.request.places"
    fake.cgroups = { "/", "/system.slice", "/system.slice/ssh.service", "/user.slice" }
  end)

  local function refused(message, name, ...)
    assert.same({ nil, nil, { message = message, name = name } }, { ... })
  end

  it("knows users by name and number", function()
    assert.equal(0, (M.user "root"))
    assert.equal(12345, (M.user "12345"))
    assert.equal(7, (M.user(7)))
    refused("user 'roto': no such user (did you mean 'root'?)", "ENOENT", M.user "roto")
    assert.same({ nil, "user: name expected, got boolean" }, { M.user(true) })
  end)

  it("finds programs by path and in PATH", function()
    local first = os.getenv("PATH"):match "[^:]+"
    fake.files["/opt/tool"], fake.files[first .. "/mytool"] = 3, 4
    assert.equal("/opt/tool", (M.exe "/opt/tool"))
    assert.equal(first .. "/mytool", (M.exe "mytool"))
    refused("exe /opt/no: No such file or directory", "ENOENT", M.exe "/opt/no")
    fake.files["/opt"], fake.kinds["/opt"] = 1, "folder"
    fake.files[first .. "/lib"], fake.kinds[first .. "/lib"] = 2, "folder"
    refused("exe /opt: a folder", "EISDIR", M.exe "/opt")
    refused("exe 'lib': no such program in PATH", "ENOENT", M.exe "lib")
    refused("exe 'notool': no such program in PATH", "ENOENT", M.exe "notool")
  end)

  it("takes cgroups from their root or from where they are mounted", function()
    for _, word in ipairs { "/system.slice", "system.slice", "/sys/fs/cgroup/system.slice", "/system.slice/" } do
      assert.equal("/system.slice", (M.cgroup(word)))
    end
    assert.equal("/", (M.cgroup "/"))
    assert.equal("/nothing/*", (M.cgroup "/nothing/*"))
    refused("cgroup '/sistem.slice': no such cgroup (did you mean '/system.slice'?)", "ENOENT",
            M.cgroup "/sistem.slice")
    fake.cgroups = nil
    refused("cgroups: none are mounted here", "ENOENT", M.cgroup "/system.slice")
  end)

  it("takes units that run, that are known, and globs", function()
    assert.equal("ssh.service", (M.unit "ssh"))
    assert.equal("ssh.service", (M.unit "ssh.service"))
    assert.equal("user@*.service", (M.unit "user@*"))
    fake.files["/lib/systemd/system/cron.service"], fake.files["/etc/systemd/system/app@.service"] = 5, 6
    assert.equal("cron.service", (M.unit "cron"))
    assert.equal("app@one.service", (M.unit "app@one"))
    assert.equal("user.slice", (M.slice "user"))
    refused("slice 'usr.slice': no such unit (did you mean 'user.slice'?)", "ENOENT", M.slice "usr")
    assert.same({ nil, "slice: 'ssh.service' is none; say unit" }, { M.slice "ssh.service" })
    fake.cgroups = { "/", "/user.slice/session-3.scope", "/nothing" }
    refused("unit 'session-3.service': no such unit (did you mean 'session-3.scope'?)", "ENOENT", M.unit "session-3")
  end)

  it("says that a container is not there", function()
    fake.cgroups = { "/docker/" .. ("c0ffee00"):rep(8) }
    assert.same({ "/docker/" .. ("c0ffee00"):rep(8) }, (M.container "c0ff"))
    refused("container 'web': no such container", "ESRCH", M.container "web")
    fake.cgroups = { "/" }
    refused("container 'web': no such container, and no other one runs", "ESRCH", M.container "web")
  end)

  it("takes namespaces by number, as they are shown, by path and by name", function()
    fake.files["/proc/5/ns/net"], fake.files["/run/netns/blue"] = 77, 78
    fake.kinds["/proc/5/ns/net"], fake.kinds["/run/netns/blue"] = "net", "net"
    for word, number in pairs { [4026531840] = 4026531840, ["4026531840"] = 4026531840,
                                ["net:[4026531841]"] = 4026531841, ["/proc/5/ns/net"] = 77, blue = 78 } do
      assert.equal(number, (M.namespace(word, "netns")))
    end
    refused("netns /run/netns/red: No such file or directory", "ENOENT", M.namespace("red", "netns"))
    refused("mntns red: No such file or directory", "ENOENT", M.namespace("red", "mntns"))
  end)

  it("takes no other namespace, nor what is none", function()
    fake.files["/proc/5/ns/net"], fake.kinds["/proc/5/ns/net"], fake.files["/etc/passwd"] = 77, "net", 3
    local hint = "not such a namespace; that of a process is /proc/PID/ns/mnt"
    refused("mntns /proc/5/ns/net: " .. hint, "EINVAL", M.namespace("/proc/5/ns/net", "mntns"))
    refused("mntns /etc/passwd: " .. hint, "EINVAL", M.namespace("/etc/passwd", "mntns"))
    refused("mntns net:[4026531841]: No such file or directory", "ENOENT", M.namespace("net:[4026531841]", "mntns"))
    assert.same({ nil, "pidns: '42' is no number of a namespace; that of a process is /proc/42/ns/pid" },
                { M.namespace("42", "pidns") })
  end)

  it("takes terminals", function()
    fake.files["/dev/tty1"], fake.devices["/dev/tty1"], fake.files["/tmp"] = 1, 1025, 1
    assert.equal(1025, (M.tty "tty1"))
    assert.equal(1025, (M.tty "/dev/tty1"))
    refused("tty /tmp: not a terminal", "ENOTTY", M.tty "/tmp")
    fake.files["/dev/null"], fake.devices["/dev/null"] = 1, 0x103
    refused("tty /dev/null: not a terminal", "ENOTTY", M.tty "/dev/null")
    refused("tty /dev/tty9: No such file or directory", "ENOENT", M.tty "tty9")
  end)
end)
