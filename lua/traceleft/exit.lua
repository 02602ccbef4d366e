-- SPDX-License-Identifier: MIT
--- exit: the error that ends a program in order, with a status.
--
-- The library never calls os.exit and never prints a last word. It raises a table { exit = STATUS, message = TEXT? };
-- whoever runs the script prints the message (status 0: on stdout, otherwise on stderr) and exits with that status.
-- Under a stock lua5.4, which knows nothing of this, the message is shown as that of any other error.

local M = {}

---@class traceleft.exit
---@field exit integer the exit status
---@field message? string what to print, without a line end; nil: nothing
local Exit = {}
Exit.__index = Exit

function Exit:__tostring()
  return self.message or ("exit %d"):format(self.exit)
end

--- Ends the program.
---@param status integer
---@param message? string
function M.raise(status, message)
  error(setmetatable({ exit = status, message = message }, Exit), 0)
end

--- Whether an error value is such a table.
---@param value any
---@return boolean
function M.is_exit(value)
  return type(value) == "table" and math.type(value.exit) == "integer"
end

return M
