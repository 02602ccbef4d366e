-- SPDX-License-Identifier: MIT
--- What cases say about rows. Everything raises text that names what was expected.

local M = {}

local function show(value)
  if type(value) == "string" then return ("%q"):format(value) end
  if type(value) ~= "table" then return tostring(value) end
  local parts, keys = {}, {}
  for key in pairs(value) do keys[#keys + 1] = key end
  table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
  for _, key in ipairs(keys) do parts[#parts + 1] = tostring(key) .. "=" .. show(value[key]) end
  return "{" .. table.concat(parts, " ") .. "}"
end

M.show = show

local function same(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then return a == b end
  for key, value in pairs(a) do
    if not same(value, b[key]) then return false end
  end
  for key in pairs(b) do
    if a[key] == nil then return false end
  end
  return true
end

function M.ok(condition, what, ...)
  if not condition then error(what:format(...), 0) end
end

function M.equal(found, expected, what)
  M.ok(same(found, expected), "%s: expected %s, found %s", what, show(expected), show(found))
end

--- Each member of `expected` is there in the row; M.none stands for a field that must not be there.
M.none = {}
function M.fields(row, expected, what)
  M.ok(row, "%s: no row", what or show(expected))
  for key, value in pairs(expected) do
    if value == M.none then value = nil end
    M.ok(same(row[key], value), "%s: field %s: expected %s, found %s in %s", what or row.event or "row", key,
         show(value), show(row[key]), show(row))
  end
end

--- What `say_word` of the workload wrote: a word without blanks, whose other bytes are %XX.
function M.plain(word)
  return (word:gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end))
end

--- The row tells of the file in a line of `say_file`: number, inode, device, name. Its fields may have a prefix.
function M.file(row, line, prefix, what)
  prefix = prefix or ""
  local _, inode, dev, name = table.unpack(line)
  M.fields(row, { [prefix .. "file"] = M.plain(name), [prefix .. "inode"] = inode, [prefix .. "dev"] = dev,
                  unread = M.none, cut = M.none }, what or name)
end

--- The rows that fit: a table of values, or a function.
function M.select(rows, wanted)
  local list = {}
  for _, row in ipairs(rows) do
    local fits = true
    if type(wanted) == "function" then
      fits = wanted(row)
    else
      for key, value in pairs(wanted) do fits = fits and same(row[key], value) end
    end
    if fits then list[#list + 1] = row end
  end
  return list
end

--- The rows that fit, of which there must be that many.
function M.count(rows, wanted, n, what)
  local list = M.select(rows, wanted)
  if #list ~= n then
    local shown = {}
    for i, row in ipairs(rows) do
      if i > 12 then shown[i] = "…" break end
      shown[i] = show(row)
    end
    error(("%s: expected %d, found %d among %d rows:\n%s"):format(
      what or type(wanted) == "table" and show(wanted) or "rows", n, #list, #rows, table.concat(shown, "\n")), 0)
  end
  return list
end

--- The one row that fits.
function M.one(rows, wanted, what)
  return M.count(rows, wanted, 1, what)[1]
end

--- A time in ns that was measured: an integer from `least` to `most`.
function M.time(value, least, most, what)
  M.ok(math.type(value) == "integer" and value >= least and value <= most,
       "%s: expected %d to %d ns, found %s", what, least, most, show(value))
end

return M
