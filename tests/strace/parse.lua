-- SPDX-License-Identifier: MIT
--- Reads what strace 6.1 writes with -X verbose -v -yy: every value with its raw number, its meaning beside it.
--
-- A value is a table with `kind`:
--   number  value, text (what the comment says)        -100 /* AT_FDCWD */
--   string  value; abstract                            "a\n"  @"name of a socket"
--   null                                               NULL
--   list    its items; negated                         [1, 2]  [3 4]  ~[9 /* KILL */]
--   struct  its items, the named ones by name as well  {st_dev=1, …}  {WIFEXITED(s) && WEXITSTATUS(s) == 3}
--   call    callee, its items                           makedev(0x8, 0x1)
--   symbol  text                                       SIGCHLD  &sin6_addr
--   all     its items: what && joins
--   nothing
-- A number of several with | between has the last step too: left, right.
-- and where they are there: `name` (of a member or argument), `file` and `deleted` (of a descriptor), `cut` (strace
-- leaves something out), `after` (what the value became: `=>`), `equals`.

local M = {}

local ESCAPES = { n = "\n", r = "\r", t = "\t", v = "\v", f = "\f", a = "\a", b = "\b", ["\\"] = "\\", ['"'] = '"',
                  ["'"] = "'" }

local read_value

local function fail(text, at, what)
  error(("strace: %s at byte %d of %s"):format(what, at, text), 0)
end

local function unescape(text, at)
  local octal, after = text:match("^([0-7][0-7]?[0-7]?)()", at)
  if octal then return string.char(tonumber(octal, 8)), after end
  local hex
  hex, after = text:match("^x(%x%x)()", at)
  if hex then return string.char(tonumber(hex, 16)), after end
  return ESCAPES[text:sub(at, at)] or fail(text, at, "bad escape"), at + 1
end

