-- SPDX-License-Identifier: MIT
--- The types of fields: how they lie in a record, in C and in Lua.
-- `rank` orders the fields of a record: the bigger first, so that nothing needs padding between.

local M = {}

---@class battery.type
---@field c string? the member's type in C; nil: it takes no room
---@field size integer bytes
---@field rank integer what its place in the record is a multiple of
---@field lua string its type in a callback's table
---@field common boolean? only fields that every event has are of this type

---@type table<string, battery.type>
M.types = {
  u8    = { c = "__u8",  size = 1, rank = 1, lua = "integer" },
  u16   = { c = "__u16", size = 2, rank = 2, lua = "integer" },
  u32   = { c = "__u32", size = 4, rank = 4, lua = "integer" },
  u64   = { c = "__u64", size = 8, rank = 8, lua = "integer" },
  s8    = { c = "__s8",  size = 1, rank = 1, lua = "integer" },
  s16   = { c = "__s16", size = 2, rank = 2, lua = "integer" },
  s32   = { c = "__s32", size = 4, rank = 4, lua = "integer" },
  s64   = { c = "__s64", size = 8, rank = 8, lua = "integer" },
  bool  = { c = "__u8",  size = 1, rank = 1, lua = "boolean" },
  error = { c = "__s32", size = 4, rank = 4, lua = "string" },
  str   = { c = "struct tl_str", size = 8, rank = 8, lua = "string" },
  bytes = { c = "struct tl_str", size = 8, rank = 8, lua = "string" },
  list  = { c = "struct tl_str", size = 8, rank = 8, lua = "string[]" },
  path  = { c = "struct tl_str", size = 8, rank = 8, lua = "string" },
  file  = { c = "struct tl_str", size = 8, rank = 8, lua = "string" },
  sockaddr = { c = "struct tl_str", size = 8, rank = 8, lua = "string" },
  array = { c = "struct tl_str", size = 8, rank = 8, lua = "table[]" },
  ip    = { c = "struct tl_ip", size = 20, rank = 4, lua = "string" },
  comm  = { c = "char", size = 16, rank = 1, lua = "string", common = true },
  event = { size = 0, rank = 1, lua = "string", common = true },
}

return M
