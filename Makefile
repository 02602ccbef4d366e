# SPDX-License-Identifier: MIT
# traceleft-lua. `make help` lists the targets. Honours CC CLANG LUA PREFIX DESTDIR V EMBED.

B       ?= build
CC      ?= cc
CLANG   ?= clang
STRIP   ?= llvm-strip
OBJCOPY ?= llvm-objcopy
LUA     ?= lua5.4
PREFIX  ?= /usr/local
EMBED   ?= 1
VERSION := 0.1.0
ARCH    := $(shell uname -m | sed 's/x86_64/x86/; s/aarch64/arm64/')
MULTI    = $(shell $(CC) -print-multiarch 2>/dev/null)

ifneq ($(V),1)
.SILENT:
endif
.DELETE_ON_ERROR:
.SECONDARY:

WARN    := -Wall -Wextra -Wshadow -Wmissing-prototypes -Werror
CFLAGS  ?= -O2 -g
CSTD    := -std=c11 -D_GNU_SOURCE -DTL_VERSION='"$(VERSION)"' -fPIC -fvisibility=hidden -ffunction-sections -fdata-sections
INCLUDE := -Icore -Ibpf -I$(B)/gen -Ilua/bind -Ilua/host -I/usr/include/lua5.4
BPFFLAGS = -O2 -g -target bpf -mcpu=v3 -D__TARGET_ARCH_$(ARCH) -Wall -Werror -Ibpf -Ibattery -I$(B)/gen -I/usr/include/$(MULTI)
LIBS    := -lbpf -lelf -lz
EDIT    := -ledit -lbsd -lmd -lncursesw -ltinfo
WRAP    := -Wl,--wrap=btf__load_vmlinux_btf,--wrap=bpf_prog_load

say      = @printf '  %-8s %s\n' $(1) $(2)

DEFS    := $(patsubst %,battery/%.lua,tcp udp packet process target cgroup signal memory sched irq block) \
	   $(sort $(wildcard battery/syscalls/*.lua)) battery/other.lua
GENLUA  := $(wildcard battery/gen/*.lua) battery/common.lua battery/constants.lua battery/structs.lua
CORE    := $(patsubst %.c,$(B)/%.o,$(wildcard core/*/*.c)) $(B)/gen/constants.o
BUILTIN := $(if $(filter 1,$(EMBED)),$(B)/gen/builtin.o)
BIND    := $(patsubst %.c,$(B)/%.o,$(wildcard lua/bind/*.c))
HOST    := $(patsubst %.c,$(B)/%.o,$(wildcard lua/host/*.c)) $(B)/gen/embedded_lua.o
BATTERY := $(B)/battery/traceleft.bpf.o
API     := $(B)/gen/lua/host/api.lua
EMBEDDED := $(filter-out lua/host/document.lua,$(wildcard lua/traceleft/*.lua lua/traceleft/*/*.lua lua/host/*.lua scripts/*.lua)) $(API) /usr/share/lua/5.4/argparse.lua

all: $(B)/traceleft-lua $(B)/libtraceleft.so $(B)/lua/traceleft/core.so $(API) ## build everything (the default)

battery: $(BATTERY) ## build the battery: build/battery/traceleft.bpf.o

# ---- generated ---------------------------------------------------------------------------------

GEN := $(B)/gen/stamp
$(GEN): $(GENLUA) $(DEFS)
	$(call say,GEN,$(B)/gen)
	mkdir -p $(B)/gen && $(LUA) battery/gen/main.lua $(B)/gen --cc $(CC) $(DEFS) && touch $@

GENBPF := $(addprefix $(B)/gen/,battery.bpf.c syscalls.bpf.c tl_events.h catalogue.txt)
$(B)/gen/constants.c $(GENBPF): $(GEN) ;

$(BATTERY): $(GENBPF) battery/gen/strip_lines.lua $(wildcard bpf/*) $(wildcard battery/*.bpf.c)
	$(call say,CLANG,$@)
	mkdir -p $(@D)
	$(CLANG) $(BPFFLAGS) -c $< -o $@.tmp
	$(STRIP) -g $@.tmp
	$(OBJCOPY) --dump-section .BTF.ext=$@.ext $@.tmp && $(LUA) battery/gen/strip_lines.lua $@.ext
	$(OBJCOPY) --discard-all --remove-section .rel.BTF --remove-section .rel.BTF.ext --update-section .BTF.ext=$@.ext \
		--add-section .traceleft=$(B)/gen/catalogue.txt $@.tmp $@ && rm $@.tmp $@.ext

$(B)/gen/builtin.S: core/load/builtin.S.in $(GEN)
	sed 's|@BATTERY@|$(BATTERY)|' $< > $@

$(B)/gen/builtin.o: $(B)/gen/builtin.S $(BATTERY)
	$(call say,AS,$@)
	$(CC) -c $< -o $@

# What `help` of the REPL says: the comments of the library.
$(API): lua/host/document.lua lua/meta/traceleft.lua lua/host/repl_environment.lua $(wildcard lua/traceleft/*.lua lua/traceleft/*/*.lua)
	$(call say,API,$@)
	mkdir -p $(@D) && $(LUA) lua/host/document.lua $@ $(filter-out $<,$^)

$(B)/gen/embedded_lua.c: lua/host/embed.lua $(EMBEDDED) $(GEN)
	$(call say,EMBED,$@)
	$(LUA) lua/host/embed.lua $@ $(EMBEDDED) && touch $@

# ---- C -----------------------------------------------------------------------------------------

$(B)/%.o: %.c $(GEN)
	$(call say,CC,$@)
	mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CSTD) $(WARN) $(INCLUDE) -MMD -MP -c $< -o $@

