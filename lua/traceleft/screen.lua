-- SPDX-License-Identifier: MIT
--- screen: the whole terminal as a grid of cells, and its keys. Rows and columns count from 0.
--
--   local screen <close> = assert(screen.open())
--   screen:put(0, 0, "hello", "bold")
--   screen:show()
--   tl.watch(screen:fd(), function() … screen:key() … end)
--
-- curses keeps what the terminal shows and sends only what has changed. Text goes through traceleft.escape first.

local found, curses = pcall(require, "traceleft.curses")

local M = {}

---@alias traceleft.screen.style "plain"|"title"|"cursor"|"bold"|"dim"|"bad"|"good"|"spark"|"key"

--- `put` cuts the text, or fills it up with blanks, to `cells`. `key` gives a character, the name of a key ("up",
--- "enter", "resize" …), "click" with row and column; nil: there is none now; nil, message, name: the terminal is gone.
---@class traceleft.screen
---@field put fun(self, row: integer, column: integer, text: string, style?: traceleft.screen.style, cells?: integer)
---@field erase fun(self)
---@field show fun(self, row?: integer|true, column?: integer) the cursor is there; true: all is sent anew
---@field size fun(self): integer, integer rows and columns
---@field width fun(self, text: string): integer cells that it takes
---@field key fun(self): string?, any, any
---@field fd fun(self): integer can be read when there is a key or another size
---@field close fun(self)

--- Takes the terminal over, until `close`.
---@param opts? { mouse?: boolean }
---@return traceleft.screen? screen
---@return string? message
---@return string? name "ENOTTY": there is no terminal that could do it
function M.open(opts)
  if not found then error("screen: the terminal's screen is only in the program: run this with traceleft-lua", 2) end
  return curses.open(opts)
end

return M
