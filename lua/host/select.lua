-- SPDX-License-Identifier: MIT
--- select: the options that say which processes, and the target that they make.

local target = require "traceleft.request.target"

local M = {}

local NUMBERS = { tree = true, uid = true, gid = true }

-- The value of a word of a target, as the table would have it.
local function value_of(word, text)
  if text == "" then return nil, "a value is missing" end
  if not NUMBERS[word] then return text end
  local number = text:match "^%d+$" and math.tointeger(tonumber(text))
  local hint = word == "uid" and "; --user takes names" or ""
  if not number then return nil, ("'%s' is no number%s"):format(text, hint) end
  return number
end

local function add(list, word, value)
  list[word] = list[word] or {}
  table.insert(list[word], value)
end

local function into_select(word)
  return function(opts, value)
    opts.select = opts.select or {}
    add(opts.select, word, value)
  end
end

-- KEY=VALUE of --no.
local function excluded(text)
  local word, value = text:match "^(%l+)=(.+)$"
  if not word then return nil, ("'%s' is not KEY=VALUE, such as comm=sshd"):format(text) end
  if word == "pid" then NUMBERS.pid = true end
  local read, wrong = value_of(word, value)
  if read == nil then return nil, wrong end
  return { [word] = read }
end

-- A table in Lua, without any function to call.
local function table_of(text)
  local chunk, wrong = load("return " .. text, "=--target", "t", {})
  if not chunk then return nil, wrong end
  local ok, value = pcall(chunk)
  if not ok then return nil, value end
  if type(value) ~= "table" then return nil, "a table such as { any = { { comm = 'sh' }, { uid = 33 } } } expected" end
  return value
end

local function into_list(name)
  return function(opts, value)
    opts.select = opts.select or {}
    add(opts.select, name, value)
  end
end

--- The options, as those of host.options.
M.options = {
  ["--no"] = { read = excluded, store = into_list "no" },
  ["--target"] = { read = table_of, store = into_list "all" },
}
for _, word in ipairs { "tree", "comm", "exe", "uid", "user", "gid", "cgroup", "unit", "slice", "container",
                        "netns", "mntns", "pidns", "tty" } do
  M.options["--" .. word] = {
    read = function(text) return value_of(word, text) end,
    store = into_select(word),
  }
end

--- The target of the command line; nil if -p or -c say all, or nothing does.
---@param opts table
---@param child? { pid: integer } the command of -c
---@return traceleft.target?
function M.target(opts, child)
  if not opts.select then return nil end
  local spec = { pid = opts.pids, command = child and { child.pid }, follow = opts.follow }
  for word, value in pairs(opts.select) do spec[word] = value end
  return spec
end

-- How messages about the table name what was typed.
local TYPED = { { "^all%[%d+%]: ", "--target: " }, { "^no%[%d+%]: ", "--no: " }, { "^(%-%-%l+: )target: ", "%1" },
                { "^follow: of no process; give pid too$", "-f: children of which process? give -p or -c" } }

local function typed(message)
  for _, one in ipairs(TYPED) do message = message:gsub(one[1], one[2]) end
  return message
end

--- What is wrong with the target, nil if nothing; what is not there comes second.
---@param spec? traceleft.target
---@return string? wrong
---@return { message: string, name: string }? refused
function M.check(spec)
  if not spec then return nil end
  local selector, wrong, refused = target.make(spec)
  if selector then return nil end
  return wrong and typed(wrong), refused
end

return M
