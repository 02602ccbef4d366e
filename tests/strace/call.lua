-- SPDX-License-Identifier: MIT
--- Holds one call of strace against one event of ours, argument by argument.

local adapt  = require "adapt"
local files  = require "files"
local values = require "values"

local M = {}

local ERESTART = { ERESTARTSYS = true, ERESTARTNOINTR = true, ERESTARTNOHAND = true, ERESTART_RESTARTBLOCK = true }

local function set(list)
  local names = {}
  for _, name in ipairs(list or {}) do names[name] = true end
  return names
end

-- "file", "inode", "dev", "mntns": what is said of the file behind a descriptor, maybe with the argument's name before.
local function is_of_file(field, by_name)
  local stem = field.name:match "^(.-)_?inode$" or field.name:match "^(.-)_?dev$" or field.name:match "^(.-)_?mntns$"
  local file = stem and by_name[stem == "" and "file" or stem .. "_file"]
  return file ~= nil and file.type == "file"
end

local function add_field(argument, field, by_name)
  if field.name == argument.name then
    argument.main = field
  elseif field.type == "file" then
    argument.files[#argument.files + 1] = field
  elseif not is_of_file(field, by_name) then
    argument.extra[#argument.extra + 1] = field
  end
end

--- The arguments of a call in their order: { name, main = the field of that name, files = fields that say what its
--- descriptors are, extra = the other fields that come from it }…
---@param description table
---@return table[]
function M.arguments(description)
  if description.arguments then return description.arguments end
  local list, by_name = {}, {}
  for _, field in ipairs(description) do
    local name = field.arg
    if name and name ~= "" and name ~= "ret" then
      if not by_name[name] then
        by_name[name] = { name = name, files = {}, extra = {} }
        list[#list + 1] = by_name[name]
      end
      add_field(by_name[name], field, description.by_name)
    end
  end
  description.arguments = list
  return list
end

local Report = {}
Report.__index = Report

function Report:add(argument, what, node, ours)
  self[#self + 1] = { call = self.call.name, arg = argument, what = what, node = node, ours = ours,
                      pair = { call = self.call, event = self.event } }
end

function Report:see(field)
  local event = self.event
  return { text = not self.call.raw and event.text[field.name] or nil, cut = self.cut[field.name], ret = event.ret }
end

-- Whether strace shows nothing of what we could not see either. A number of strace's in place of something else is an
-- address: it did not look there, or could not. `is_member` says that a number is just that.
local function shows_nothing(field, node, is_member)
  if node.kind == "number" then return not (is_member and field.type:find "^[us]%d+$") end
  return node.kind == "null" or node.kind == "nothing"
end

-- A field that is there, or should be.
function Report:field(field, node, is_member)
  local value = self.event[field.name]
  if value == nil then
    if shows_nothing(field, node, is_member) then return end
    return self:add(field.name, self.unread[field.name] and "could not be read" or "is absent", node)
  end
  if self.call.raw and math.type(value) ~= "integer" then return end -- strace has a register, and no more
  local what = values.compare(field, value, node, self:see(field))
  if what then self:add(field.name, what, node, self.event.text[field.name]) end
end

local function has_suffix(name, suffix)
  return name == suffix or name:sub(-#suffix - 1) == "_" .. suffix
end

-- What strace calls otherwise.
local ALIASES = { msg_name = "addr", msg_iov = "data", tv_sec = "sec", tv_nsec = "nsec", tv_usec = "usec",
                  size = "attr_size", pid = "target_pid", si_ptr = "si_value" }

-- The same bytes once more, as another member of a union.
local AGAIN = { si_int = "si_ptr" }

-- Structs in structs whose members have no prefix with us.
local TRANSPARENT = { msg_hdr = true, val = true }

-- What strace calls st_mode is ours if a field has that name, maybe with a prefix, or with one less.
local function find_field(argument, name)
  local best
  for _, field in ipairs(argument.extra) do
    local other = field.name
    if (has_suffix(other, name) or has_suffix(name, other)) and (not best or #other < #best.name) then best = field end
  end
  return best
end

local function find_inner(argument, name)
  for _, field in ipairs(argument.extra) do
    if has_suffix(field.name, name) then return field end
  end
end

local function find_member(argument, name, prefix)
  local alias = ALIASES[name]
  if prefix ~= "" then
    return find_inner(argument, prefix .. "_" .. name) or alias and find_inner(argument, prefix .. "_" .. alias)
  end
  return find_field(argument, name) or alias and find_field(argument, alias)
end

-- The i-th of a list: `val[1]` is val1, the elements of the argument itself go by their place.
local function find_element(argument, i, prefix)
  if prefix == "" then return argument.extra[i] end
  return find_inner(argument, prefix .. i - 1)
end

local function field_of(argument, node, item, i, prefix)
  if item.name then return find_member(argument, item.name, prefix) end
  return node.kind == "list" and item.kind ~= "struct" and find_element(argument, i, prefix) or nil
end

local function is_compound(item)
  return item.kind == "struct" or item.kind == "list" and #item > 0
end

-- A member that is not ours: maybe its own members are.
function Report:inner(argument, item, i, prefix)
  if is_compound(item) then
    return self:members(argument, item, not TRANSPARENT[item.name] and item.name or prefix)
  end
  local name = item.name or tostring(i)
  if prefix ~= "" then name = prefix .. "." .. name end
  self:add(argument.name .. "." .. name, "is missing", item)
end

-- The members of a struct, those of structs inside too. What has no name goes by its place.
function Report:members(argument, node, prefix)
  for i, item in ipairs(node) do
    local field = field_of(argument, node, item, i, prefix)
    local again = AGAIN[item.name] and node[AGAIN[item.name]]
    if field then self:field(field, item.after or item, true)
    elseif not again then self:inner(argument, item, i, prefix) end
  end
end

function Report:file(field, node)
  if not field or not node.file then return end
  local inode = self.event[field.name:gsub("file$", "inode")]
  local what = files.compare(node, self.event[field.name], inode)
  if what then self:add(field.name, what, node, self.event[field.name]) end
end

-- Descriptors in a struct, as those of pipe2, have their files in the same order.
function Report:files(argument, node)
  if node.kind ~= "list" then return self:file(argument.files[1], node) end
  for i, item in ipairs(node) do self:file(argument.files[i], item) end
end

function Report:argument(argument, node)
  local last = node.after and node.kind ~= "list" and node.after or node
  if argument.main then self:field(argument.main, last) end
  self:files(argument, last)
  local shown_there = argument.main and argument.main.type ~= "u64" or node.kind == "number"
  if #argument.extra > 0 and not shown_there then self:members(argument, last, "") end
end

function Report:arguments(description)
  local list = M.arguments(description)
  for i, node in ipairs(adapt(self.call, list)) do
    if not list[i] then self:add("argument " .. i, "is missing", node)
    elseif node.kind ~= "nothing" then self:argument(list[i], node) end
  end
end

function Report:error()
  local theirs, ours = self.call.error, self.event.error
  if theirs ~= ours then self:add("error", "is another error", { kind = "symbol", text = theirs or "none" }, ours) end
end

function Report:result()
  local ret, event = self.call.ret, self.event
  if ret and event.ret == nil then
    self:add("ret", "is absent", ret)
  elseif ret and not self.call.error and event.ret ~= ret.value then
    self:add("ret", "is another number", ret, event.ret)
  elseif not ret and not ERESTART[self.call.error] and event.ret ~= nil then
    self:add("ret", "strace saw no return", nil, event.ret)
  end
end

-- The returned descriptor's file is a field that comes from `ret`.
function Report:returned(description)
  local ret = self.call.ret
  for _, field in ipairs(description) do
    if field.arg == "ret" and field.type == "file" and ret and ret.file then self:file(field, ret) end
  end
end

--- The differences of a pair: { call, arg, what, node, ours, pair }…
---@param pair table
---@param description table
---@return table[]
function M.compare(pair, description)
  local event = pair.event
  local report = setmetatable({ call = pair.call, event = event, cut = set(event.cut), unread = set(event.unread),
                                changed = set(event.changed) }, Report)
  report:arguments(description)
  report:error()
  report:result()
  report:returned(description)
  if pair.time_error then report:add("time", pair.time_error) end
  return report
end

return M
