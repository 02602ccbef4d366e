-- SPDX-License-Identifier: MIT
--- svg: pictures as text, each a file of its own: no script, no font, nothing to load.
--
-- What processes control is made safe twice: as for a terminal, since XML has no control characters, and as XML.

local escape = require "traceleft.escape"

local M = {}

-- Light and dark, as the reader's system has it. The classes h1 to h9 are one hue, from little to much.
local STYLE = [[
svg{background:#fff;font:13px system-ui,sans-serif;--ink:#1a1d21;--soft:#667079;--line:#d9dde1;--bar:#2f6fb3}
.t{font-weight:600;font-size:16px}text{fill:var(--ink)}.s{fill:var(--soft);font-size:12px}
.e{text-anchor:end}.m{text-anchor:middle}.l{stroke:var(--line)}.b{fill:var(--bar)}
.h1{fill:#e3edf7}.h2{fill:#c6dbef}.h3{fill:#a3c7e4}.h4{fill:#78aed6}.h5{fill:#4f93c6}
.h6{fill:#3077b2}.h7{fill:#1b5c9a}.h8{fill:#0f437c}.h9{fill:#082c58}
@media(prefers-color-scheme:dark){svg{background:#16191d;--ink:#e7eaed;--soft:#98a2ab;--line:#343a41;--bar:#5b9bd5}
.h1{fill:#1b2b3d}.h2{fill:#1d3a57}.h3{fill:#204a72}.h4{fill:#265d90}.h5{fill:#3173ae}
.h6{fill:#478cc8}.h7{fill:#6ba6db}.h8{fill:#9ac3ea}.h9{fill:#d0e4f7}}
]]

--- How many shades there are of class h1, h2 …
M.SHADES = 9

local XML = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }

--- A text for between tags or quotes.
---@param text string
---@return string
function M.text(text)
  return (escape.text(text):gsub('[&<>"]', XML))
end

local function number(value)
  return math.type(value) == "integer" and ("%d"):format(value) or (("%.2f"):format(value):gsub("%.?0+$", ""))
end

--- An element: name, attributes in their order { { "x", 5 }, … }, and what is in it, which is XML already.
---@param name string
---@param attributes { [1]: string, [2]: string|number }[]
---@param content? string
---@return string
function M.element(name, attributes, content)
  local parts = { "<" .. name }
  for _, pair in ipairs(attributes) do
    local value = type(pair[2]) == "number" and number(pair[2]) or M.text(pair[2])
    parts[#parts + 1] = ('%s="%s"'):format(pair[1], value)
  end
  return table.concat(parts, " ") .. (content and ">" .. content .. "</" .. name .. ">" or "/>")
end

--- A line of text. class: t (title), s (soft), e (ends at x), m (its middle is at x), with blanks between.
---@param x number
---@param y number
---@param text string
---@param class? string
---@return string
function M.label(x, y, text, class)
  local attributes = { { "x", x }, { "y", y } }
  if class then attributes[3] = { "class", class } end
  return M.element("text", attributes, M.text(text))
end

--- A rectangle that says more when pointed at.
---@param x number
---@param y number
---@param width number
---@param height number
---@param class string
---@param hint? string
---@return string
function M.box(x, y, width, height, class, hint)
  return M.element("rect", { { "x", x }, { "y", y }, { "width", width }, { "height", height }, { "class", class } },
                   hint and "<title>" .. M.text(hint) .. "</title>")
end

--- A thin line.
---@param x1 number
---@param y1 number
---@param x2 number
---@param y2 number
---@return string
function M.line(x1, y1, x2, y2)
  return M.element("line", { { "x1", x1 }, { "y1", y1 }, { "x2", x2 }, { "y2", y2 }, { "class", "l" } })
end

--- The whole picture.
---@param width integer
---@param height integer
---@param title string for those who cannot see it
---@param parts string[]
---@return string
function M.document(width, height, title, parts)
  return M.element("svg", {
    { "xmlns", "http://www.w3.org/2000/svg" }, { "viewBox", ("0 0 %d %d"):format(width, height) },
    { "width", width }, { "height", height }, { "role", "img" }, { "aria-label", title },
  }, "<style>\n" .. STYLE .. "</style>\n" .. table.concat(parts, "\n") .. "\n") .. "\n"
end

return M
