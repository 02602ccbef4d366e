-- SPDX-License-Identifier: MIT
--- Makes catalogue.txt, which core reads: one line per fact, parts separated by tabs.

local M = {}

local ABI = 1   -- TL_ABI_VERSION

local function event_lines(event, line)
  line("event", event.name, event.fixed_size, event.doc)
  for _, field in ipairs(event.fields) do
    line("field", field.name, field.type, field.meaning, field.offset, field.size, field.number,
         field.doc)
  end
  for _, route in ipairs(event.exits) do line("exit", route.number, route.what) end
  for _, route in ipairs(event.enters) do line("enter", route.number, route.what) end
  for _, program in ipairs(event.attach) do line("attach", program) end
end

---@param model table
---@return string
function M.emit(model)
  local out = {}
  local function line(...) out[#out + 1] = table.concat({ ... }, "\t") .. "\n" end

  line("traceleft", "ABI", ABI, model.machine)
  for _, event in ipairs(model.events) do event_lines(event, line) end
  line("end", #model.events)
  return table.concat(out)
end

return M
