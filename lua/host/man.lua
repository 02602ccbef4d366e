-- SPDX-License-Identifier: MIT
--- man: --man, the man pages of the program and of its tools, from what -h says. In plain ASCII: other characters are
--- written as groff names them, so that no page depends on its encoding.

local arghelp = require "traceleft.args.help"
local tl      = require "traceleft"
local capture = require "host.capture"
local find    = require "host.find"
local help    = require "host.help"

local M = {}

local NAMES = { ["\\"] = "\\e", ["-"] = "\\-", ["'"] = "\\(aq", ["`"] = "\\(ga", ["^"] = "\\(ha", ["~"] = "\\(ti" }

-- What programs and shells take literally, letter by letter.
local function literal(text)
  text = text:gsub("[\\'`^~-]", NAMES)
  return (text:gsub("[\xc2-\xf4][\x80-\xbf]+", function(char)
    return utf8.len(char) == 1 and ("\\[u%04X]"):format(utf8.codepoint(char)) or ""
  end))
end

-- A line of running text, which must not look like a request.
local function line(text)
  return (literal(text):gsub("^%s*([.'])", "\\&%1"))
end

local function bold(text)
  return "\\fB" .. literal(text) .. "\\fR"
end

-- Text with its paragraphs; lines that are set in stay lines.
local function paragraphs(text)
  local lines, set_in = {}, false
  for one in (text .. "\n"):gmatch "(.-)\n" do
    local now = one:find "^%s+%S" ~= nil
    if now ~= set_in then lines[#lines + 1] = now and ".nf" or ".fi" end
    set_in = now
    lines[#lines + 1] = one == "" and ".PP" or now and "\\&" .. literal(one) or line(one)
  end
  if set_in then lines[#lines + 1] = ".fi" end
  return table.concat(lines, "\n")
end

-- "-p, --pid PIDS": names bold, values in italics. Between choices a line may break.
local function term(text)
  return (text:gsub("[^%s,]+", function(word)
    if word:sub(1, 1) == "-" then return bold(word) end
    return "\\fI" .. literal(word):gsub("|", "|\\:") .. "\\fR"
  end))
end

-- Terms with what they mean; `draw` writes a term.
local function list(rows, draw)
  local lines = {}
  for _, row in ipairs(rows) do
    lines[#lines + 1] = ".TP\n" .. draw(row[1])
    lines[#lines + 1] = row[2] ~= "" and line(row[2]) or "\\&"
  end
  return table.concat(lines, "\n")
end

local function examples(rows, before)
  local drawn = {}
  for i, row in ipairs(rows or {}) do drawn[i] = { (before .. " " .. row[1]):gsub(" $", ""), row[2] } end
  return list(drawn, bold)
end

-- A page of sections { TITLE, TEXT }; those without a text are left out.
local function page(name, answer, sections)
  local parts = {
    ('.TH "%s" 1 "" "traceleft-lua %s" "User Commands"\n.nh\n.ad l'):format(literal(name:upper()), literal(tl.version)),
    (".SH NAME\n%s \\- %s"):format(literal(name), literal(answer)),
  }
  for _, section in ipairs(sections) do
    if section[2] ~= "" then parts[#parts + 1] = (".SH %s\n%s"):format(section[1], section[2]) end
  end
  return table.concat(parts, "\n") .. "\n"
end

local function references(names)
  local words = {}
  for i, name in ipairs(names) do words[i] = bold(name) .. "(1)" end
  return table.concat(words, ",\n")
end

-- ---- the program -----------------------------------------------------------------------------

local function program_options()
  local parts = {}
  for _, section in ipairs(help.sections) do
    parts[#parts + 1] = ".SS " .. literal(section[1])
    if section.note then parts[#parts + 1] = line(section.note) end
    parts[#parts + 1] = list({ table.unpack(section, 2) }, term)
  end
  return table.concat(parts, "\n")
end

-- The tools that are part of the program.
local function built_in()
  local rows, pages = {}, {}
  for _, tool in ipairs(find.tools()) do
    if tool.from == find.BUILT_IN then
      rows[#rows + 1] = { tool.name, capture.read(tool).answer or "" }
      pages[#pages + 1] = "traceleft-" .. tool.name
    end
  end
  return rows, pages
end

local function program_page()
  local tools, pages = built_in()
  return page(help.name, help.answer, {
    { "SYNOPSIS", bold(help.name) .. "\n[options] [\\fIscript\\fR [\\fIargs\\fR]]" },
    { "DESCRIPTION", paragraphs(help.description .. "\n\n" .. help.intro .. "\n\n" .. help.notes) },
    { "OPTIONS", program_options() },
    { "TOOLS", list(tools, bold) },
    { "LIBRARIES", paragraphs(help.libraries) },
    { "EXAMPLES", examples(help.examples, help.name) },
    { "OVERHEAD", paragraphs(help.overhead) },
    { "EXIT STATUS", list(help.status, bold) },
    { "ENVIRONMENT", list(help.environment, bold) },
    { "FILES", list(help.files, term) },
    { "SEE ALSO", references(pages) },
  })
end

-- ---- a tool ----------------------------------------------------------------------------------

local function tool_options(spec)
  local parts = {}
  for i, section in ipairs(arghelp.sections(spec)) do
    local rows = {}
    for k, row in ipairs(section.rows) do rows[k] = { arghelp.term(row), row.doc } end
    if i > 1 then parts[#parts + 1] = ".SS " .. literal(section.title) end
    parts[#parts + 1] = list(rows, term)
  end
  return table.concat(parts, "\n")
end

local function tool_page(spec)
  local arguments = arghelp.usage(spec):sub(#spec.name + 1)
  return page("traceleft-" .. spec.name, spec.doc:match "^[^\n]*", {
    { "SYNOPSIS", ("%s\n[options of %s]\n%s%s"):format(bold(help.name), literal(help.name), bold(spec.name),
                                                      literal(arguments)) },
    { "DESCRIPTION", paragraphs(spec.doc .. "\n\n" .. help.before_tool) },
    { "OPTIONS", tool_options(spec) },
    { "EXAMPLES", examples(spec.examples, help.name .. " " .. spec.name) },
    { "OVERHEAD", paragraphs((spec.overhead or ""):gsub("^%l", string.upper)) },
    { "EXIT STATUS", list(help.status, bold) },
    { "SEE ALSO", references { help.name } },
  })
end

--- The man page of the program, or of a tool by its name or path.
---@param word? string
---@return string? text
---@return string? wrong
function M.text(word)
  if not word then return program_page() end
  local spec, wrong = capture.spec(word)
  if not spec then return nil, wrong end
  return tool_page(spec)
end

return M
