-- SPDX-License-Identifier: MIT
--- lua5.4 battery/gen/strip_lines.lua FILE
--
-- Takes the line numbers out of a .BTF.ext section, which FILE holds. They are only for a verifier's log, and they
-- are more bytes than the programs: each start would read, copy and hand them to the kernel.
-- The layout is struct btf_ext_header of libbpf: magic, version, flags, length of the header, then offset (from the
-- header's end) and length of the functions, of the lines and of the relocations.

local HEADER = "=I2I1I1I4 I4I4 I4I4 I4I4"
local MAGIC  = 0xeb9f

local function read(path)
  local file = assert(io.open(path, "rb"))
  local data = file:read "a"
  file:close()
  return data
end

local function write(path, data)
  local file = assert(io.open(path, "wb"))
  assert(file:write(data))
  assert(file:close())
end

local function without_lines(data)
  local magic, version, flags, length, funcs, funcs_len, lines, lines_len, relos, relos_len = HEADER:unpack(data)
  if magic ~= MAGIC or length ~= HEADER:packsize() then error("not a .BTF.ext section of the known layout", 0) end
  if relos ~= lines + lines_len then error("the relocations do not follow the lines", 0) end
  local body = data:sub(length + 1)
  return HEADER:pack(magic, version, flags, length, funcs, funcs_len, lines, 0, lines, relos_len)
    .. body:sub(1, lines) .. body:sub(relos + 1)
end

local ok, message = pcall(function() write(arg[1], without_lines(read(arg[1]))) end)
if not ok then
  io.stderr:write("strip_lines: ", tostring(message), "\n")
  os.exit(1)
end
