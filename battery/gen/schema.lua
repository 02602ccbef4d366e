-- SPDX-License-Identifier: MIT
--- Checks what the definitions say and turns it into the list of events that the emitters read.
-- What is wrong is named by file, event and field: `tcp.lua: tcp.close.sent: no such type "u65"`.

local common   = require "battery.common"
local domains  = require "battery.gen.domains"
local layout   = require "battery.gen.layout"
local meanings = require "battery.gen.meanings"
local syscall  = require "battery.gen.syscall"
local types    = require("battery.gen.types").types

local M = {}

local DEFINITION_KEYS = { doc = true, enums = true, flags = true, events = true }
local EVENT_KEYS = { name = true, class = true, doc = true, source = true, attach = true, exit = true,
                     enter = true, fields = true, hook = true, machine = true }
local FIELD_KEYS = { true, true, true, doc = true, arg = true }

local taken = {}
for _, field in ipairs(common) do taken[field[1]] = true end
for _, name in ipairs { "nspid", "loginuid", "exe" } do taken[name] = true end -- core/catalogue/schema.c

local function fail(where, message, ...) error(where .. ": " .. message:format(...), 0) end

local function check_keys(where, entry, known)
  for key in pairs(entry) do
    if not known[key] then fail(where, "no such key %q", tostring(key)) end
  end
end

local function check_doc(where, doc)
  if type(doc) ~= "string" or doc == "" then fail(where, "doc is missing") end
  if doc:find "%c" then fail(where, "doc is more than one line") end
end

local function check_meaning(where, meaning, env)
  if meaning:find "^array:" then return end     -- kinds.lua has looked it up
  local _, domain = meanings.domain(meaning)
  if domain then
    if not env.domains[domain] then fail(where, "no such list of names %q", domain) end
  elseif meaning ~= "" and not meanings.known[meaning] then
    fail(where, "no such meaning %q", meaning)
  end
end

local function check_type(where, name)
  if name == nil then fail(where, "type is missing") end
  if not types[name] or types[name].common then fail(where, "no such type %q", tostring(name)) end
end

local function check_fields(where, event, env)
  local seen = {}
  for _, field in ipairs(event.fields) do
    local here = where .. "." .. tostring(field.name)
    if not tostring(field.name):find "^%l[%l%d_]*$" then fail(here, "not a name") end
    if seen[field.name] then fail(here, "there are two of them") end
    if taken[field.name] then fail(here, "every event has a field of this name") end
    seen[field.name] = true
    check_type(here, field.type)
    check_meaning(here, field.meaning, env)
    check_doc(here, field.doc)
  end
  return seen
end

local function check_size(where, event)
  local n = #common + #event.fields
  if n > layout.MAX_FIELDS then
    fail(where, "%d fields, the common ones included; %d is the limit", n, layout.MAX_FIELDS)
  end
  if event.fixed_size > layout.MAX_SIZE then
    fail(where, "a record of %d bytes; %d is the limit", event.fixed_size, layout.MAX_SIZE)
  end
end

local function by_number(a, b) return a.number < b.number end

local function number_of(where, name, event, env)
  return env.syscalls[name] or name == event.syscall and event.nr
    or fail(where, "the system's headers know no system call %q", name)
end

