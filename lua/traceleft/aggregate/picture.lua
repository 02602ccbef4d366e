-- SPDX-License-Identifier: MIT
--- picture: what an aggregate has counted, as bars.

local barchart  = require "traceleft.svg.barchart"
local histogram = require "traceleft.histogram"
local present   = require "traceleft.aggregate.present"
local quantity  = require "traceleft.quantity"

local M = {}

-- What a row's bar shows and says, by the kind of the aggregate.
local VALUES = {
  avg = function(value, show) return value.avg, ("%s of %d"):format(show(value.avg), value.count) end,
  quantile = function(value, show)
    return value.p50, ("%s, 99 %% under %s"):format(show(value.p50), show(value.p99))
  end,
}

local function plain(value, show)
  return value, show(value)
end

local UNITLESS = { count = true, distinct = true }

local function number_rows(shape, rows)
  local show, value_of = quantity.shower(not UNITLESS[shape.kind] and shape.unit or ""), VALUES[shape.kind] or plain
  local list = {}
  for i, row in ipairs(rows) do
    local value, text = value_of(row.value, show)
    local name = present.key_text(shape, row)
    list[i] = { name = name ~= "" and name or shape.kind, value = value, text = text }
  end
  return list
end

local function bucket_rows(shape, rows)
  local bound, list = quantity.bound(shape.unit), {}
  for _, row in ipairs(rows) do
    local key = present.key_text(shape, row)
    for _, bucket in ipairs(histogram.rows(row.value, bound, shape.step)) do
      list[#list + 1] = { name = (key ~= "" and key .. " " or "") .. bucket.label, value = bucket.count or 0,
                          text = bucket.count and ("%d"):format(bucket.count) or "" }
    end
  end
  return list
end

local ROWS = { hist = bucket_rows, lhist = bucket_rows }

--- The picture of rows.
---@param shape traceleft.presentation
---@param rows traceleft.result[] in their order
---@param opts { title: string, more: integer }
---@return string svg
function M.svg(shape, rows, opts)
  local note = opts.more > 0 and ("and %d more"):format(opts.more) or nil
  return barchart.svg((ROWS[shape.kind] or number_rows)(shape, rows), { title = opts.title, note = note })
end

return M
