-- SPDX-License-Identifier: MIT
--- main: the program, from its words to its exit status.

local tl      = require "traceleft"
local escape  = require "traceleft.escape"
local exit    = require "traceleft.exit"
local out     = require "traceleft.out"
local core    = require "traceleft.core"
local columns = require "traceleft.columns"
local find    = require "host.find"
local globals = require "host.globals"
local options = require "host.options"
local session = require "host.session"
local system  = require "host.system"
local usage   = require "host.usage"

local M = {}

local SCRIPT, USAGE, CANNOT_TRACE = 1, 2, 3

local function say(message)
  io.stderr:write("traceleft-lua: ", escape.lines(message), "\n")
end

local function print_text(text)
  out.write(io.stdout, text)
end

-- Shows what one of the `look` functions found; what was refused ends the program.
local function show(text, wrong, name)
  if not text then exit.raise(name and CANNOT_TRACE or USAGE, wrong) end
  print_text(text)
end

local function width()
  return columns.width(io.stdout)
end

local function check()
  local text, works = require "host.look".check()
  print_text(text)
  if not works then exit.raise(CANNOT_TRACE, "this kernel, or who runs this, does not allow tracing") end
  return ""
end

-- The options that look and do no more, and what each shows. What only they need is not loaded for others.
local LOOKS = {
  { "complete", function(_, opts, argv) return require "host.complete".text { table.unpack(argv, opts.first) } end },
  { "completion", function(shell) return require "host.shells".text(shell) end },
  { "man", function(word) return require "host.man".text(word) end },
  { "list", function(word) return require "host.look".list(word) end },
  { "scripts", function(word, opts) return require "host.scripts".text(word, width(), opts.json) end },
  { "describe", function(word) return require "host.look".describe(word) end },
  { "check", check },
}

-- True if there was one of them.
local function looked(opts, argv)
  local any = false
  for _, one in ipairs(LOOKS) do
    local value = opts[one[1]]
    if value then show(one[2](value ~= true and value or argv[opts.first], opts, argv)) end
    any = any or value
  end
  return any
end

local function load_chunks(chunks)
  local env, loaded = globals.make(), {}
  for i, text in ipairs(chunks or {}) do
    local chunk, wrong = load(text, "=-e", "t", env)
    if not chunk then exit.raise(SCRIPT, wrong) end
    loaded[i] = chunk
  end
  return loaded
end

local function load_script(word)
  if not word then return nil end
  local chunk, wrong, missing = find.script(word)
  if not chunk then exit.raise(missing and USAGE or SCRIPT, wrong) end
  return chunk
end

-- The global `arg`: the script is number 0, the program and its options stand before it.
local function set_arg(argv, first)
  local zero = argv[first] and first or 0
  local words = {}
  for i = 0, #argv do words[i - zero] = argv[i] end
  _G.arg = words
end

local function run_chunks(opts, chunks)
  for _, name in ipairs(opts.modules or {}) do _G[name] = require(name) end
  for _, chunk in ipairs(chunks) do chunk() end
end

-- What a chunk was refused and did not ask about is said, if the rest goes on without it.
local function say_refused(chunks)
  local message = #chunks > 0 and tl.refusal()
  if message and #tl.attached() > 0 then say(message) end
end

-- Runs all there is to run, until its end.
local function run_all(opts, chunks, word, script, child)
  if opts.interactive or opts.watch then
    return require "host.live".run(opts, function() run_chunks(opts, chunks) end, word, table.move(arg, 1, #arg, 1, {}))
  end
  run_chunks(opts, chunks)
  say_refused(chunks)
  if script then script(table.unpack(arg)) end
  if opts.explain then return end
  session.run(child)
  session.refusal()
end

-- What there is to run; without anything, what is typed on a terminal, and a script from stdin elsewhere.
local function script_word(opts, argv)
  if argv[opts.first] then return argv[opts.first] end
  if opts.chunks or opts.events or opts.modules or opts.version or opts.command or opts.interactive then return nil end
  if not core.isatty(0) then return "-" end
  opts.interactive = true
end

local function redirect(path)
  if not path then return end
  local ok, message = system.redirect(path)
  if not ok then exit.raise(SCRIPT, "-o: " .. message) end
  out.name(io.stdout, path)
end

local function work(opts, argv, state)
  if opts.help then return print_text(usage.text(width())) end
  if opts.version then print_text(("traceleft-lua %s, %s\n"):format(tl.version, _VERSION)) end
  local wrong = options.contradiction(opts)
  if wrong then exit.raise(USAGE, wrong) end
  find.set_package_path()
  session.configure(opts)
  if looked(opts, argv) then return end
  local word = script_word(opts, argv)
  local loads_itself = opts.interactive or opts.watch
  local chunks, script = load_chunks(opts.chunks), not loads_itself and load_script(word) or nil
  state.child = session.spawn(opts.command)
  session.configure(opts, state.child)
  redirect(opts.output)
  session.watch()
  session.trace(opts)
  set_arg(argv, opts.first)
  run_all(opts, chunks, word, script, state.child)
  if opts.explain then return print_text(session.explain(opts.explain == "code")) end
  session.report(opts)
end

-- Adds where it happened, down to where this program called the script.
local function handler(value)
  if type(value) == "table" then return value end
  local text = debug.traceback(tostring(value), 2)
  return (text:gsub("\n\tlua/host/main%.lua:%d+: in .*$", ""))
end

-- The status of an error that ended the work, said on stderr.
local function status_of(value)
  if exit.is_exit(value) then
    if value.message and value.exit == 0 then print_text(value.message .. "\n") end
    if value.message and value.exit ~= 0 then say(value.message) end
    return value.exit
  end
  local text = tostring(value)
  local refused = tl.refusal()
  if refused and text:find(refused, 1, true) then
    say(refused)
    return CANNOT_TRACE
  end
  say(text)
  return SCRIPT
end

local function flush(status)
  local ok, value = pcall(out.flush)
  if ok or status ~= 0 then return status end
  return status_of(value)
end

--- Runs the program.
---@param argv table<integer, string> argv[0] is its name
---@return integer status
function M.main(argv)
  local opts, wrong = options.parse(argv)
  if not opts then
    say(wrong .. "; 'traceleft-lua -h' tells more")
    return USAGE
  end
  local state = {}
  local ok, value = xpcall(work, handler, opts, argv, state)
  local status = ok and 0 or status_of(value)
  local lines, unstarted = session.finish(opts, state.child)
  status = flush(status)
  for _, line in ipairs(lines) do say(line) end
  if status == 0 and unstarted then status = USAGE end
  if status == 0 and tl.errors() > 0 then status = SCRIPT end
  return status
end

return M