$(B)/gen/%.o: $(B)/gen/%.c $(GEN)
	$(call say,CC,$@)
	$(CC) $(CFLAGS) $(CSTD) $(WARN) $(INCLUDE) -MMD -MP -c $< -o $@

$(B)/libtraceleft.a: $(CORE) $(BUILTIN)
	$(call say,AR,$@)
	rm -f $@ && ar rcs $@ $^

$(B)/libtraceleft.so: $(CORE) $(BUILTIN)
	$(call say,LD,$@)
	$(CC) -shared $(WRAP) -Wl,-soname,libtraceleft.so.0 -Wl,--gc-sections -o $@ $^ $(LIBS)
	ln -sf libtraceleft.so $(B)/libtraceleft.so.0

# The Lua module for a stock lua5.4: LUA_CPATH=build/lua/?.so, LUA_PATH=lua/?.lua;lua/?/init.lua
$(B)/lua/traceleft/core.so: $(BIND) $(B)/libtraceleft.so
	$(call say,LD,$@)
	mkdir -p $(@D)
	$(CC) -shared -o $@ $(BIND) -L$(B) -ltraceleft -Wl,-rpath,'$$ORIGIN/../..'

$(B)/traceleft-lua: $(HOST) $(BIND) $(B)/libtraceleft.a
	$(call say,LD,$@)
	$(CC) -static $(WRAP) -Wl,--gc-sections -o $@.debug $(HOST) $(BIND) -Wl,--whole-archive $(B)/libtraceleft.a \
		-Wl,--no-whole-archive -llua5.4 $(LIBS) $(EDIT) -lm 2>$@.log || { cat $@.log >&2; exit 1; }
	strip -o $@ $@.debug

-include $(shell find $(B) -name '*.d' 2>/dev/null)

include tests/tests.mk

# ---- people ------------------------------------------------------------------------------------

DEPS := gcc libc6-dev clang llvm make lua5.4 liblua5.4-dev libbpf-dev libelf-dev zlib1g-dev libedit-dev libbsd-dev libmd-dev libncurses-dev lua-argparse busybox-static
DEPS_TEST := linux-libc-dev-arm64-cross libc6-dev-arm64-cross lua-busted lua-check libcmocka-dev libclang-rt-dev shellcheck cpio nginx-light apache2-utils strace bpftrace libbpf-tools chromium tmux
# Completion in real shells, and man pages
DEPS_TEST += zsh fish man-db groff

