-- SPDX-License-Identifier: MIT
--- What the system's headers say: system call numbers, names and values of constants.
-- Only `macros` runs the compiler; the rest are functions of the text that it prints.

local M = {}

---The macros that these headers define, by name.
---@param headers string[]
---@param cc string the compiler
---@return table<string, string> macros
function M.macros(headers, cc)
  local command = { cc, "-E -dM -D_GNU_SOURCE -x c" }
  for _, header in ipairs(headers) do
    assert(header:find "^[%w_./]+$", header .. ": not the name of a header")
    command[#command + 1] = "-include " .. header
  end
  command[#command + 1] = "/dev/null"
  local pipe = assert(io.popen(table.concat(command, " ")))
  local text = pipe:read "a"
  if not pipe:close() then
    error(("%s: cannot read <%s>: install the C library's and the kernel's headers")
      :format(cc, table.concat(headers, ">, <")), 0)
  end
  return M.parse(text)
end

---@param text string what `cc -E -dM` prints
---@return table<string, string> macros without those that take arguments
function M.parse(text)
  local macros = {}
  for name, value in text:gmatch "#define ([%a_][%w_]*) ([^\n]*)" do macros[name] = value end
  return macros
end

---@param macros table<string, string>
---@return table<string, integer> numbers by the system call's name
function M.syscalls(macros)
  local numbers = {}
  for name, value in pairs(macros) do
    local syscall = name:match "^__NR_([%l%d_]+)$"
    if syscall then numbers[syscall] = math.tointeger(tonumber(value)) end
  end
  return numbers
end

---@param macros table<string, string>
---@return string? name of the machine as core/catalogue.h spells it
function M.machine(macros)
  for _, name in ipairs { "x86_64", "aarch64" } do
    if macros["__" .. name .. "__"] then return name end
  end
end

-- C's octal and suffixes are not Lua's.
local function number(text)
  local digits = text:gsub("[uUlL]+$", "")
  if digits:find "^0%d" then return tostring(tonumber(digits, 8)) end
  return digits
end

local function expand(text, macros, depth)
  if depth == 0 then return text end
  return (text:gsub("%f[%w_][%a_][%w_]*", function(name)
    return macros[name] and expand(macros[name], macros, depth - 1)
  end))
end

---The value of a macro that is a constant expression; nil if it is something else.
---@param name string
---@param macros table<string, string>
---@return integer?
function M.value(name, macros)
  local text = expand(macros[name] or "", macros, 8):gsub("%f[%w_]%d[%w_]*", number)
  if text:gsub("0x%x+", "0"):find "[^%d%s()|&~<>+*-]" then return nil end
  local chunk = load("return " .. text, name, "t", {})
  local ok, value = pcall(chunk or error)
  return ok and math.tointeger(value) or nil
end

return M