--- What the escapes of strace stand for, up to a byte that is in `stops`.
local function read_escaped(text, at, stops)
  local parts = {}
  while true do
    local plain, stop = text:match("^([^\\" .. stops .. "]*)()", at)
    parts[#parts + 1] = plain
    local char = text:sub(stop, stop)
    if char ~= "\\" then return table.concat(parts), stop, char end
    parts[#parts + 1], at = unescape(text, stop + 1)
  end
end

local function read_string(text, at)
  local value, stop, char = read_escaped(text, at + 1, '"')
  if char ~= '"' then fail(text, stop, "unfinished string") end
  local cut = text:sub(stop + 1, stop + 3) == "..."
  return { kind = "string", value = value, cut = cut or nil }, stop + (cut and 4 or 1)
end

-- Wraps round at 2^64 as the kernel's own numbers do.
local function decimal(digits)
  local value = 0
  for digit in digits:gmatch "%d" do value = value * 10 + tonumber(digit) end
  return value
end

local function read_digits(text, at)
  local hex, after = text:match("^0x(%x+)()", at)
  if hex then return math.tointeger(tonumber("0x" .. hex)), after end
  local octal
  octal, after = text:match("^0([0-7]+)()", at)
  if octal then return tonumber(octal, 8), after end
  local minus, digits
  minus, digits, after = text:match("^(%-?)(%d+)()", at)
  if not digits then fail(text, at, "no number") end
  return minus == "-" and -decimal(digits) or decimal(digits), after
end

-- `</etc/passwd>`, `<TCP:[127.0.0.1:1->127.0.0.1:2]>`, `</dev/null<char 1:3>>`, `<UNIX-STREAM:[1,"/a>b"]>`: from the
-- opening bracket to after the closing one. Brackets of a file's own name are escaped, those of a socket's path not.
local function descriptor_end(text, at)
  local depth = 0
  repeat
    local char
    at, char = text:match('()([<>"\\])', at)
    if not at then return nil end
    if char == '"' then
      at = select(2, read_escaped(text, at + 1, '"'))
    elseif char == "\\" then
      at = at + 1
    elseif char == "<" then
      depth = depth + 1
    elseif text:sub(at - 1, at - 1) ~= "-" then
      depth = depth - 1
    end
    at = at + 1
  until depth == 0
  return at
end

local function read_descriptor(text, at, value)
  local after = descriptor_end(text, at) or fail(text, at, "unfinished descriptor")
  local inner = text:sub(at + 1, after - 2)
  value.file = inner:find "^/" and read_escaped(inner:gsub("<[%w ]+:%w+>$", ""), 1, "") or inner
  if text:sub(after, after + 8) == "(deleted)" then
    value.deleted = true
    after = after + 9
  end
  return after
end

-- A comment may have one inside.
local function read_comment(text, at)
  local from = text:match("^ ?/%*()", at)
  if not from then return nil, at end
  local depth, after = 1, from
  repeat
    local mark
    mark, after = text:match("([*/][*/])()", after)
    if not mark then fail(text, at, "unfinished comment") end
    if mark == "/*" then depth = depth + 1 elseif mark == "*/" then depth = depth - 1 else after = after - 1 end
  until depth == 0
  return text:sub(from, after - 3):match "^%s*(.-)%s*$", after
end

local function read_items(text, at, closing, value)
  while text:sub(at, at) ~= closing do
    local item
    if text:find("^/%*", at) then
      value.text, at = read_comment(text, at)
    elseif text:find("^%.%.%.", at) then
      value.cut, at = true, at + 3
    else
      item, at = read_value(text, at)
      if text:sub(at, at) == "=" then -- [VINTR]=0x3: what was read is the index
        item, at = read_value(text, at + 1)
      end
      value[#value + 1] = item
      if item.name then value[item.name] = item end
    end
    at = text:match("^,? ?()", at)
    if at > #text then fail(text, at, "unfinished " .. value.kind) end
  end
  return value, at + 1
end

local function read_word(text, at)
  local word, after = text:match("^(&?[%a_][%w_%-]*)()", at)
  if not word then fail(text, at, "no value") end
  if text:sub(after, after) == "(" then
    return read_items(text, after + 1, ")", { kind = "call", callee = word })
  end
  if word == "NULL" then return { kind = "null" }, after end
  return { kind = "symbol", text = word }, after
end

local function read_number(text, at)
  local value, after = read_digits(text, at)
  local number = { kind = "number", value = value }
  return number, after
end

local STARTS = {
  ['"'] = read_string,
  ["{"] = function(text, at) return read_items(text, at + 1, "}", { kind = "struct" }) end,
  ["["] = function(text, at) return read_items(text, at + 1, "]", { kind = "list" }) end,
  ["~"] = function(text, at) return read_items(text, at + 2, "]", { kind = "list", negated = true }) end,
  ["@"] = function(text, at)
    local value, after = read_string(text, at + 1)
    value.abstract = true
    return value, after
  end,
}

-- One value with what strace writes behind it: `3</etc/passwd>`, `0x1 /* A */`.
local function read_atom(text, at)
  local read = STARTS[text:sub(at, at)] or text:find("^%-?%d", at) and read_number or read_word
  local value
  value, at = read(text, at)
  local comment
  comment, at = read_comment(text, at)
  if comment then value.text = comment end
  if text:sub(at, at) == "<" and text:sub(at + 1, at + 1) ~= "<" and text:find("^<[%a/]", at) then
    at = read_descriptor(text, at, value)
  end
  return value, at
end

-- `0x1200000 /* CLONE_CHILD_SETTID */|17 /* SIGCHLD */` is one number.
local function join_flags(left, right)
  if left.kind ~= "number" or right.kind ~= "number" then
    return { kind = "symbol", text = (left.text or "?") .. "|" .. (right.text or "?") }
  end
  return { kind = "number", value = left.value | right.value, left = left, right = right,
           text = (left.text or tostring(left.value)) .. "|" .. (right.text or tostring(right.value)) }
end

-- `63<<26 /* MAP_HUGE_SHIFT */`: the comment is of the second number.
local function read_shifted(text, at)
  local value, after = read_atom(text, at)
  if value.kind ~= "number" or text:sub(after, after + 1) ~= "<<" then return value, after end
  local places
  places, after = read_atom(text, after + 2)
  value.value = value.value << places.value
  value.text = ("0x%x"):format(value.value)
  return value, after
end

local function read_joined(text, at)
  if text:find("^[,})%]]", at) then return { kind = "nothing" }, at end -- strace has no name for 0: `c_iflag=, `
  local value, right
  value, at = read_shifted(text, at)
  while text:sub(at, at) == "|" do
    right, at = read_shifted(text, at + 1)
    value = join_flags(value, right)
  end
  if text:find("^ == ", at) then value.equals, at = read_atom(text, at + 4) end
  return value, at
end

local function read_all(text, at)
  local value, item
  value, at = read_joined(text, at)
  if text:find("^ && ", at) then
    value = { kind = "all", value }
    while text:find("^ && ", at) do
      item, at = read_joined(text, at + 4)
      value[#value + 1] = item
    end
  end
  return value, at
end

function read_value(text, at)
  local name, after = text:match("^([%a_][%w_.]*)=()", at)
  local value
  value, at = read_all(text, after or at)
  value.name = name
  if text:find("^ => ", at) then
    value.after, at = read_value(text, at + 4)
  end
  return value, at
end

--- One value, which must be all of the text.
---@param text string
---@return table
function M.value(text)
  local value, at = read_value(text, 1)
  if at <= #text then fail(text, at, "more text") end
  return value
end

-- The arguments up to the bracket that ends them, or up to `<unfinished ...>`.
local function read_arguments(text, at, call)
  while true do
    if text:find("^ ?<unfinished %.%.%.>", at) then
      call.unfinished = true
      at = text:match("^ ?<unfinished %.%.%.>()", at)
      return text:match("^%)?()", at)
    end
    if text:find("^ ?<pid changed to %d+ %.%.%.>", at) then
      call.moved = tonumber(text:match("^ ?<pid changed to (%d+)", at))
      return #text + 1
    end
    if text:sub(at, at) == ")" then return at + 1 end
    if text:find("^%.%.%.", at) then
      call.cut, at = true, at + 3
    elseif text:find("^/%*", at) then
      at = select(2, read_comment(text, at))
    elseif text:find("^<%.%.%. resuming", at) then
      at = text:match("^<[^>]*>()", at)
    else
      call.args[#call.args + 1], at = read_value(text, at)
    end
    at = text:match("^, ()", at) or at
    if at > #text then fail(text, at, "unfinished call") end
  end
end

-- `= 3</etc/passwd>`, `= -1 ENOENT (No such…)`, `= 0x1 (flags …)`, `= ? ERESTARTSYS (To…)`, `= ?`, then `<0.000012>`.
local function read_result(text, at, call)
  at = text:match("^ *= ()", at) or fail(text, at, "no result")
  if text:sub(at, at) == "?" then
    at = at + 1
  else
    call.ret, at = read_atom(text, at)
    call.ret.after_text = nil
  end
  call.error = text:match("^ (E[%u%d_]+)", at)
  local seconds, ns = text:match("<(%d+)%.(%d+)>$", at)
  call.took = seconds and tonumber(seconds) * 1000000000 + tonumber((ns .. "000000000"):sub(1, 9))
  call.note = text:sub(at):gsub(" ?<[%d.]+>$", ""):match "%((.*)%)$"
end

local function read_call(text, at, call)
  at = read_arguments(text, at, call)
  if at <= #text then read_result(text, at, call) end
  return call
end

--- A line without the thread: { time, what = "call", name, args, ret, error, took, note, unfinished, moved, resumed },
--- or what = "signal" or "end" with its text. Times are nanoseconds.
---@param line string
---@return table
function M.line(line)
  local seconds, ns, at = line:match "^(%d+)%.(%d%d%d%d%d%d%d%d%d) ()"
  if not seconds then fail(line, 1, "no time") end
  local entry = { time = tonumber(seconds) * 1000000000 + tonumber(ns), what = "call", args = {}, line = line }
  local mark, rest = line:match("^([%-+])[%-+][%-+] (.*) [%-+][%-+][%-+]$", at)
  if mark then
    entry.what, entry.text = mark == "-" and "signal" or "end", rest
    return entry
  end
  local resumed, after = line:match("^<%.%.%. ([%w_]+) resumed>()", at)
  entry.resumed = resumed and true
  entry.name = resumed
  if not resumed then
    entry.name, after = line:match("^([%w_]+)%(()", at)
    if not after then fail(line, at, "no call") end
  end
  return read_call(line, after, entry)
end

return M
