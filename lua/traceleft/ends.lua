-- SPDX-License-Identifier: MIT
--- ends: the two ends of a connection: options that say which, and columns that show them.
--
--   local opts = args.parse { …, ends.OPTIONS }
--   tl.on("tcp.connect", { where = opts.ends }, report.lines(opts, "tcp.connect", { …, ends.LOCAL, ends.PEER }))

local clauses = require "traceleft.clauses"
local net     = require "traceleft.net"

local M = {}

local WIDTH <const>, MOST <const> = 21, 47      -- "255.255.255.255:65535", and the longest there is

-- "saddr == X or daddr == X" of these sides.
local function either(sides, field, literal)
  local parts = {}
  for i, side in ipairs(sides) do parts[i] = ("%s%s == %s"):format(side, field, literal) end
  return table.concat(parts, " or ")
end

-- Makes a `where` of the options. On either side, for who accepts has the known port on this one.
local function finish_for(sides)
  return function(opts)
    local network, wrong
    if opts.address then
      network, wrong = net.network(opts.address)
      if not network then return "-a: " .. wrong end
    end
    opts.ends = clauses.all(opts.port and either(sides, "port", opts.port),   -- an address has no quotes in it
                            network and either(sides, "addr", ("'%s'"):format(opts.address)))
  end
end

--- Options that say which connections; `opts.ends` is the clause that they come to, nil without any.
M.OPTIONS = {
  { "-P --port", "only this port, on either side", type = "port" },
  { "-a --address", "only this address or network, on either side", type = "string", argname = "ADDRESS" },
  finish = finish_for { "s", "d" },
}

--- The same of listeners, which have no peer.
M.OPTIONS_HERE = {
  { "-P --port", "only this port", type = "port" },
  { "-a --address", "only this address or network", type = "string", argname = "ADDRESS" },
  finish = finish_for { "s" },
}

local function column(title, address, port)
  local function text(e) return net.endpoint(e[address], e[port]) end
  return { title, WIDTH, text, needs = { address, port }, most = MOST }
end

M.LOCAL = column("LOCAL", "saddr", "sport")
M.LOCAL.narrow = { "LPORT", 5, "sport", right = true }
M.PEER  = column("PEER", "daddr", "dport")

--- The same of packets, which have no side that is this one.
M.FROM = column("FROM", "saddr", "sport")
M.TO   = column("TO", "daddr", "dport")

return M
