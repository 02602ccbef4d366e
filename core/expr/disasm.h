/* SPDX-License-Identifier: MIT */
/* disasm.h: BPF instructions as text, in the manner of the kernel's own listings: r1 = *(u64 *)(r6 + 16). */
#ifndef TL_DISASM_H
#define TL_DISASM_H

#include <linux/bpf.h>
#include <stddef.h>

#define TL_DISASM_MAX 96

/*
 * Writes instruction i of n, and returns the number of the next one: an address takes two places. What
 * is no instruction that core emits is shown as its bytes.
 */
size_t tl_disasm(const struct bpf_insn *insns, size_t n, size_t i, char text[TL_DISASM_MAX]);

#endif
