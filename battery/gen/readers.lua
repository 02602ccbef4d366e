-- SPDX-License-Identifier: MIT
--- The C lines with which a handler reads one argument; one function per `read` of kinds.lua.
-- They call what bpf/ provides. `arg` is an argument as syscall.lua leaves it.

local M = {}

local function value(arg, n) return (arg.saved and "tl_saved(saved, %d)" or "tl_arg(regs, %d)"):format(n) end

local function pointer(arg, n) return ("(const void *)%s"):format(value(arg, n or arg.index)) end

local function wants(fields)
  local calls = {}
  for i, field in ipairs(fields) do calls[i] = ("tl_wants(e, %s)"):format(field.c_number) end
  return table.concat(calls, " ||\n    ")
end

local function append(lines, ...)
  for _, line in ipairs { ... } do lines[#lines + 1] = line end
end

-- if (wanted) name(e, &e->field, number, rest);
local function call(arg, name, rest, field)
  field = field or arg.fields[1]
  return {
    ("if (tl_wants(e, %s))"):format(field.c_number),
    ("\t%s(e, &e->%s, %s,"):format(name, field.name, field.c_number),
    ("\t\t%s);"):format(rest),
  }
end

function M.number(arg)
  return { ("e->%s = %s;"):format(arg.fields[1].name, value(arg, arg.index)) }
end

-- mknod and its like pass the 32 bits of struct stat, which are not the kernel's own.
function M.dev(arg)
  return { ("e->%s = tl_dev(%s);"):format(arg.fields[1].name, value(arg, arg.index)) }
end

function M.pointee(arg) return call(arg, "tl_user_number", pointer(arg) .. ", ret >= 0") end

function M.pointee_in(arg) return call(arg, "tl_user_number", pointer(arg) .. ", true") end

function M.str(arg) return call(arg, "tl_user_str", pointer(arg)) end

function M.path(arg)
  local field = arg.fields[1]
  return { ("tl_path_arg(e, &e->%s, %s, %d);"):format(field.name, field.c_number, arg.index) }
end

function M.strs(arg) return call(arg, "tl_user_strs", ("%d, %s"):format(arg.index, value(arg, arg.index))) end

function M.argv(arg) return call(arg, "tl_exec_argv", ("%d, %s, ret"):format(arg.index, value(arg, arg.index))) end

function M.envp(arg) return call(arg, "tl_exec_envp", ("%d, %s, ret"):format(arg.index, value(arg, arg.index))) end

local function unit(arg) return arg.fields[1].meaning == "timeval" and 1000 or 1 end

function M.time_in(arg) return call(arg, "tl_user_time", ("%s, %d"):format(pointer(arg), unit(arg))) end

function M.time_out(arg)
  return call(arg, "tl_user_time", ("ret < 0 ? NULL : %s, %d"):format(pointer(arg), unit(arg)))
end

function M.time_held(arg) return call(arg, "tl_held_time", ("%d, %d"):format(arg.index, unit(arg))) end

-- The number of bytes of a set: as many as the first argument has bits, in words.
function M.fdset(arg)
  return call(arg, "tl_user_bytes", ("%s, ((__u64)(%s) + 63) / 64 * 8"):format(pointer(arg), value(arg, 0)))
end

-- The length is what the call returned, another argument, or what that one points to.
local function length_of(arg)
  local len = arg.length
  if arg.room then return ("tl_at_most(ret, %s)"):format(value(arg, arg.room)) end
  if not len or len.ret then return "ret" end
  return value(arg, len.index)
end

function M.buf(arg)
  local field, len = arg.fields[1], arg.length
  if not len or not len.behind then
    return call(arg, "tl_user_bytes", ("%s, %s"):format(pointer(arg), length_of(arg)))
  end
  return {
    ("if (tl_wants(e, %s)) {"):format(field.c_number),
    "\t__u32 length;",
    "",
    "\tif (ret < 0)",
    ("\t\ttl_absent(e, %s);"):format(field.c_number),
    ("\telse if (tl_user_read(&length, sizeof(length), %s))"):format(pointer(arg, len.index)),
    ("\t\ttl_user_bytes(e, &e->%s, %s, %s, length);"):format(field.name, field.c_number, pointer(arg)),
    "\telse",
    ("\t\ttl_unread(e, %s);"):format(field.c_number),
    "}",
  }
end

function M.iov(arg)
  return call(arg, "tl_user_iov", ("%d, %s, %s, ret")
    :format(arg.index, value(arg, arg.index), value(arg, arg.index + 1)))
end

function M.array(arg)
  return call(arg, "tl_user_array", ("%s, %s,\n\t\tsizeof(%s)"):format(pointer(arg), length_of(arg), arg.c))
end

-- ---- addresses of sockets ----------------------------------------------------------------------

local function addr_fields(addr, ip, port)
  return ("((struct tl_addr_fields){ &e->%s, &e->%s, &e->%s,\n\t\t%s,\n\t\t%s,\n\t\t%s })")
    :format(addr.name, ip.name, port.name, addr.c_number, ip.c_number, port.c_number)
end

function M.sockaddr_in(arg)
  return {
    ("if (%s)"):format(wants(arg.fields)),
    ("\ttl_user_addr(e, %s,"):format(addr_fields(table.unpack(arg.fields))),
    ("\t\t%s, %s);"):format(pointer(arg), value(arg, arg.index + 1)),
  }
end

function M.sockaddr_out(arg)
  local fields = addr_fields(table.unpack(arg.fields))
  return {
    ("if (%s) {"):format(wants(arg.fields)),
    "\t__u32 length = 0;",
    "",
    ("\tif (ret < 0 || !%s)"):format(value(arg, arg.index)),
    ("\t\ttl_addr_nothing(e, %s, true);"):format(fields),
    ("\telse if (tl_user_read(&length, sizeof(length), %s))"):format(pointer(arg, arg.index + 1)),
    ("\t\ttl_written_addr(e, %s,"):format(fields),
    ("\t\t\t%s, length, %d, 0);"):format(pointer(arg), arg.index + 1),
    "\telse",
    ("\t\ttl_addr_nothing(e, %s, false);"):format(fields),
    "}",
  }
end

-- The address of a message. One that was received is there only if the call was good; the room for it was in the head.
local function msg_addr(arg, fields)
  if not arg.part then
    return { ("\t\ttl_user_addr(e, %s,"):format(fields), "\t\t\t(const void *)head.name, head.namelen);" }
  end
  return { "\t\tif (ret < 0)",
           ("\t\t\ttl_addr_nothing(e, %s, true);"):format(fields),
           "\t\telse",
           ("\t\t\ttl_written_addr(e, %s,"):format(fields),
           ("\t\t\t\t(const void *)head.name, head.namelen, %d, TL_MSG_NAMELEN);"):format(arg.index) }
end

function M.msg(arg)
  local own, addr, ip, port, data, iovlen, controllen, flags = table.unpack(arg.fields)
  local lines = { ("e->%s = %s;"):format(own.name, value(arg, arg.index)) }

  append(lines, ("if (%s) {"):format(wants { table.unpack(arg.fields, 2) }),
         "\tstruct tl_msghdr head;", "",
         ("\tif (tl_user_read(&head, sizeof(head), %s)) {"):format(pointer(arg)),
         ("\t\te->%s = head.iovlen;"):format(iovlen.name),
         ("\t\te->%s = head.controllen;"):format(controllen.name),
         ("\t\te->%s = head.flags;"):format(flags.name))
  append(lines, table.unpack(msg_addr(arg, addr_fields(addr, ip, port))))
  append(lines, ("\t\tif (tl_wants(e, %s))"):format(data.c_number),
         ("\t\t\ttl_user_iov(e, &e->%s, %s, %d,"):format(data.name, data.c_number, arg.index),
         "\t\t\t\thead.iov, head.iovlen, ret);",
         "\t} else {")
  for i = 2, #arg.fields do append(lines, ("\t\ttl_unread(e, %s);"):format(arg.fields[i].c_number)) end
  append(lines, "\t}", "}")
  return lines
end

-- ---- structs -----------------------------------------------------------------------------------

-- Marks the members, and what is known of the descriptors among them, as absent or unread.
local function mark(fields, word, indent, lines)
  for _, field in ipairs(fields) do
    append(lines, ("%stl_%s(e, %s);"):format(indent, word, field.c_number))
    if field.files then
      append(lines, ("%stl_file_nothing(e, %s, %s);")
        :format(indent, field.files[1].c_number, tostring(word == "absent")))
    end
  end
end

local function with_files(fields)
  local all = {}
  for _, field in ipairs(fields) do
    all[#all + 1] = field
    if field.files then table.move(field.files, 1, 4, #all + 1, all) end
  end
  return all
end

-- Whether the argument that decides has one of the values, in C.
local function has_value(arg, constants)
  local tests = {}
  for i, constant in ipairs(constants) do
    tests[i] = ("(__u32)%s == %s"):format(value(arg, arg.when.index), constant)
  end
  return table.concat(tests, " ||\n    ")
end

-- A member, and what the descriptor in it is.
local function member(arg, field, indent, lines)
  local only = arg.when and arg.when.only[field.from]
  if only then
    append(lines, ("%sif (!(%s))"):format(indent, has_value(arg, only)),
           ("%s\ttl_absent(e, %s);"):format(indent, field.c_number), indent .. "else")
    indent = indent .. "\t"
  end
  if field.type == "str" then
    append(lines, ("%stl_chars(e, &e->%s, passed.%s, sizeof(passed.%s));")
      :format(indent, field.name, field.from, field.from))
  elseif field.from then
    append(lines, ("%se->%s = passed.%s;"):format(indent, field.name, field.from))
  end
  if field.files then
    append(lines, ("%stl_file_of_fd(e, TL_FILE_FIELDS(e, %s, %s), passed.%s);")
      :format(indent, field.file_prefix, field.files[1].c_number, field.from))
  end
end

-- When there is no struct, in C.
local function no_struct(arg)
  local name = arg.fields[1].name
  local test = arg.form == "out" and ("ret < 0 || !e->%s"):format(name) or ("!e->%s"):format(name)
  return arg.when and ("%s || !(%s)"):format(test, has_value(arg, arg.when.values)) or test
end

M["struct"] = function(arg)
  local members = { table.unpack(arg.fields, 2) }
  local lines = { ("e->%s = %s;"):format(arg.fields[1].name, value(arg, arg.index)) }

  append(lines, ("if (%s) {"):format(no_struct(arg)))
  mark(members, "absent", "\t", lines)
  append(lines, ("} else if (%s) {"):format(wants(with_files(members))),
         ("\t%s passed;"):format(arg.c), "",
         ("\tif (tl_user_read(&passed, sizeof(passed), %s)) {"):format(pointer(arg)))
  for _, field in ipairs(members) do member(arg, field, "\t\t", lines) end
  append(lines, "\t} else {")
  mark(members, "unread", "\t\t", lines)
  append(lines, "\t}", "}")
  return lines
end

---What the descriptor is that an argument, or the result, is.
---@param fields table[] the four of file_fields
---@param prefix string of their names
---@param part integer number of the argument; 6: the result
---@return string[] lines
function M.file(fields, prefix, part)
  return { ("tl_file(e, TL_FILE_FIELDS(e, %s, %s), %d);"):format(prefix, fields[1].c_number, part) }
end

---Whether the call made the file.
---@param field table
---@param part integer
---@return string[] lines
function M.created(field, part)
  return { ("tl_created(e, &e->created, %s, %d);"):format(field.c_number, part) }
end

return M
