-- SPDX-License-Identifier: MIT
--- values: what the value of an option can be, for completion: events, fields, processes, users, tools.
--
-- Each kind is a function of what is typed so far and of the line, and returns { VALUE, MEANING } for each that could
-- be meant.

local core    = require "traceleft.core"
local tl      = require "traceleft"
local system  = require "host.system"
local whose   = require "host.whose"

local M = {}

local CALL = "syscall."
local MANY <const> = 40         -- events of which fields are offered; more have no other than all have

local ALIKE = { "syscall.close", "process.exit", "tcp.listen" } -- what they have in common all events have

local function first_sentence(doc)
  return doc:match "^(.-%.)%s" or doc
end

local function begins(text, with)
  return text:sub(1, #with) == with
end

-- The system calls by their bare names, and all classes.
local function calls_and_classes(names)
  local calls, classes = {}, {}
  for _, name in ipairs(names) do
    if begins(name, CALL) then calls[name:sub(#CALL + 1)] = true end
    for class in (tl.describe(name).class or ""):gmatch "%S+" do classes[class] = true end
  end
  return calls, classes
end

-- Events by the words that -t takes for them.
local function event_words(names, typed)
  local list, whole = {}, begins(typed, CALL:sub(1, 3))
  for _, name in ipairs(names) do
    local word = begins(name, CALL) and not whole and name:sub(#CALL + 1) or name
    if begins(word, typed) then list[#list + 1] = { word, first_sentence(tl.describe(name).doc) } end
  end
  return list
end

--- Events as -t takes them: a system call by its bare name, unless more is typed; and classes, with a % where one is
--- typed or a system call has that name.
function M.events(typed)
  local names = tl.events() or {}
  local list = event_words(names, typed)
  local calls, classes = calls_and_classes(names)
  for class in pairs(classes) do
    local percent = begins(typed, "%") or calls[class]
    list[#list + 1] = { (percent and "%" or "") .. class, "all system calls of this class" }
  end
  return list
end

-- The events that words such as those of -t mean, none if they are many.
local function meant(words)
  local names = {}
  for _, word in ipairs(words) do
    local ok, found = pcall(tl.events, word)
    for _, name in ipairs(ok and found or {}) do names[#names + 1] = name end
  end
  return #names <= MANY and names or {}
end

-- The fields of the events in their order, of how many events each is one, and how many events there are.
local function fields_of(names)
  local fields, counts, there = {}, {}, 0
  for _, name in ipairs(names) do
    local description = tl.describe(name)
    there = there + (description and 1 or 0)
    for _, field in ipairs(description and description.fields or {}) do
      if not counts[field.name] then fields[#fields + 1] = field end
      counts[field.name] = (counts[field.name] or 0) + 1
    end
  end
  return fields, counts, there
end

-- Fields of the events on the line, or else those that all events have.
local function fields_on(line)
  local names, list = meant(line.events), {}
  local fields, counts, there = fields_of(#names > 0 and names or ALIKE)
  local least = #names > 0 and 1 or there
  for _, field in ipairs(fields) do
    if counts[field.name] >= least then
      list[#list + 1] = { field.name, field.doc ~= "" and field.doc or field.type }
    end
  end
  return list
end

--- Fields that can be shown, told apart or asked for.
function M.fields(_, line)
  return fields_on(line)
end

--- Fields in the braces of a template.
function M.template(typed, line)
  local list = fields_on(line)
  if typed:sub(1, 1) ~= "{" then return {} end
  for i, one in ipairs(list) do list[i] = { "{" .. one[1] .. "}", one[2] } end
  return list
end

local LAST_ERROR <const> = 133       -- EHWPOISON; above are gaps

--- Why calls fail.
function M.errors()
  local list = {}
  for number = 1, LAST_ERROR do
    local name = core.errno_name(number)
    if name then list[#list + 1] = { name, core.errno_text(number) } end
  end
  return list
end

--- What -l finds in the folders of package.path.
function M.modules(typed)
  local list, head = {}, typed:match "^.*%." or ""
  for folder in package.path:gmatch "([^;]+)/%?%.lua" do
    for _, name in ipairs(system.names(folder .. "/" .. head:gsub("%.", "/"))) do
      local module = name:match "^([%w_]+)%.lua$"
      if module then list[#list + 1] = { head .. module, folder } end
    end
  end
  return list
end

for kind, fn in pairs(whose) do M[kind] = fn end

return M
