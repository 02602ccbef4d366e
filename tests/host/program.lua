-- SPDX-License-Identifier: MIT
--- program: runs the built program, and others, as a user would, in a folder and an environment of their own.

local M = {}

local function read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

--- A word for sh.
---@param text string
---@return string
function M.quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

--- What a command of sh writes on stdout.
---@param command string
---@return string
function M.output(command)
  local pipe <close> = assert(io.popen(command))
  return pipe:read "a"
end

--- This folder, and the program that was built in it.
M.here = M.output "pwd":gsub("\n$", "")
M.program = M.here .. "/build/traceleft-lua"

--- Whether there is such a command.
---@param name string
---@return boolean
function M.has(name)
  return M.output("command -v " .. name) ~= ""
end

local Place = {}
Place.__index = Place

--- A new empty folder. `home` in it is that of the user, and nothing else of the real one is seen.
---@return table place
function M.place()
  local path = M.output "mktemp -d":gsub("\n$", "")
  assert(os.execute("mkdir " .. path .. "/home"))
  return setmetatable({ path = path, env = {} }, Place)
end

--- Writes a file, its folders too.
---@param name string
---@param text string
function Place:write(name, text)
  local path = self.path .. "/" .. name
  assert(os.execute("mkdir -p " .. M.quote(path:match "^(.*)/")))
  local file <close> = assert(io.open(path, "wb"))
  assert(file:write(text))
  return path
end

--- Runs a shell command in it.
---@param command string
---@return string out
---@return string err
---@return integer status
function Place:sh(command)
  local words = { "env -i HOME=" .. self.path .. "/home PATH=" .. M.quote(os.getenv "PATH"), "LC_ALL=C.UTF-8" }
  for name, value in pairs(self.env) do words[#words + 1] = name .. "=" .. M.quote(value) end
  local line = ("cd %s && %s sh -c %s >out 2>err </dev/null"):format(self.path, table.concat(words, " "),
                                                                    M.quote(command))
  local _, _, status = os.execute(line)
  return read(self.path .. "/out"), read(self.path .. "/err"), status
end

--- Runs the program in it.
---@param ... string words
---@return string out
---@return string err
---@return integer status
function Place:run(...)
  local words = { M.quote(self.program or M.program) }
  for _, word in ipairs { ... } do words[#words + 1] = M.quote(word) end
  return self:sh(table.concat(words, " "))
end

--- Copies the program out of the tree that it was built in.
function Place:install()
  assert(os.execute(("mkdir -p %s/bin && cp %s %s/bin"):format(self.path, M.program, self.path)))
  self.program = self.path .. "/bin/traceleft-lua"
end

function Place:remove()
  assert(os.execute("rm -rf " .. self.path))
end

return M
