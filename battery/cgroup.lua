-- SPDX-License-Identifier: MIT
--- Cgroups that are made. The handler is in cgroup.bpf.c.

return {
  doc = "Cgroups: their begin.",
  events = {
    { name = "cgroup.mkdir", doc = "A cgroup was made; no process is in it yet.", source = "cgroup",
      attach = { "tl_cgroup_mkdir" },
      fields = {
        { "path", "str", "path", doc = "Its path, from the root of its hierarchy on." },
        { "id", "u64", "cgroup", doc = "Its id: what is `cgroup` of the processes in it, if the hierarchy is 0." },
        { "hierarchy", "u32", "", doc = "Number of its hierarchy; 0 is version 2." },
      } },
  },
}
