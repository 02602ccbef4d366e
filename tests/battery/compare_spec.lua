-- SPDX-License-Identifier: MIT
-- luacheck: std +busted
local emit_catalogue = require "battery.gen.emit_catalogue"
local fixture        = require "tests.battery.fixture"
local schema         = require "battery.gen.schema"

local DIR = "/tmp/traceleft-compare-spec." .. tostring(os.time()) .. tostring(math.random(1 << 30))
local LIST = DIR .. "/it's tracefs"

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  assert(file:write(text))
  file:close()
end

-- What tracefs says of a call; the first fields are those of every event.
local function list(name, ...)
  local lines = { "name: sys_enter_" .. name, "ID: 640", "format:",
                  "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;",
                  "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;", "",
                  "\tfield:int __syscall_nr;\toffset:8;\tsize:4;\tsigned:1;" }
  for i, declaration in ipairs { ... } do
    lines[#lines + 1] = ("\tfield:%s;\toffset:%d;\tsize:8;\tsigned:0;"):format(declaration, 8 + 8 * i)
  end
  lines[#lines + 1] = '\nprint fmt: "field:%d;"\n'
  assert(os.execute(('mkdir -p "%s/sys_enter_%s" "%s/sys_exit_%s"'):format(LIST, name, LIST, name)))
  write(("%s/sys_enter_%s/format"):format(LIST, name), table.concat(lines, "\n"))
end

local function run(...)
  local words = {}
  for i, word in ipairs { ... } do words[i] = "'" .. word:gsub("'", "'\\''") .. "'" end
  local pipe = assert(io.popen(("lua5.4 battery/gen/compare.lua %s 2>&1"):format(table.concat(words, " "))))
  local text = pipe:read "a"
  local _, _, code = pipe:close()
  return code, text
end

describe("compare", function()
  local catalogue = DIR .. "/catalogue.txt"

  before_each(function()
    assert(os.execute(('mkdir -p "%s"'):format(LIST)))
    local model = schema.model(fixture.definitions(), fixture.system())
    write(catalogue, emit_catalogue.emit(model))
  end)
  after_each(function() os.execute(("rm -r '%s'"):format(DIR)) end)

  it("is content with calls that have an event with as many arguments", function()
    list("close", "unsigned int fd")
    list("dup2", "unsigned int oldfd", "unsigned int newfd")
    list("newest")                                       -- none at all
    list("message", "int fd", "struct user_msghdr * msg")  -- one field for the first, eight for the second
    list("structs", "void * a", "void * b", "void * c", "int d", "void * e")
    list("leaves", "int status")                         -- told when it begins
    assert.are.same({ 0, "6 system calls in the kernel's list, 22 in the battery; 0 missing or different\n" },
                    { run(catalogue, LIST) })
  end)

  it("names what is missing, as the kernel declares it", function()
    list("close", "unsigned int fd")
    list("brand_new", "int fd", "const char * path")
    list("another")
    assert.are.same({ 1, "another: missing: another()\n"
      .. "brand_new: missing: brand_new(int fd, const char * path)\n"
      .. "3 system calls in the kernel's list, 22 in the battery; 2 missing or different\n" }, { run(catalogue, LIST) })
  end)

  it("does not take an event that is no system call for one", function()
    list("hand.written", "int a")
    local code, text = run(catalogue, LIST)
    assert.are.equal(1, code)
    assert.is_truthy(text:find("hand.written: missing", 1, true))
  end)

  it("names what has another number of arguments", function()
    list("close", "unsigned int fd", "unsigned int flags")
    list("addresses", "int local", "int local_len", "void * peer")
    list("newest", "int a")
    assert.are.same({ 1, "addresses: 4 arguments in the definition (local, local_len, peer, peer_len), "
      .. "3 in the kernel: addresses(int local, int local_len, void * peer)\n"
      .. "close: 1 arguments in the definition (fd), 2 in the kernel: close(unsigned int fd, unsigned int flags)\n"
      .. "newest: 0 arguments in the definition (), 1 in the kernel: newest(int a)\n"
      .. "3 system calls in the kernel's list, 22 in the battery; 3 missing or different\n" }, { run(catalogue, LIST) })
  end)

  it("knows calls whose function in the kernel is called otherwise, and difference on purpose", function()
    local head = "traceleft\tABI\t5\tx86_64\n"
    local function event(name, ...)
      local lines = { ("event\tsyscall.%s\t96\t\t\n"):format(name) }
      for i, arg in ipairs { ... } do lines[i + 1] = ("field\tf%d\tu8\t\t96\t1\t%d\t%s\t\n"):format(i, 9 + i, arg) end
      return table.concat(lines)
    end
    write(catalogue, head .. event("stat", "a", "b") .. event("umount2", "a", "b")
                          .. event("preadv", "fd", "iov", "iovcnt", "offset") .. "end\t3\n")
    list("newstat", "const char * filename", "struct stat * statbuf")
    list("umount", "char * name", "int flags")
    list("preadv", "unsigned long fd", "void * vec", "unsigned long vlen", "unsigned long l", "unsigned long h")
    assert.are.same({ 0, "3 system calls in the kernel's list, 3 in the battery; 0 missing or different\n" },
                    { run(catalogue, LIST) })
    list("preadv", "unsigned long fd", "void * vec", "unsigned long vlen")
    assert.are.equal(1, (run(catalogue, LIST)))
  end)

  it("passes over what new kernels tell of the memory behind arguments", function()
    list("close", "unsigned int fd", "__data_loc char[] __fd_val")
    assert.are.equal(0, (run(catalogue, LIST)))
  end)

  it("says when there is no list to hold it against", function()
    local message = "compare: %s: no list of system calls there: tracefs is not mounted, may be read by root only, "
      .. "or this kernel was built without CONFIG_FTRACE_SYSCALLS\n"
    assert.are.same({ 2, message:format(DIR .. "/none") }, { run(catalogue, DIR .. "/none") })
    assert.are.same({ 2, message:format(LIST) }, { run(catalogue, LIST) })   -- there, and empty
  end)

  it("says when there is no catalogue, and how it is used", function()
    list("close", "unsigned int fd")
    assert.are.same({ 2, ("compare: %s/none: No such file or directory\n"):format(DIR) }, { run(DIR .. "/none", LIST) })
    write(DIR .. "/other", "event\tsyscall.close\n")
    assert.are.same({ 2, ("compare: %s/other: no catalogue of a battery\n"):format(DIR) },
                    { run(DIR .. "/other", LIST) })
    for _, words in ipairs { {}, { catalogue, LIST, "more" } } do
      assert.are.same({ 2, "compare: usage: compare.lua CATALOGUE [FOLDER]\n" }, { run(table.unpack(words)) })
    end
  end)
end)
