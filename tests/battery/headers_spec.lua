-- SPDX-License-Identifier: MIT
-- luacheck: std +busted
local domains = require "battery.gen.domains"
local headers = require "battery.gen.headers"

local MACROS = headers.parse [[
#define __NR_read 0
#define __NR_pread64 17
#define __NR_SYSCALL_BASE 0
#define __x86_64__ 1
#define O_CREAT 00000100
#define O_DSYNC 00010000
#define __O_SYNC 04000000
#define O_SYNC (__O_SYNC|O_DSYNC)
#define O_WRONLY 00000001
#define O_RDONLY 00000000
#define O_ACCMODE 00000003
#define O_NDELAY O_CREAT
#define X_NOTHING 0x0UL
#define SHIFTED (1UL << 4)
#define CALLED (__libc_call())
#define SELF SELF
#define WITH_ARGS(x) x
]]

local function names_of(domain)
  local names = {}
  for i, constant in ipairs(domain.constants) do names[i] = constant.name end
  return names
end

describe("headers", function()
  it("know system calls by name", function()
    assert.are.same({ read = 0, pread64 = 17 }, headers.syscalls(MACROS))
  end)

  it("know the machine", function()
    assert.are.equal("x86_64", headers.machine(MACROS))
    assert.is_nil(headers.machine {})
  end)

  it("give values of constant expressions", function()
    assert.are.equal(64, headers.value("O_CREAT", MACROS))
    assert.are.equal(1052672, headers.value("O_SYNC", MACROS))
    assert.are.equal(16, headers.value("SHIFTED", MACROS))
    assert.are.equal(0, headers.value("X_NOTHING", MACROS))
  end)

  it("give no value of anything else", function()
    assert.is_nil(headers.value("CALLED", MACROS))
    assert.is_nil(headers.value("SELF", MACROS))
    assert.is_nil(headers.value("WITH_ARGS", MACROS))
    assert.is_nil(headers.value("ABSENT", MACROS))
  end)

  it("of this system are read by its compiler", function()
    local numbers = headers.syscalls(headers.macros({ "asm/unistd.h" }, "cc"))
    assert.is_truthy(numbers.openat)
    assert.is_nil(numbers.opnat)
  end)
end)

describe("domains", function()
  local open = { name = "open", flags = true, headers = { "x.h" }, prefix = "O_", mask = "O_ACCMODE",
                 exclude = { "O_ACCMODE" } }

  it("of flags: those of several bits first, one name per value", function()
    assert.are.same({ "O_SYNC", "O_WRONLY", "O_CREAT", "O_DSYNC", "O_RDONLY" },
                    names_of(domains.resolve(open, MACROS)))
  end)

  it("of flags without an enum have no name for 0", function()
    local flags = { name = "x", flags = true, headers = { "x.h" }, prefix = "O_", exclude = open.exclude }
    assert.are.same({ "O_SYNC", "O_WRONLY", "O_CREAT", "O_DSYNC" }, names_of(domains.resolve(flags, MACROS)))
  end)

  it("can have a name that the headers spell otherwise", function()
    local also = { name = "x", flags = true, headers = { "x.h" }, prefix = "NONE_",
                   also = { { "SIXTEEN", "SHIFTED" } } }
    assert.are.same({ { name = "SIXTEEN", c = "SHIFTED", value = 16 } },
                    domains.resolve(also, MACROS).constants)
  end)

  it("that are empty are an error", function()
    assert.has_error(function()
      domains.resolve({ name = "x", headers = { "x.h" }, prefix = "NONE_" }, MACROS)
    end, "constants.lua: x: no name in <x.h> begins with NONE_")
  end)
end)
