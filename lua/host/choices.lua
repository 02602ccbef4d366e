-- SPDX-License-Identifier: MIT
--- choices: the options of the program and of tools as completion sees them: which take a value, and of what kind.

local arghelp = require "traceleft.args.help"
local help    = require "host.help"

local M = {}

---@class host.choice
---@field doc string
---@field takes boolean whether a value must follow
---@field kind? string function of host.values, "tools", or what is left to the shell: ":files", ":commands"
---@field choices? string[]
---@field optional? string how the word is called that may follow such as --list
---@field traces? boolean whether it says events, whose fields are meant
---@field battery? boolean

---@class host.choices by name; the list part has { NAME, MEANING } in their order

-- What the values are: by the name of an option, by how the help calls its value, by the type of a tool's option.
local BY_NAME = { ["--user"] = "users", ["--comm"] = "comms", ["--cgroup"] = "cgroups", ["--unit"] = "units",
                  ["--slice"] = "slices", ["--container"] = "containers", ["--format"] = "template" }
local BY_ARGNAME = { EVENT = "events", EVENTS = "events", FIELD = "fields", ["FIELD,…"] = "fields", PID = "pids",
                     ["PID,…"] = "pids", FILE = ":files", PATH = ":files", CMD = ":commands", TOOL = "tools",
                     GLOB = "tools", EXPR = "fields", ERRORS = "errors", MODULE = "modules",
                     ["KEY=VALUE"] = "excluded" }
local BY_TYPE = { pid = "pids", pids = "pids", event = "events", events = "events", comm = "comms" }

-- Puts an option under each of its names.
local function add_option(options, names, option)
  for _, name in ipairs(names) do
    options[name] = option
    options[#options + 1] = { name, option.doc }
  end
end

--- The options of the program: "-v, --version", "--user NAME, --uid N".
---@return host.choices
function M.program()
  local options = {}
  for _, section in ipairs(help.sections) do
    for _, row in ipairs { table.unpack(section, 2) } do
      for term in (row[1] .. ", "):gmatch "(%-.-), " do
        local name, argname = term:match "^(%S+) ?(.*)$"
        local optional = argname:match "^%[(.*)%]$"
        add_option(options, { name }, {
          doc = row[2], takes = argname ~= "" and not optional, optional = optional, choices = row.choices,
          kind = BY_NAME[name] or BY_ARGNAME[optional or argname], traces = name == "-t",
          battery = name == "--battery",
        })
      end
    end
  end
  return options
end

local function kind_of(row)
  for _, name in ipairs(row.names) do
    if BY_NAME[name] then return BY_NAME[name] end
  end
  return BY_TYPE[row.type] or BY_ARGNAME[row.argname]
end

--- Those of a tool, and what its arguments are.
---@param spec traceleft.args
---@return host.choices options
---@return host.choice[] arguments
function M.tool(spec)
  local options, arguments = {}, {}
  for _, row in ipairs(arghelp.rows(spec)) do
    local option = { doc = row.doc, takes = row.argname ~= nil, choices = row.choices, kind = kind_of(row) }
    if row.is_option then add_option(options, row.names, option) else arguments[#arguments + 1] = option end
  end
  return options, arguments
end

return M
