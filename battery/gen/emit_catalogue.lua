-- SPDX-License-Identifier: MIT
--- Makes catalogue.txt, which core reads: one line per fact, parts separated by tabs.

local M = {}

local ABI = 5   -- TL_ABI_VERSION

local function early_lines(event, line)
  for _, raw in ipairs(event.raws or {}) do line("raw", raw.field, raw.what) end
  if event.raws and #event.raws == 0 then line "early" end
end

local function event_lines(event, line)
  line("event", event.name, event.fixed_size, event.class, event.doc)
  for _, field in ipairs(event.fields) do
    line("field", field.name, field.type, field.meaning, field.offset, field.size, field.number, field.arg or "",
         field.doc)
  end
  for _, route in ipairs(event.exits) do line("exit", route.number, route.what) end
  for _, route in ipairs(event.enters) do line("enter", route.number, route.what) end
  for _, need in ipairs(event.needs) do line("need", need.number, need.side, need.fields, need.work) end
  early_lines(event, line)
  for _, program in ipairs(event.attach) do
    if program.hook then line("maybe", program.name, program.hook) else line("attach", program.name) end
  end
  if event.hook then line("hook", event.hook) end
end

local function layout_lines(layout, line)
  line("layout", layout.name, layout.size)
  for _, member in ipairs(layout.members) do
    line("member", member.name, member.type, member.meaning, member.offset, member.size, member.doc)
  end
end

---@param model table
---@return string
function M.emit(model)
  local out = {}
  local function line(...) out[#out + 1] = table.concat({ ... }, "\t") .. "\n" end

  line("traceleft", "ABI", ABI, model.machine)
  for _, layout in ipairs(model.layouts) do layout_lines(layout, line) end
  for _, event in ipairs(model.events) do event_lines(event, line) end
  line("end", #model.events)
  return table.concat(out)
end

return M
