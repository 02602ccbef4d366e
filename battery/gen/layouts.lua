-- SPDX-License-Identifier: MIT
--- How the elements of arrays lie in memory: the catalogue says it, so that core can take them apart.

local types = require("battery.gen.types").types

local M = {}

local INTEGER = { u8 = true, u16 = true, u32 = true, u64 = true, s8 = true, s16 = true, s32 = true, s64 = true }

local function layout(name, definition, values)
  local expressions = { ("sizeof(%s)"):format(definition.c) }
  for i, row in ipairs(definition.fields) do
    if not INTEGER[row[2]] then
      error(("structs.lua: %s.%s: a member of an array cannot be a %s"):format(name, row[1], tostring(row[2])), 0)
    end
    expressions[i + 1] = ("__builtin_offsetof(%s, %s)"):format(definition.c, row.from or row[1])
  end
  local worth = values({ definition.header }, expressions, definition.define)
  local members = {}
  for i, row in ipairs(definition.fields) do
    members[i] = { name = row[1], type = row[2], meaning = row[3] or "", doc = row[4], offset = worth[i + 1],
                   size = types[row[2]].size }
  end
  return { name = name, size = worth[1], members = members }
end

---@param arrays table<string, boolean> names of those that are elements of arrays
---@param structs table battery/structs.lua
---@param values fun(headers: string[], expressions: string[], define: string?): integer[]
---@return table[] layouts { name, size, members = { { name, type, meaning, doc, offset, size }… } }, by name
function M.resolve(arrays, structs, values)
  local names, list = {}, {}
  for name in pairs(arrays) do names[#names + 1] = name end
  table.sort(names)
  for i, name in ipairs(names) do list[i] = layout(name, structs[name], values) end
  return list
end

return M