deps: ## install what is needed, by package name (Debian 12; as root)
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -qq $(DEPS) $(DEPS_TEST)

demo: $(B)/traceleft-lua ## watch TCP connections that it makes itself
	$(B)/traceleft-lua -f -c 'sh examples/traffic.sh' scripts/netwatch.lua

# From what -h says.
MAN := $(B)/man/traceleft-lua.1 $(patsubst scripts/%.lua,$(B)/man/traceleft-%.1,$(wildcard scripts/*.lua))

man: $(MAN) ## write the man pages of the program and of its tools: build/man

$(B)/man/traceleft-lua.1: $(B)/traceleft-lua
	mkdir -p $(@D)
	$(B)/traceleft-lua --man > $@

$(B)/man/traceleft-%.1: scripts/%.lua $(B)/traceleft-lua
	mkdir -p $(@D)
	$(B)/traceleft-lua --man $< > $@

docs: $(GEN) ## write battery/EVENTS.md anew from the definitions
	$(LUA) battery/gen/main.lua $(B)/gen --docs battery/EVENTS.md --cc $(CC) $(DEFS)

# Where bash, zsh and fish look for them, below share/.
COMPLETIONS := bash-completion/completions/traceleft-lua zsh/site-functions/_traceleft-lua \
	fish/vendor_completions.d/traceleft-lua.fish

install: all man ## install to $(DESTDIR)$(PREFIX)
	install -D $(B)/traceleft-lua $(DESTDIR)$(PREFIX)/bin/traceleft-lua
	install -D -m 644 $(B)/libtraceleft.so $(DESTDIR)$(PREFIX)/lib/libtraceleft.so.0
	ln -sf libtraceleft.so.0 $(DESTDIR)$(PREFIX)/lib/libtraceleft.so
	install -D -m 644 core/traceleft.h $(DESTDIR)$(PREFIX)/include/traceleft.h
	install -D -m 644 $(B)/lua/traceleft/core.so $(DESTDIR)$(PREFIX)/lib/lua/5.4/traceleft/core.so
	cd lua && for file in traceleft/*.lua traceleft/*/*.lua; do \
		install -D -m 644 $$file $(DESTDIR)$(PREFIX)/share/lua/5.4/$$file || exit 1; done
	install -d $(DESTDIR)$(PREFIX)/share/traceleft/scripts
	install -m 644 scripts/*.lua $(DESTDIR)$(PREFIX)/share/traceleft/scripts
	install -d $(DESTDIR)$(PREFIX)/share/man/man1 $(addprefix $(DESTDIR)$(PREFIX)/share/,$(dir $(COMPLETIONS)))
	install -m 644 $(MAN) $(DESTDIR)$(PREFIX)/share/man/man1
	$(B)/traceleft-lua --completion bash > $(DESTDIR)$(PREFIX)/share/$(word 1,$(COMPLETIONS))
	$(B)/traceleft-lua --completion zsh > $(DESTDIR)$(PREFIX)/share/$(word 2,$(COMPLETIONS))
	$(B)/traceleft-lua --completion fish > $(DESTDIR)$(PREFIX)/share/$(word 3,$(COMPLETIONS))

uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/traceleft-lua $(DESTDIR)$(PREFIX)/lib/libtraceleft.so* $(DESTDIR)$(PREFIX)/include/traceleft.h
	rm -f $(DESTDIR)$(PREFIX)/share/man/man1/traceleft-*.1 $(addprefix $(DESTDIR)$(PREFIX)/share/,$(COMPLETIONS))
	rm -rf $(DESTDIR)$(PREFIX)/lib/lua/5.4/traceleft $(DESTDIR)$(PREFIX)/share/lua/5.4/traceleft $(DESTDIR)$(PREFIX)/share/traceleft

clean: ## remove build/
	rm -rf $(B)

help: ## this list
	grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

.PHONY: all battery deps demo man docs install uninstall clean help
