-- SPDX-License-Identifier: MIT
-- Pictures as a browser sees them: each is opened in headless Chromium, which measures what is on it. With a folder as
-- argument the pictures and what they look like (PNG) stay there.

package.path = "lua/?.lua;lua/?/init.lua;tests/lua/?.lua;" .. package.path
local fake = require "fake_core"
fake.load "traceleft"
local barchart = require "traceleft.svg.barchart"
local heatmap  = require "traceleft.svg.heatmap"

local BROWSER <const> = "chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
  .. "--disable-background-networking --disable-component-update --disable-sync --user-data-dir=%s/profile "
local SHOT <const> = "--window-size=980,700 --screenshot=%s.png file://%s.svg 2>/dev/null"
local HOSTILE <const> = "</text><script>document.title='run'</script>\27[31m\xff&amp;\"'"

-- What is measured: text outside the picture, texts on each other, scripts that ran, and how many boxes have a hint.
local PROBE <const> = [[
<script>
const svg = document.querySelector("svg"), view = svg.viewBox.baseVal, texts = [...svg.querySelectorAll("text")];
const boxes = texts.map(t => t.getBBox());
const outside = boxes.filter(b => b.x < 0 || b.y < 0 || b.x + b.width > view.width || b.y + b.height > view.height);
const across = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width;
const over = (a, b) => across(a, b) && a.y + 2 < b.y + b.height && b.y + 2 < a.y + a.height;
let overlaps = 0;
boxes.forEach((a, i) => boxes.slice(i + 1).forEach(b => overlaps += over(a, b)));
const out = document.createElement("pre");
out.id = "probe";
out.textContent = ["outside=" + outside.length, "overlaps=" + overlaps, "title=" + document.title,
  "scripts=" + svg.querySelectorAll("script").length, "rects=" + svg.querySelectorAll("rect").length,
  "hints=" + svg.querySelectorAll("rect title").length, "texts=" + texts.length,
  "bad=" + document.querySelectorAll("parsererror").length].join(" ");
document.body.append(out);
</script>
]]

local function bars(n, name)
  local rows = {}
  for i = 1, n do rows[i] = { name = name(i), value = (n - i) ^ 3 | 0, text = ("%d calls"):format((n - i) ^ 3 | 0) } end
  return barchart.svg(rows, { title = "count of syscall.* by comm", note = "and 5 more" })
end

local function heat(n)
  local map = heatmap.new { title = "duration of read", unit = "duration" }
  for i = 1, n do
    local buckets = {}
    for power = 8, 20 do
      local count = (i * power * 7919) % (power * 40)
      if count % 3 > 0 then buckets[#buckets + 1] = { low = 1 << power, high = 2 << power, count = count } end
    end
    map:add(i * 1000000000, (i + 1) * 1000000000, buckets)
  end
  return map:svg()
end

local PICTURES = {
  { "bars", bars(12, function(i) return "process-" .. i end), { rects = 11, hints = 11, texts = 26 } },
  { "hostile", bars(3, function(i) return HOSTILE .. i end), { rects = 2, hints = 2, texts = 8 } },
  { "long names", bars(4, function(i) return ("/a/very/long/path"):rep(8) .. i end), { rects = 3 } },
  { "no rows", bars(0, tostring), { rects = 0, texts = 3 } },
  { "heat", heat(40), { bad = 0 } },
  { "heat, one column", heat(1), { bad = 0 } },
  { "heat, 1,000 columns", heat(1000), { bad = 0 } },
  { "heat, nothing", heatmap.new({ title = "x" }):svg(), { rects = 0 } },
}
local ALWAYS <const> = { outside = 0, overlaps = 0, scripts = 0, bad = 0 }

local folder = arg[1] or os.tmpname() .. ".d"
assert(os.execute("mkdir -p " .. folder))

local function write(path, text)
  local file <close> = assert(io.open(path, "w"))
  file:write(text)
end

-- What the browser has measured, by name.
local function measured(name, svg)
  local path = ("%s/%s"):format(folder, name:gsub("%W+", "-"))
  write(path .. ".svg", svg)
  write(path .. ".html", '<!doctype html><meta charset="utf-8"><title>picture</title><body>' .. svg .. PROBE)
  local pipe = assert(io.popen(BROWSER:format(folder) .. "--dump-dom file://" .. path .. ".html 2>/dev/null"))
  local found, text = {}, pipe:read "a":match '<pre id="probe">(.-)</pre>' or ""
  pipe:close()
  for key, value in text:gmatch "(%w+)=(%S+)" do found[key] = tonumber(value) or value end
  if arg[1] then os.execute(BROWSER:format(folder) .. SHOT:format(path, path)) end
  return found
end

-- The SVG by itself must be XML: a browser that opens it shows no error.
local function is_xml(name)
  local path = ("%s/%s.svg"):format(folder, name:gsub("%W+", "-"))
  local pipe = assert(io.popen(BROWSER:format(folder) .. "--dump-dom file://" .. path .. " 2>/dev/null"))
  local text = pipe:read "a"
  pipe:close()
  return text:find("<svg", 1, true) ~= nil and not text:find("parsererror", 1, true)
end

local function wrong(name, found, expected)
  if found.title ~= "picture" then return ("the title is %s"):format(tostring(found.title)) end
  for _, list in ipairs { ALWAYS, expected } do
    for key, value in pairs(list) do
      if found[key] ~= value then return ("%s is %s, not %d"):format(key, tostring(found[key]), value) end
    end
  end
  if not is_xml(name) then return "the file is no XML" end
end

local function run()
  local passed, failed = 0, 0
  for _, picture in ipairs(PICTURES) do
    local problem = wrong(picture[1], measured(picture[1], picture[2]), picture[3])
    print(problem and ("FAIL  picture %s: %s"):format(picture[1], problem) or "ok    picture " .. picture[1])
    if problem then failed = failed + 1 else passed = passed + 1 end
  end
  if not arg[1] then os.execute("rm -rf " .. folder) end
  print(("%d passed, %d failed, 0 skipped"):format(passed, failed))
  return failed == 0
end

os.exit(run())