-- { connect = X } as { { number = 42, what = X } }, in the order of numbers.
local function routes(where, map, event, env)
  local list = {}
  for name, what in pairs(map or {}) do
    list[#list + 1] = { number = number_of(where, name, event, env), what = what }
  end
  table.sort(list, by_number)
  return list
end

-- What hand-written events say of the begin of a call, as syscall.lua says it of its own.
local function needs_of(where, event, env)
  for name, field in pairs(event.begins or {}) do
    event.needs[#event.needs + 1] = { syscall = name, side = "enter", fields = field, work = "time" }
  end
  for _, need in ipairs(event.needs) do need.number = number_of(where, need.syscall, event, env) end
  table.sort(event.needs, function(a, b)
    if a.number ~= b.number then return a.number < b.number end
    return a.side .. a.work < b.side .. b.work
  end)
end

-- Programs, of which those that are tables are attached where the kernel has that hook.
local function attach_of(where, entry)
  local list = {}
  for i, item in ipairs(entry.attach or {}) do
    local program = type(item) == "table" and { name = item[1], hook = item.hook } or { name = item }
    if type(program.name) ~= "string" or type(item) == "table" and type(item.hook) ~= "string" then
      fail(where, "attach[%d]: a program, or { program, hook = name }", i)
    end
    list[i] = program
  end
  return list
end

local function fields_of(where, entry)
  if type(entry.fields) ~= "table" then fail(where, "fields are missing") end
  local fields = {}
  for i, field in ipairs(entry.fields) do
    check_keys(where .. "." .. tostring(field[1]), field, FIELD_KEYS)
    fields[i] = { name = field[1], type = field[2], meaning = field[3] or "", doc = field.doc, arg = field.arg }
  end
  return fields
end

local function hand_written(where, entry)
  check_keys(where, entry, EVENT_KEYS)
  if type(entry.source) ~= "string" then fail(where, "source is missing") end
  if entry.hook and not (entry.attach and tostring(entry.hook):find "^%l[%l%d_]*$") then
    fail(where, "hook is for events that attach to a tracepoint")
  end
  local fields = fields_of(where, entry)
  local others = entry.exit == "others"
  local raws = others and { { field = "ret", what = "ret" }, { field = "duration", what = "duration" } } or nil
  return { source = entry.source, fields = fields, raws = raws, attach = attach_of(where, entry), hook = entry.hook,
           others = others,
           exit = not others and entry.exit or nil, begins = entry.enter, needs = {} }
end

local function check_reached(where, event, names)
  if #event.exits + #event.enters + #event.attach == 0 and not event.others then
    fail(where, "neither attach nor exit")
  end
  for _, field in pairs(event.begins or {}) do
    if field ~= "-" and not names[field] then fail(where, "enter: no such field %q", tostring(field)) end
  end
end

local function name_for_c(event)
  event.c_name = event.name:gsub("%.", "_")
  event.c_number = "TL_E_" .. event.c_name:upper()
  for _, field in ipairs(event.fields) do
    field.c_number = ("TL_F_%s_%s"):format(event.c_name, field.name):upper()
  end
end

local function event_of(file, entry, env)
  local where = ("%s: %s"):format(file, tostring(entry.name))
  local name = tostring(entry.name)

  if not name:find "^%l[%l%d_]*%.[%l_][%l%d_]*$" then fail(where, "not the name of an event") end
  check_doc(where, entry.doc)
  local event
  if name:find "^syscall%." and not entry.source then
    event = syscall.event(where, entry, env, fail)
  else
    event = hand_written(where, entry)
  end
  event.name, event.doc, event.file, event.class = name, entry.doc, file, entry.class or ""
  local names = check_fields(where, event, env)
  event.exits, event.enters = routes(where, event.exit, event, env), routes(where, event.enter, event, env)
  needs_of(where, event, env)
  check_reached(where, event, names)
  check_size(where, layout.place(event, #common))
  name_for_c(event)
  return event
end

-- `key`: enums or flags.
local function own_domains(where, definition, key, env, list)
  local names, own = {}, definition[key] or {}
  for name in pairs(own) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do
    if env.domains[name] then fail(where, "%s: there are two named %q", key, name) end
    env.domains[name] = true
    list[#list + 1] = domains.own(name, own[name], key == "flags")
  end
end

local function add_event(model, file, entry, env)
  local event = event_of(file, entry, env)
  local other = model.by_name[event.name]
  if other then fail(file .. ": " .. event.name, "already defined in %s", other.file) end
  event.number = #model.events
  model.events[#model.events + 1] = event
  model.by_name[event.name] = event
  local events = model.files[#model.files].events
  events[#events + 1] = event
end

local function add_events(model, file, definition, env)
  for _, entry in ipairs(definition.events) do
    if not entry.machine or entry.machine == model.machine then add_event(model, file, entry, env) end
  end
end

local SYSCALLS_MAX = 512    -- TL_SYSCALLS_MAX; the last number stands for calls that have none

local function taken_numbers(events)
  local numbers = {}
  for _, event in ipairs(events) do
    for _, list in ipairs(event.syscall and { event.exits, event.enters } or {}) do
      for _, route in ipairs(list) do numbers[route.number] = true end
    end
  end
  return numbers
end

-- Gives an event of the other system calls all numbers that no event has.
local function add_others(model)
  local known = taken_numbers(model.events)
  for _, event in ipairs(model.events) do
    for number = 0, event.others and SYSCALLS_MAX - 1 or -1 do
      if not known[number] then
        event.exits[#event.exits + 1] = { number = number, what = "tl_" .. event.c_name }
        event.needs[#event.needs + 1] = { number = number, side = "enter", work = "time",
                                          fields = number == SYSCALLS_MAX - 1 and "-" or "duration" }
      end
    end
  end
end

---@param definitions table[] { { file = "tcp.lua", definition = what the file returns }… }
---@param system table syscalls: numbers by name; domains: those of constants.lua; structs; machine
---@return table model { machine, events, by_name, files = { { file, doc, events }… }, domains, layouts = {},
---  arrays = names of the structs that are elements of arrays }
function M.model(definitions, system)
  local model = { machine = system.machine, arrays = {}, layouts = {}, events = {}, by_name = {}, files = {},
                  domains = {} }
  local env = { syscalls = system.syscalls, structs = system.structs, machine = system.machine, domains = {},
                arrays = model.arrays }

  for _, domain in ipairs(system.domains) do
    env.domains[domain.name] = true
    model.domains[#model.domains + 1] = domain
  end
  for _, item in ipairs(definitions) do
    local file, definition = item.file, item.definition
    if type(definition) ~= "table" then fail(file, "does not return a table") end
    check_keys(file, definition, DEFINITION_KEYS)
    check_doc(file, definition.doc)
    if type(definition.events) ~= "table" then fail(file, "events are missing") end
    own_domains(file, definition, "enums", env, model.domains)
    own_domains(file, definition, "flags", env, model.domains)
    model.files[#model.files + 1] = { file = file, doc = definition.doc, events = {} }
    add_events(model, file, definition, env)
  end
  add_others(model)
  return model
end

return M
