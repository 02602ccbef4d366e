-- SPDX-License-Identifier: MIT
--- The C lines with which a handler reads one argument; one function per `read` of kinds.lua.
-- They call what bpf/read.bpf.h provides. `arg` is an argument as schema.lua leaves it.

local M = {}

M.BUF_MAX = 256     -- bytes of a buffer, if the definition says nothing else

local function pointer(n) return ("(const void *)tl_arg(regs, %d)"):format(n) end

local function wants(fields)
  local calls = {}
  for i, field in ipairs(fields) do calls[i] = ("tl_wants(e, %s)"):format(field.c_number) end
  return table.concat(calls, " ||\n    ")
end

function M.number(arg)
  return { ("e->%s = tl_arg(regs, %d);"):format(arg.fields[1].name, arg.index) }
end

-- mknod and its like pass the 32 bits of struct stat, which are not the kernel's own.
function M.dev(arg)
  return {
    "{",
    ("\t__u32 dev = tl_arg(regs, %d);"):format(arg.index),
    "",
    ("\te->%s = (dev & 0xfff00) << 12 | (dev >> 12 & 0xfff00) | (dev & 0xff);")
      :format(arg.fields[1].name),
    "}",
  }
end

function M.pointee(arg)
  local field = arg.fields[1]
  return {
    ("if (tl_wants(e, %s) &&"):format(field.c_number),
    ("    !tl_user_read(&e->%s, sizeof(e->%s), %s))")
      :format(field.name, field.name, pointer(arg.index)),
    ("\ttl_unread(e, %s);"):format(field.c_number),
  }
end

function M.str(arg)
  local field = arg.fields[1]
  return {
    ("if (tl_wants(e, %s))"):format(field.c_number),
    ("\ttl_user_str(e, &e->%s, %s,"):format(field.name, field.c_number),
    ("\t\t    %s);"):format(pointer(arg.index)),
  }
end

local function buf_call(arg, length)
  local field = arg.fields[1]
  return ("tl_user_bytes(e, &e->%s, %s,"):format(field.name, field.c_number),
         ("\t      %s, %s, %d);"):format(pointer(arg.index), length, arg.max or M.BUF_MAX)
end

-- The length is what the call returned, another argument, or what that one points to.
function M.buf(arg)
  local field, len = arg.fields[1], arg.length
  local want = ("if (tl_wants(e, %s))"):format(field.c_number)

  if not len or not len.behind then
    local call, rest = buf_call(arg, len and ("tl_arg(regs, %d)"):format(len.index) or "ret")
    return { want, "\t" .. call, "\t" .. rest }
  end
  local call, rest = buf_call(arg, "length")
  return {
    want .. " {",
    "\t__u32 length;",
    "",
    ("\tif (tl_user_read(&length, sizeof(length), %s))"):format(pointer(len.index)),
    "\t\t" .. call,
    "\t\t" .. rest,
    "\telse",
    ("\t\ttl_unread(e, %s);"):format(field.c_number),
    "}",
  }
end

local function sockaddr_call(arg, indent, length)
  local addr, port = arg.fields[1], arg.fields[2]
  return ("%stl_user_sockaddr(e, &e->%s, &e->%s,"):format(indent, addr.name, port.name),
         ("%s\t\t %s, %s,"):format(indent, addr.c_number, port.c_number),
         ("%s\t\t %s, %s);"):format(indent, pointer(arg.index), length)
end

function M.sockaddr_in(arg)
  local length = ("tl_arg(regs, %d)"):format(arg.index + 1)
  return { ("if (%s)"):format(wants(arg.fields)), sockaddr_call(arg, "\t", length) }
end

local function unread(lines, fields, indent)
  for _, field in ipairs(fields) do
    lines[#lines + 1] = ("%stl_unread(e, %s);"):format(indent, field.c_number)
  end
end

local function append(lines, ...)
  for _, line in ipairs { ... } do lines[#lines + 1] = line end
end

function M.sockaddr_out(arg)
  local lines = {
    ("if (%s) {"):format(wants(arg.fields)),
    "\t__u32 length = 0;",
    "",
    "\tif (ret >= 0 &&",
    ("\t    tl_user_read(&length, sizeof(length), %s)) {"):format(pointer(arg.index + 1)),
  }
  append(lines, sockaddr_call(arg, "\t\t", "length"))
  append(lines, "\t} else {")
  unread(lines, arg.fields, "\t\t")
  append(lines, "\t}", "}")
  return lines
end

M["struct"] = function(arg)
  local lines = {
    ("if (%s) {"):format(wants(arg.fields)),
    ("\t%s passed;"):format(arg.c),
    "",
    ("\tif (tl_user_read(&passed, sizeof(passed), %s)) {"):format(pointer(arg.index)),
  }
  for _, field in ipairs(arg.fields) do
    append(lines, ("\t\te->%s = passed.%s;"):format(field.name, field.member))
  end
  append(lines, "\t} else {")
  unread(lines, arg.fields, "\t\t")
  append(lines, "\t}", "}")
  return lines
end

return M
