-- SPDX-License-Identifier: MIT
--- capture: what a script says of itself, read without running it.
--
-- It is begun among things that do nothing, until it calls args.parse: the table that it gives is what it says. A
-- script that never does has the comment at its head.

local args = require "traceleft.args"
local find = require "host.find"

local M = {}

local STEPS <const> = 2000000   -- of the interpreter: none that only says what it can do takes as many
local PURE = { "assert", "error", "getmetatable", "ipairs", "math", "next", "pairs", "pcall", "rawequal", "rawget",
               "rawlen", "rawset", "select", "setmetatable", "string", "table", "tonumber", "tostring", "type", "utf8",
               "xpcall", "_VERSION" }

-- What can be indexed, called, and reckoned with, and does nothing.
local Nothing = {}
local function nothing() return setmetatable({}, Nothing) end

function Nothing.__index(_, key)
  return type(key) ~= "number" and nothing() or nil
end

local function zero() return 0 end
for _, name in ipairs { "add", "sub", "mul", "div", "idiv", "mod", "pow", "unm", "band", "bor", "bxor", "bnot", "shl",
                        "shr", "len" } do
  Nothing["__" .. name] = zero
end
function Nothing.__newindex() end
function Nothing.__close() end
function Nothing.__lt() return false end
function Nothing.__le() return false end
function Nothing.__concat() return "" end
function Nothing.__tostring() return "" end
function Nothing.__pairs() return next, {}, nil end
function Nothing.__call() return nothing() end

-- A module of a library, which may have sets of options. It sees what the script sees.
local function own_module(name, env)
  local path = name:find "^[%w_.]+$" and package.searchpath(name, package.path)
  local chunk = path and loadfile(path, "t", env)
  if not chunk then return nothing() end
  local value = chunk(name, path)
  return value == nil or value
end

-- What a module of the program has that is no function, such as sets of options.
local function data_of(value, seen)
  if type(value) == "function" or type(value) == "userdata" then return nothing() end
  if type(value) ~= "table" then return value end
  if not seen[value] then
    seen[value] = {}
    for key, one in next, value do seen[value][key] = data_of(one, seen) end
  end
  return seen[value]
end

local function of_program(name)
  return name:find "^traceleft%." and data_of(require(name), {}) or nothing()
end

-- What require gives to the script.
local function requirer(env, own_args)
  local loaded = { ["traceleft.args"] = own_args }
  loaded.traceleft = setmetatable({}, {
    __index = function(_, key) return key == "args" and own_args or nothing() end,
    __newindex = Nothing.__newindex,
  })
  return function(name)
    name = tostring(name)
    if loaded[name] == nil then
      loaded[name] = package.preload[name] and of_program(name) or own_module(name, env)
    end
    return loaded[name]
  end
end

-- The globals of the script. What it gives to args.parse is told to `keep`.
local function globals(keep)
  local env = {}
  for _, name in ipairs(PURE) do env[name] = _G[name] end
  env._G, env.arg, env.print = env, {}, function() end
  env.io, env.os, env.debug, env.coroutine = nothing(), nothing(), nothing(), nothing()
  local own_args = setmetatable({ parse = function(spec)
    keep(spec)
    error(nothing(), 0)
  end }, { __index = args })
  env.require = requirer(env, own_args)
  return env
end

-- Runs it up to args.parse. Returns the table, or the error that came before.
local function begin(chunk, kept)
  local function too_long() error("it goes on and on before args.parse", 0) end
  local thread = coroutine.create(chunk)
  debug.sethook(thread, too_long, "", STEPS)
  local ok, wrong = coroutine.resume(thread)
  if kept.spec then return kept.spec end
  return nil, not ok and tostring(wrong) or nil
end

-- The first paragraph of the comment "--- name: …" at the head.
local function head_comment(text)
  local first, rest = ("\n" .. text):match "\n%-%-%-%s*([^\n]*)(.*)"
  if not first then return nil end
  local words = { (first:gsub("^[%w_.-]+:%s*", "")) }
  for line in rest:gmatch "\n([^\n]*)" do
    local more = line:match "^%-%-%s+(%S.*)$"
    if not more then break end
    words[#words + 1] = more
  end
  return table.concat(words, " ")
end

-- Without what is nothing of the table's own.
local function plain(spec)
  for i = #spec, 1, -1 do
    if type(spec[i]) ~= "table" or getmetatable(spec[i]) == Nothing then table.remove(spec, i) end
  end
  return spec
end

local function checked(spec)
  if type(spec) ~= "table" then return nil, "args.parse: table expected" end
  local ok, wrong = pcall(args.check, plain(spec))
  if ok then return spec end
  return nil, tostring(wrong)
end

local function text_of(path)
  local file, wrong = io.open(path, "rb")
  if not file then return nil, wrong end
  local text = file:read "a"
  file:close()
  if not text then return nil, path .. ": cannot be read" end
  return (text:gsub("^#[^\n]*", ""))
end

-- The function of a tool among those globals, and its text.
local function chunk_of(tool, env)
  if tool.code then return load(tool.code, tool.chunkname, "b", env), "" end
  local text, wrong = text_of(tool.path)
  if not text then return nil, wrong end
  local chunk, message = load(text, "@" .. tool.path, "t", env)
  return chunk, chunk and text or message
end

--- What a tool of host.find says of itself: the table for args.parse, or else the comment at its head; or what is
--- wrong with it.
---@param tool { path?: string, code?: string, chunkname?: string }
---@return { spec?: traceleft.args, answer?: string, wrong?: string }
function M.read(tool)
  local kept = {}
  local chunk, text = chunk_of(tool, globals(function(spec) kept.spec = spec end))
  if not chunk then return { wrong = text } end
  local spec, wrong = begin(chunk, kept)
  if spec then spec, wrong = checked(spec) end
  if spec then return { spec = spec, answer = spec.doc:match "^[^\n]*" } end
  local parses = kept.spec or text:find "%f[%w]args%f[%W]" and text:find "%.parse%f[%W]"
  if wrong and parses then return { wrong = wrong } end
  return { answer = head_comment(text) or "" }
end

--- The table that a script gives to args.parse, by the name of the tool or by path; nil, and why, if it has none.
---@param word string
---@return traceleft.args? spec
---@return string? wrong
function M.spec(word)
  local tool, wrong = { path = word }, nil
  if not word:find("/", 1, true) then tool, wrong = find.tool((word:gsub("%.lua$", ""))) end
  if not tool then return nil, wrong end
  local said = M.read(tool)
  return said.spec, said.wrong or word .. ": says nothing of itself with args.parse"
end

return M
