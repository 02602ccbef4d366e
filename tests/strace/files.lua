-- SPDX-License-Identifier: MIT
--- What strace -yy writes behind a descriptor, against our field `file` and the inode beside it.
--
-- Ours is the text of DESIGN.md: a path, "pipe:[1]", "TCP 127.0.0.1:1->127.0.0.1:2", "UNIX /run/x.sock", "NETLINK 0:7".
-- strace knows the names of a socket only from sock_diag, and only while it is in the tables there: where it has no
-- more than the inode, the inode and the kind must be the same.

local parse = require "parse"

local M = {}

local INET = { TCP = "TCP", TCPv6 = "TCP", UDP = "UDP", UDPv6 = "UDP", RAW = "RAW", RAWv6 = "RAW" }

-- linux/netlink.h
local NETLINK = { ROUTE = 0, USERSOCK = 2, SOCK_DIAG = 4, XFRM = 6, AUDIT = 9, CONNECTOR = 11, NETFILTER = 12,
                  KOBJECT_UEVENT = 15, GENERIC = 16, CRYPTO = 21 }

local function says(text) return "strace says " .. text end

local function same_inode(kind, inner, ours, inode)
  if inode ~= tonumber(inner) or kind ~= "socket" and ours:match "^%S+" ~= kind then
    return says(kind .. " with inode " .. inner)
  end
end

local function inet(kind, inner, ours, inode)
  if inner:find "^%d+$" then return same_inode(kind, inner, ours, inode) end
  if ours ~= kind .. " " .. inner then return says(kind .. " " .. inner) end
end

-- 7   7->8   7,"/run/x"   7->8,@"abstract"
local function unix(inner, ours, inode)
  local own, name = inner:match '^(%d+)[^,]*,?(.*)$'
  local wrong = same_inode("UNIX", own, ours, inode)
  if wrong or name == "" then return wrong end
  local path = parse.value(name)
  local expected = "UNIX " .. (path.abstract and "@" or "") .. path.value
  if ours ~= expected then return says(expected) end
end

local function netlink(inner, ours, inode)
  local protocol, port = inner:match "^([%u_%d]+):(%d+)$"
  if not protocol or not NETLINK[protocol] then return same_inode("NETLINK", inner, ours, inode) end
  local expected = ("NETLINK %d:%s"):format(NETLINK[protocol], port)
  if ours ~= expected then return says(expected) end
end

--- What is different, or nil.
---@param node table a descriptor of strace, with its file
---@param ours string?
---@param inode integer?
---@return string?
function M.compare(node, ours, inode)
  local kind, inner = node.file:match "^([%w_%-]+):%[(.*)%]$"
  if not ours then return "is absent, " .. says(node.file) end
  if INET[kind] then return inet(INET[kind], inner, ours, inode) end
  if kind and kind:find "^UNIX" then return unix(inner, ours, inode) end
  if kind == "socket" then return same_inode(kind, inner, ours, inode) end
  if kind == "NETLINK" then return netlink(inner, ours, inode) end
  local expected = node.file .. (node.deleted and " (deleted)" or "")
  if ours ~= expected then return says(expected) end
end

return M
