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

-- What the compiler would say, which here is what the macros say.
local function values(expressions)
  local worth = {}
  for i, expression in ipairs(expressions) do
    worth[i] = assert(headers.value(expression, MACROS), expression)
  end
  return worth
end

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

describe("values of expressions", function()
  local LISTING = [[
	.file	"x.c"
	.globl	tl_value_1
	.section	.rodata
tl_value_1:
	.quad	2147483648
	.globl	tl_value_2
tl_value_2:
	.zero	8
	.align 8
tl_value_3:
	.quad	-1
tl_value_4:
	.xword	0x80000
tl_value_5:
	.text
other:
	.quad	7
]]

  it("are read from what the compiler writes, whatever it calls them", function()
    assert.are.same({ 0x80000000, 0, -1, 0x80000 }, { table.unpack(headers.parse_values(LISTING), 1, 4) })
  end)

  it("of this system are those of its compiler: enumerators, sizes, offsets, all 64 bits", function()
    local worth = headers.values({ "poll.h", "sys/socket.h" }, { "POLLOUT", "SOCK_CLOEXEC", "sizeof(struct pollfd)",
      "__builtin_offsetof(struct pollfd, revents)", "0", "-1", "~0ULL << 63" }, "cc")
    assert.are.same({ 4, 0x80000, 8, 6, 0, -1, math.mininteger }, worth)
  end)

  it("can be of a struct that no header has", function()
    assert.are.same({ 16, 8 }, headers.values({ "linux/types.h" },
      { "sizeof(struct tl_odd)", "__builtin_offsetof(struct tl_odd, b)" }, "cc", "struct tl_odd { char a; __u64 b; };"))
  end)

  it("that are none are an error that names the headers", function()
    local ok, message = pcall(headers.values, { "poll.h" }, { "NO_SUCH_THING" }, "cc 2>/dev/null")
    assert.is_false(ok)
    assert.are.equal("cc 2>/dev/null: cannot tell the values of what is in <poll.h>", message)
  end)
end)

describe("domains", function()
  local open = { name = "open", flags = true, headers = { "x.h" }, prefix = "O_", mask = "O_ACCMODE",
                 exclude = { "O_ACCMODE" } }

  it("of flags: those of several bits first, one name per value", function()
    assert.are.same({ "O_SYNC", "O_WRONLY", "O_CREAT", "O_DSYNC", "O_RDONLY" },
                    names_of(domains.resolve(open, MACROS, values)))
  end)

  it("of flags without an enum have no name for 0", function()
    local flags = { name = "x", flags = true, headers = { "x.h" }, prefix = "O_", exclude = open.exclude }
    assert.are.same({ "O_SYNC", "O_WRONLY", "O_CREAT", "O_DSYNC" }, names_of(domains.resolve(flags, MACROS, values)))
  end)

  it("can have a name that the headers spell otherwise", function()
    local also = { name = "x", flags = true, headers = { "x.h" }, prefix = "NONE_",
                   also = { { "SIXTEEN", "SHIFTED" } } }
    assert.are.same({ { name = "SIXTEEN", c = "SHIFTED", value = 16 } },
                    domains.resolve(also, MACROS, values).constants)
  end)

  it("that are empty are an error", function()
    assert.has_error(function()
      domains.resolve({ name = "x", headers = { "x.h" }, prefix = "NONE_" }, MACROS, values)
    end, "constants.lua: x: no name in <x.h> begins with NONE_")
  end)
end)
