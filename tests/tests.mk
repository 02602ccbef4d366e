# SPDX-License-Identifier: MIT
# The tests, by tier. Each prints what it skipped and why; `make test` ends with one line of sums.

SAN      := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
LUAENV    = LUA_PATH='lua/?.lua;lua/?/init.lua;tests/?.lua;;' LUA_CPATH='$(B)/lua/?.so;;'
UNIT     := $(patsubst tests/core/%.c,$(B)/tests/core/%,$(wildcard tests/core/test_*.c))
FUZZERS  := $(patsubst tests/fuzz/%.c,$(B)/tests/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
SANCORE  := $(patsubst %.c,$(B)/san/%.o,$(wildcard core/*.c)) $(B)/san/constants.o
FUZZCORE := $(patsubst %.c,$(B)/fuzz/%.o,$(wildcard core/*.c)) $(B)/fuzz/constants.o
WORKLOAD := $(B)/tests/workload
METER    := $(B)/tests/meter

test: all ## all tests of this machine and of the other kernels; as root
	tests/run.sh

check: all lint check-unit check-lua ## what needs no root: lint, C units, Lua specs

check-unit: $(UNIT) ## C unit tests, under ASan and UBSan
	tests/unit.sh $(UNIT)

check-lua: all ## Lua specs: library, binding, generator
	$(LUAENV) busted --lua=/usr/bin/lua5.4 tests/lua tests/battery tests/bind

check-kernel: all $(WORKLOAD) $(B)/examples/embed ## kernel cases on this machine; as root
	$(B)/traceleft-lua tests/kernel/run.lua

test-vm: all $(WORKLOAD) $(B)/examples/embed ## the same cases on Debian's 5.10, 6.1, 6.12 and newest kernel
	tests/vm/matrix.sh

bench: all $(METER) ## figures against peers; as root
	tests/bench/run.sh

lint: $(GEN) ## luacheck, shellcheck, clang, stale docs
	luacheck -q lua scripts examples tests battery
	shellcheck .ci/run tests/*.sh tests/vm/*.sh tests/bench/*.sh
	$(LUA) battery/gen/main.lua $(B)/gen --docs battery/EVENTS.md --check --cc $(CC) $(DEFS)
	for f in core/*.c lua/bind/*.c lua/host/*.c; do $(CLANG) -fsyntax-only $(CSTD) $(WARN) $(INCLUDE) $$f || exit 1; done

fuzz: $(FUZZERS) ## each fuzzer for FUZZ_SECONDS (30)
	for f in $(FUZZERS); do $$f -max_total_time=$(or $(FUZZ_SECONDS),30) -verbosity=0 -print_final_stats=1 || exit 1; done

$(B)/san/%.o: %.c $(GEN)
	mkdir -p $(@D)
	$(CC) -O1 -g $(SAN) $(CSTD) $(WARN) $(INCLUDE) -MMD -MP -c $< -o $@

$(B)/san/constants.o: $(B)/gen/constants.c
	mkdir -p $(@D)
	$(CC) -O1 -g $(SAN) $(CSTD) $(WARN) $(INCLUDE) -c $< -o $@

$(B)/tests/core/%: tests/core/%.c $(wildcard tests/core/*.h) $(SANCORE) $(BUILTIN)
	$(call say,CC,$@)
	mkdir -p $(@D)
	$(CC) -O1 -g $(SAN) $(CSTD) $(WARN) $(INCLUDE) $< $(SANCORE) $(BUILTIN) $(shell sed -n 's|^/\* link: \(.*\) \*/$$|\1|p' $<) -lcmocka $(LIBS) -o $@

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

# The meter of tests/bench
$(METER): $(wildcard tests/bench/*.c tests/bench/*.h)
	$(call say,CC,$@)
	mkdir -p $(@D)
	$(CC) -O2 -std=c11 -D_GNU_SOURCE $(WARN) -static $(filter %.c,$^) -o $@

$(B)/examples/embed: examples/embed.c $(B)/libtraceleft.a
	$(call say,CC,$@)
	mkdir -p $(@D)
	$(CC) $(CFLAGS) -std=c11 -D_GNU_SOURCE $(WARN) -Icore -static $< -Wl,--whole-archive $(B)/libtraceleft.a -Wl,--no-whole-archive $(LIBS) -o $@

.PHONY: test check check-unit check-lua check-kernel test-vm bench lint fuzz
