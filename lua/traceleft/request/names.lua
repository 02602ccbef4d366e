-- SPDX-License-Identifier: MIT
--- names: the events that a word means: the name of one, a glob, a system call without "syscall.", or a class.
--
--   syscall.openat   tcp.*   openat   file   %file
--
-- As with strace a class may have a % before it, and must where a system call has the same name: stat, %stat.

local glob    = require "traceleft.glob"
local nearest = require "traceleft.nearest"

local M = {}

local CALL = "syscall."

-- The events of each class, in their order.
local function classes_of(session)
  if session.classes then return session.classes end
  local classes = {}
  for _, name in ipairs(session.core:events()) do
    for class in (session:describe(name).class or ""):gmatch "%S+" do
      classes[class] = classes[class] or {}
      table.insert(classes[class], name)
    end
  end
  session.classes = classes
  return classes
end

--- The classes that events of the session belong to, in the order of the alphabet.
---@param session traceleft.session
---@return string[]
function M.classes(session)
  local names = {}
  for class in pairs(classes_of(session)) do names[#names + 1] = class end
  table.sort(names)
  return names
end

local function has(names, wanted)
  for _, name in ipairs(names) do
    if name == wanted then return true end
  end
  return false
end

local function prefixed(prefix, words)
  local list = {}
  for i, word in ipairs(words) do list[i] = prefix .. word end
  return list
end

-- What a word of which there is no event, call or class was meant to be.
local function hint(session, known, word)
  local near = session.core:nearest(word)
  if not near then
    local others = M.classes(session)
    for _, name in ipairs(known) do others[#others + 1] = name:match "^syscall%.(.+)$" end
    near = nearest.word(word, others)
  end
  return nearest.hint(near)
end

local function of_class(session, word)
  local class = word:sub(2)
  local events = classes_of(session)[class]
  if events then return events end
  local near = nearest.word(word, prefixed("%", M.classes(session)))
  return nil, ("no class '%s'%s"):format(class, nearest.hint(near))
end

-- What is told of targets must be named by a glob itself: see core/session/subscription.c.
local function known_to(word, known)
  local list = {}
  for _, name in ipairs(known) do
    if not name:find "^target%." or word:find "^target%." then list[#list + 1] = name end
  end
  return list
end

--- The events that the word means; without any of them what is wrong with it.
---@param session traceleft.session
---@param word string
---@return string[]? events
---@return string? wrong
function M.find(session, word)
  if word:sub(1, 1) == "%" then return of_class(session, word) end
  local known = session.core:events()
  if glob.is_glob(word) then
    local matches, wrong = glob.filter(known_to(word, known), word)
    if not matches then return nil, wrong end
    if #matches > 0 then return matches end
    return nil, ("no event matches '%s'"):format(word)
  end
  if has(known, word) then return { word } end
  if has(known, CALL .. word) then return { CALL .. word } end
  local events = classes_of(session)[word]
  if events then return events end
  return nil, ("no event '%s'%s"):format(word, hint(session, known, word))
end

return M
