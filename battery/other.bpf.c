// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * System calls without a definition: new ones, nonsense, and all that come by the 32-bit doors, where
 * the same numbers mean other calls. Arguments are what lay in that door's registers.
 */
#include "call.bpf.h"
#include "tl_events.h"

#define TL_ERRNO_MAX 4095

#if defined(__TARGET_ARCH_x86)
#define TL_X32_BIT 0x40000000
#define TL_X32_MAX 0x7fffffff	/* negative numbers have the bit, too */

static __always_inline __u8 tl_abi(__u64 nr)
{
	if (tl_is_compat())
		return TL_ABI_I386;
	return nr <= TL_X32_MAX && nr & TL_X32_BIT ? TL_ABI_X32 : TL_ABI_NATIVE;
}

static __always_inline __s64 tl_abi_number(__u64 nr, __u8 abi)
{
	return abi == TL_ABI_X32 ? nr & ~TL_X32_BIT : nr;
}

/* int 0x80: ebx ecx edx esi edi ebp. */
static __always_inline __u64 tl_other_arg(struct pt_regs *regs, __u8 abi, int n)
{
	if (abi != TL_ABI_I386)
		return tl_arg(regs, n);
	switch (n) {
	case 0: return (__u32)regs->bx;
	case 1: return (__u32)regs->cx;
	case 2: return (__u32)regs->dx;
	case 3: return (__u32)regs->si;
	case 4: return (__u32)regs->di;
	default: return (__u32)regs->bp;
	}
}
#else
static __always_inline __u8 tl_abi(__u64 nr)
{
	return tl_is_compat() ? TL_ABI_I386 : TL_ABI_NATIVE;
}

static __always_inline __s64 tl_abi_number(__u64 nr, __u8 abi)
{
	return nr;
}

static __always_inline __u64 tl_other_arg(struct pt_regs *regs, __u8 abi, int n)
{
	return abi == TL_ABI_I386 ? (__u32)tl_arg(regs, n) : tl_arg(regs, n);
}
#endif

TL_SYS_EXIT(tl_syscall_other)
{
	struct tl_syscall_other *e = tl_begin(TL_E_SYSCALL_OTHER, sizeof(*e));
	__u64 nr = tl_syscall_number(regs);
	__u8 abi = tl_abi(nr);

	if (e) {
		e->number = tl_abi_number(nr, abi);
		e->abi = abi;
		e->arg0 = tl_other_arg(regs, abi, 0);
		e->arg1 = tl_other_arg(regs, abi, 1);
		e->arg2 = tl_other_arg(regs, abi, 2);
		e->arg3 = tl_other_arg(regs, abi, 3);
		e->arg4 = tl_other_arg(regs, abi, 4);
		e->arg5 = tl_other_arg(regs, abi, 5);
		e->ret = ret;
		e->error = ret < 0 && ret >= -TL_ERRNO_MAX ? ret : 0;
		tl_duration(e, &e->duration, TL_F_SYSCALL_OTHER_DURATION);
		return tl_submit(e);
	}
	return tl_next();
}
