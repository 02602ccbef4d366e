# SPDX-License-Identifier: MIT
# The tests, by tier. Each prints what it skipped and why; `make test` ends with one line of sums.

SAN      := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
LUAENV    = LUA_PATH='lua/?.lua;lua/?/init.lua;tests/?.lua;;' LUA_CPATH='$(B)/lua/?.so;;'
UNIT     := $(patsubst tests/core/%.c,$(B)/tests/core/%,$(wildcard tests/core/test_*.c))
FUZZERS  := $(patsubst tests/fuzz/%.c,$(B)/tests/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
SANCORE  := $(patsubst %.c,$(B)/san/%.o,$(wildcard core/*/*.c)) $(B)/san/constants.o
FUZZCORE := $(patsubst %.c,$(B)/fuzz/%.o,$(wildcard core/*/*.c)) $(B)/fuzz/constants.o
WORKLOAD := $(B)/tests/workload
METER    := $(B)/tests/meter
PROPERTY := $(B)/tests/property

test: all ## all tests of this machine and of the other kernels; as root
	tests/run.sh

check: all lint check-unit check-lua check-arm64 ## what needs no root: lint, C units, Lua specs

check-unit: $(UNIT) ## C unit tests, under ASan and UBSan
	tests/unit.sh $(UNIT)

check-lua: all ## Lua specs: library, binding, generator
	$(LUAENV) busted --lua=/usr/bin/lua5.4 tests/lua tests/battery tests/bind tests/strace tests/oneliners tests/host

check-pictures: ## SVG pictures as a browser shows them
	$(LUA) tests/pictures/run.lua

check-kernel: all $(WORKLOAD) $(B)/examples/embed ## kernel cases on this machine; as root
	TRACELEFT=$(abspath $(B)/traceleft-lua) WORKLOAD=$(abspath $(WORKLOAD)) $(B)/traceleft-lua tests/kernel/run.lua

check-repl: all ## the REPL in a terminal (tmux), as a person sees it; as root
	TRACELEFT=$(abspath $(B)/traceleft-lua) $(LUA) tests/repl/run.lua

check-systop: all ## systop in a terminal (tmux), as a person sees it; as root
	TRACELEFT=$(abspath $(B)/traceleft-lua) $(LUA) tests/systop/run.lua

check-expr: $(PROPERTY) ## random expressions: evaluator, kernel and Lua agree (SEED=1 COUNT=6000); as root
	LUA=$(LUA) $(PROPERTY) $(or $(SEED),1) $(or $(COUNT),6000)

compare: battery ## which calls of this kernel's own list (tracefs, as root) are no events
	if [ -e /sys/kernel/tracing/events ]; then $(LUA) battery/gen/compare.lua $(BATTERY); else \
		unshare -m sh -c 'mount -t tracefs none /sys/kernel/tracing && $(LUA) battery/gen/compare.lua $(BATTERY)'; fi

check-oneliners: all $(WORKLOAD) ## the README's one-liners, and bpftrace's, on the same load; as root
	LUA=$(LUA) TRACELEFT=$(B)/traceleft-lua WORKLOAD=$(WORKLOAD) tests/oneliners/run.sh

check-peers: all $(WORKLOAD) ## our tools and the classic ones (libbpf-tools, bpftrace) on the same load; as root
	LUA=$(LUA) TRACELEFT=$(B)/traceleft-lua WORKLOAD=$(WORKLOAD) tests/peers/run.sh

check-strace: all ## what strace and we see of the same programs is held against each other; as root
	B=$(abspath $(B)) LUA=$(LUA) tests/strace/run.sh

test-vm: all $(WORKLOAD) $(B)/examples/embed $(PROPERTY) ## the same cases, and check-expr, on Debian's 5.10, 6.1, 6.12 and newest kernel
	export VM_TIMEOUT=$(or $(VM_TIMEOUT),2400); tests/vm/matrix.sh; cases=$$?; tests/vm/matrix.sh property && exit $$cases

bench: all $(METER) ## figures against peers; as root
	tests/bench/run.sh

# Its own numbers, structs and registers, from the same definitions. It is compiled; no such machine runs it here.
ARM64 := $(CLANG) --target=aarch64-linux-gnu -isystem /usr/aarch64-linux-gnu/include

check-arm64: ## the battery for arm64 compiles
	mkdir -p $(B)/arm64
	$(LUA) battery/gen/main.lua $(B)/arm64 --cc '$(ARM64)' $(DEFS)
	$(CLANG) -O2 -g -target bpf -mcpu=v3 -D__TARGET_ARCH_arm64 -Wall -Werror -Ibpf -Ibattery -I$(B)/arm64 \
		-I/usr/aarch64-linux-gnu/include -c $(B)/arm64/battery.bpf.c -o $(B)/arm64/traceleft.bpf.o

lint: $(GEN) ## luacheck, shellcheck, clang, stale docs, what rooms may know
	luacheck -q lua scripts examples tests battery
	$(LUA) tests/rooms.lua
	shellcheck .ci/run tests/*.sh tests/vm/*.sh tests/bench/*.sh tests/strace/*.sh tests/oneliners/*.sh
	$(LUA) battery/gen/main.lua $(B)/gen --docs battery/EVENTS.md --check --cc $(CC) $(DEFS)
	for f in core/*/*.c lua/bind/*.c lua/host/*.c; do $(CLANG) -fsyntax-only $(CSTD) $(WARN) $(INCLUDE) $$f || exit 1; done

fuzz: $(FUZZERS) ## each fuzzer for FUZZ_SECONDS (30)
	for f in $(FUZZERS); do $$f -max_total_time=$(or $(FUZZ_SECONDS),30) -verbosity=0 -print_final_stats=1 || exit 1; done

$(B)/san/%.o: %.c $(GEN)
	mkdir -p $(@D)
	$(CC) -O1 -g $(SAN) $(CSTD) $(WARN) $(INCLUDE) -MMD -MP -c $< -o $@

$(B)/san/constants.o: $(B)/gen/constants.c
	mkdir -p $(@D)
	$(CC) -O1 -g $(SAN) $(CSTD) $(WARN) $(INCLUDE) -c $< -o $@

# From an archive, so that a test takes what it uses; the battery is 10 MB, and goes to those that name it.
$(B)/san/core.a: $(SANCORE)
	rm -f $@ && ar rcs $@ $^

$(patsubst tests/core/%.c,$(B)/tests/core/%,$(shell grep -l tl_builtin_battery tests/core/test_*.c)): $(BUILTIN)

$(B)/tests/core/%: tests/core/%.c $(wildcard tests/core/*.h) $(B)/san/core.a
	$(call say,CC,$@)
	mkdir -p $(@D)
	$(CC) -O1 -g $(SAN) $(CSTD) $(WARN) $(INCLUDE) $< $(filter %.o,$^) $(B)/san/core.a $(shell sed -n 's|^/\* link: \(.*\) \*/$$|\1|p' $<) -lcmocka $(LIBS) -o $@

$(B)/fuzz/%.o: %.c $(GEN)
	mkdir -p $(@D)
	$(CLANG) -O1 -g -fsanitize=fuzzer-no-link,address,undefined $(CSTD) $(INCLUDE) -MMD -MP -c $< -o $@

$(B)/fuzz/constants.o: $(B)/gen/constants.c
	mkdir -p $(@D)
	$(CLANG) -O1 -g -fsanitize=fuzzer-no-link,address,undefined $(CSTD) $(INCLUDE) -MMD -MP -c $< -o $@

$(B)/tests/fuzz/%: tests/fuzz/%.c tests/core/battery_file.h $(FUZZCORE)
	$(call say,CLANG,$@)
	mkdir -p $(@D)
	$(CLANG) -O1 -g -fsanitize=fuzzer,address,undefined $(CSTD) $(INCLUDE) $< $(FUZZCORE) $(LIBS) -o $@

$(WORKLOAD): $(wildcard tests/kernel/workload/*.c tests/kernel/workload/*.h)
	$(call say,CC,$@)
	mkdir -p $(@D)
	$(CC) -O2 -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -static -pthread $(filter %.c,$^) -o $@

# Static, so that it runs in the machines of tests/vm.
$(PROPERTY): $(wildcard tests/expr/*.c tests/expr/*.h) tests/core/expr_fixture.h $(CORE)
	$(call say,CC,$@)
	mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CSTD) $(WARN) $(INCLUDE) -static -Wl,--gc-sections $(filter %.c,$^) $(CORE) $(LIBS) -o $@

# The meter of tests/bench
$(METER): $(wildcard tests/bench/*.c tests/bench/*.h) bpf/tl_abi.h
	$(call say,CC,$@)
	mkdir -p $(@D)
	$(CC) -O2 -std=c11 -D_GNU_SOURCE $(WARN) -Ibpf -static $(filter %.c,$^) -o $@

$(B)/examples/embed: examples/embed.c $(B)/libtraceleft.a
	$(call say,CC,$@)
	mkdir -p $(@D)
	$(CC) $(CFLAGS) -std=c11 -D_GNU_SOURCE $(WARN) -Icore -static $< -Wl,--whole-archive $(B)/libtraceleft.a -Wl,--no-whole-archive $(LIBS) -o $@

.PHONY: test check check-unit check-lua check-pictures check-arm64 check-kernel check-repl check-systop check-expr check-strace check-oneliners compare test-vm bench lint fuzz
