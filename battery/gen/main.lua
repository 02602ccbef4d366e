-- SPDX-License-Identifier: MIT
--- lua5.4 battery/gen/main.lua OUTDIR [--docs FILE] [--check] [--cc COMMAND] DEFINITION…
--
-- Writes what follows from the definitions into OUTDIR, and the reference into FILE; a file whose
-- text would not change is left alone. --check writes nothing and fails when FILE is stale.

local root = arg[0]:match "^(.-)battery/gen/main%.lua$" or "./"
package.path = root .. "?.lua;" .. package.path

local common         = require "battery.common"
local constants      = require "battery.constants"
local domains        = require "battery.gen.domains"
local emit_catalogue = require "battery.gen.emit_catalogue"
local emit_docs      = require "battery.gen.emit_docs"
local emit_programs  = require "battery.gen.emit_programs"
local emit_records   = require "battery.gen.emit_records"
local emit_tables    = require "battery.gen.emit_tables"
local headers        = require "battery.gen.headers"
local layouts        = require "battery.gen.layouts"
local schema         = require "battery.gen.schema"
local structs        = require "battery.structs"

local USAGE = "usage: main.lua OUTDIR [--docs FILE] [--check] [--cc COMMAND] DEFINITION..."

local WITH_VALUE = { ["--docs"] = "docs", ["--cc"] = "cc" }

-- The word at that place; returns the place of the next.
local function parse_word(opts, argv, i)
  local word = argv[i]
  if WITH_VALUE[word] then
    opts[WITH_VALUE[word]] = argv[i + 1] or error(USAGE, 0)
    return i + 2
  elseif word == "--check" then
    opts.check = true
  elseif word:find "^%-" then
    error(USAGE, 0)
  else
    opts.files[#opts.files + 1] = word
  end
  return i + 1
end

local function parse(argv)
  local opts, i = { cc = "cc", files = {} }, 1
  while argv[i] do i = parse_word(opts, argv, i) end
  opts.dir = table.remove(opts.files, 1)
  if #opts.files == 0 or opts.check and not opts.docs then error(USAGE, 0) end
  return opts
end

local function read(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local text = file:read "a"
  file:close()
  return text
end

local function write(path, text)
  if read(path) == text then return end
  local file, message = io.open(path, "wb")
  if not file then error(message, 0) end
  local written = file:write(text)
  local closed = file:close()
  if not (written and closed) then error(path .. ": could not be written", 0) end
end

local function load_definitions(files)
  local definitions = {}
  for i, path in ipairs(files) do
    local chunk, message = loadfile(path, "t")
    if not chunk then error(message, 0) end
    definitions[i] = { file = path:match "[^/]+$", definition = chunk() }
  end
  return definitions
end

local function system(cc)
  local macros = headers.macros({ "asm/unistd.h" }, cc)
  local facts = { domains = {}, structs = structs, syscalls = headers.syscalls(macros) }
  facts.machine = headers.machine(macros) or error(cc .. ": compiles for an unknown machine", 0)
  for i, domain in ipairs(constants) do
    local function values(expressions) return headers.values(domain.headers, expressions, cc) end
    local macros_of = domain.kernel and {} or headers.macros(domain.headers, cc)
    facts.domains[i] = domains.resolve(domain, macros_of, values)
  end
  return facts
end

local function check_docs(path, text)
  if read(path) ~= text then error(path .. ": stale; run `make docs` and commit it", 0) end
end

local function run()
  local opts = parse(arg)
  local model = schema.model(load_definitions(opts.files), system(opts.cc))
  model.layouts = layouts.resolve(model.arrays, structs, function(list, expressions, define)
    return headers.values(list, expressions, opts.cc, define)
  end)
  local reference = emit_docs.reference(model)

  if opts.check then return check_docs(opts.docs, reference) end
  if opts.docs then write(opts.docs, reference) end
  write(opts.dir .. "/tl_events.h", emit_records.emit(model, #common))
  write(opts.dir .. "/syscalls.bpf.c", emit_programs.syscalls(model))
  write(opts.dir .. "/battery.bpf.c", emit_programs.battery(model))
  write(opts.dir .. "/catalogue.txt", emit_catalogue.emit(model))
  write(opts.dir .. "/constants.c", emit_tables.constants(model.domains))
  write(opts.dir .. "/common_fields.h", emit_tables.common_fields(common))
  write(opts.dir .. "/events.meta.lua", emit_docs.meta(model))
end

local ok, message = pcall(run)
if not ok then
  io.stderr:write("battery: ", tostring(message), "\n")
  os.exit(1)
end
