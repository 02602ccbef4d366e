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
    value = macros[value] or value  -- arm64: __NR_lseek is __NR3264_lseek, which is 62
    if syscall then numbers[syscall] = math.tointeger(tonumber(value)) end
  end
  return numbers
end

---@param macros table<string, string>
---@return string? name of the machine as core/catalogue/catalogue.h spells it
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

-- One constant per name in assembly, which every compiler writes the same way.
local function program_of(list, expressions, define)
  local lines = {}
  for _, header in ipairs(list) do lines[#lines + 1] = ("#include <%s>\n"):format(header) end
  if define then lines[#lines + 1] = "#include <linux/types.h>\n" .. define .. "\n" end
  for i, expression in ipairs(expressions) do
    lines[#lines + 1] = ("const unsigned long long tl_value_%d = (unsigned long long)(%s);\n"):format(i, expression)
  end
  return table.concat(lines)
end

local DIRECTIVES = { quad = true, xword = true, zero = true, dword = true, space = true }

---The values of such assembly, by the number of the constant.
---@param text string
---@return table<integer, integer>
function M.parse_values(text)
  local values, current = {}, nil
  for line in text:gmatch "[^\n]+" do
    local label = line:match "^tl_value_(%d+):"
    local directive, digits = line:match "^%s+%.(%l+)%s+(-?%w+)"
    if label then
      current = tonumber(label)
    elseif current and DIRECTIVES[directive] then
      local zero = directive == "zero" or directive == "space"
      values[current] = zero and 0 or math.tointeger(tonumber(digits))
        or math.tointeger(("0x%x"):format(digits))
      current = nil
    end
  end
  return values
end

---What these expressions are worth: flags, enumerators, sizeof, offsetof.
---@param list string[] headers
---@param expressions string[]
---@param cc string the compiler
---@param define? string what C must know beside the headers
---@return integer[] values in the order of the expressions
function M.values(list, expressions, cc, define)
  local path = os.tmpname()
  local file = assert(io.open(path, "w"))
  file:write(program_of(list, expressions, define))
  file:close()
  local pipe = assert(io.popen(("%s -S -O0 -D_GNU_SOURCE -w -x c %s -o -"):format(cc, path)))
  local text = pipe:read "a"
  local done = pipe:close()
  os.remove(path)
  if not done then
    error(("%s: cannot tell the values of what is in <%s>"):format(cc, table.concat(list, ">, <")), 0)
  end
  local values = M.parse_values(text)
  for i, expression in ipairs(expressions) do
    if not values[i] then error(("%s: no value for %s"):format(cc, expression), 0) end
  end
  return values
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
