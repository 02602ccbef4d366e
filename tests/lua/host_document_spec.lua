-- SPDX-License-Identifier: MIT

describe("host.document", function()
  local api
  setup(function()
    local folder = os.tmpname()
    os.remove(folder)
    os.execute("mkdir " .. folder)
    local source <close> = assert(io.open(folder .. "/thing.lua", "w"))
    source:write [[
---@class traceleft.thing_options : traceleft.parent what it takes
---@field name? string a name
---@field call fun(a: integer, b: string): boolean a function
---@field package secret string

--- Does it. With
--- two lines.
---@param opts traceleft.thing_options
---@param list string[]|table<string, any> many
---@return boolean? ok
---@return string? message
function Methods:act(opts, list)
end

--- Nobody's business.
---@private
function Methods:hidden()
end

--- A function of the module.
function M.plain()
end

-- Local.
local function own() end

--- Of an aggregate.
function Aggregate:show(...)
end
]]
    source:close()
    assert(os.execute(("lua5.4 lua/host/document.lua %s/api.lua %s/thing.lua"):format(folder, folder)))
    api = dofile(folder .. "/api.lua")
    os.execute("rm -r " .. folder)
  end)

  it("takes functions with what they say of themselves", function()
    assert.same({ signature = "act(opts, list)", doc = "Does it. With two lines.",
      params = { { name = "opts", type = "traceleft.thing_options", doc = "" },
                 { name = "list", type = "string[]|table<string, any>", doc = "many" } },
      returns = { { name = "ok", type = "boolean?", doc = "" }, { name = "message", type = "string?", doc = "" } },
    }, api.functions.act)
    local names = {}
    for name in pairs(api.functions) do names[#names + 1] = name end
    table.sort(names)
    assert.same({ "act", "aggregate:show", "thing.plain" }, names)
  end)

  it("takes classes with their fields", function()
    assert.same({ parent = "traceleft.parent", doc = "what it takes", fields = {
      { name = "name?", type = "string", doc = "a name" },
      { name = "call", type = "fun(a: integer, b: string): boolean", doc = "a function" },
    } }, api.classes["traceleft.thing_options"])
  end)
end)
