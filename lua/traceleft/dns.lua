-- SPDX-License-Identifier: MIT
--- dns: what a message of the domain name system asks and answers. The bytes may be anything, and cut anywhere.

local M = {}

local HEADER <const> = 12
local LABELS <const> = 128      -- of one name: 255 bytes hold no more
local LONGEST <const> = 63      -- label; above are kinds that nobody uses, and pointers
local POINTER <const> = 0xc0
local QUESTIONS <const> = 16    -- that are looked at; servers take one

local TYPES = { [1] = "A", [2] = "NS", [5] = "CNAME", [6] = "SOA", [10] = "NULL", [12] = "PTR", [13] = "HINFO",
                [15] = "MX", [16] = "TXT", [28] = "AAAA", [29] = "LOC", [33] = "SRV", [35] = "NAPTR", [39] = "DNAME",
                [41] = "OPT", [43] = "DS", [46] = "RRSIG", [47] = "NSEC", [48] = "DNSKEY", [52] = "TLSA",
                [64] = "SVCB", [65] = "HTTPS", [99] = "SPF", [250] = "TSIG", [251] = "IXFR", [252] = "AXFR",
                [255] = "ANY", [257] = "CAA" }

local CODES = { [0] = "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET",
                "NXRRSET", "NOTAUTH", "NOTZONE" }

-- Dots and backslashes in a label are told from those between labels as zone files do. nil: there is no label.
local function label_at(message, at, length)
  if not length or length > LONGEST or at + length > #message then return nil end
  return (message:sub(at + 1, at + length):gsub("[.\\]", "\\%0"))
end

-- Where a pointer leads; nil if there is none, or not all of it.
local function pointer_at(message, at, length)
  local low = message:byte(at + 1)
  return low and length and length >= POINTER and ((length & 0x3f) << 8 | low) + 1 or nil
end

-- The name at a place and where the text goes on behind it; nil if it is none, or not all there. A pointer may only
-- lead back, so that there is an end to it.
local function name_at(message, at)
  local labels, behind, limit = {}, nil, at
  for _ = 1, LABELS do
    local length = message:byte(at)
    if length == 0 then return #labels > 0 and table.concat(labels, ".") or ".", behind or at + 1 end
    local label, target = label_at(message, at, length), pointer_at(message, at, length)
    if label then
      labels[#labels + 1], at = label, at + 1 + length
    elseif target and target < limit then
      behind, at, limit = behind or at + 2, target, target
    else
      return nil
    end
  end
end

local function questions(message, count)
  local list, at = {}, HEADER + 1
  for i = 1, math.min(count, QUESTIONS) do
    local name, behind = name_at(message, at)
    if not name or behind + 3 > #message then return list, true end
    local kind = (">I2"):unpack(message, behind)
    list[i] = { name = name, type = TYPES[kind] or ("TYPE%d"):format(kind) }
    at = behind + 4
  end
  return list, count > QUESTIONS
end

---@class traceleft.dns
---@field id integer
---@field response boolean
---@field code string of a response: NOERROR, NXDOMAIN …
---@field answers integer
---@field questions { name: string, type: string }[]
---@field cut boolean there are more questions, or they are not all there

--- What the message says; nil if it has no header.
---@param message string
---@return traceleft.dns?
function M.parse(message)
  if #message < HEADER then return nil end
  local id, flags, asked, answers = (">I2I2I2I2"):unpack(message)
  local list, cut = questions(message, asked)
  local code = flags & 15
  return { id = id, response = flags & 0x8000 ~= 0, code = CODES[code] or ("RCODE%d"):format(code), answers = answers,
           questions = list, cut = cut }
end

return M
