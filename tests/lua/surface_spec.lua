-- SPDX-License-Identifier: MIT
-- Nothing that scripts can reach is without a spec or without its types.

local function lines(command)
  local pipe <close> = assert(io.popen(command))
  local list = {}
  for line in pipe:lines() do list[#list + 1] = line end
  return list
end

local function read(path)
  local file <close> = assert(io.open(path))
  return file:read "a"
end

describe("the surface", function()
  it("has a spec for each module of the library", function()
    local modules = lines "cd lua/traceleft && ls *.lua */*.lua"
    assert.is_true(#modules > 20)
    for _, name in ipairs(modules) do
      local spec <close> = io.open("tests/lua/" .. name:gsub("%.lua$", "_spec.lua"))
      assert.truthy(spec, name .. " has no spec")
    end
  end)

  it("has a type for each function of the C binding", function()
    local meta = read "lua/meta/traceleft.lua"
    for _, path in ipairs(lines "ls lua/bind/*.c") do
      for name in read(path):gmatch '\n\t{ "(%a[%w_]*)", [%w_]+ },' do
        assert.truthy(meta:find("[.:]" .. name .. "%("), name .. " of " .. path .. " is not in lua/meta/traceleft.lua")
      end
    end
  end)

  it("describes each public function of the library", function()
    for _, path in ipairs(lines "ls lua/traceleft/*.lua lua/traceleft/*/*.lua") do
      for before, name in read(path):gmatch "([^\n]*)\nfunction ([MST]%w*[.:]%w+)%(" do
        assert.equal("--", before:sub(1, 2), name .. " of " .. path .. " has no description")
      end
    end
  end)
end)
