/* SPDX-License-Identifier: MIT */
/* processes.h: programs of the kernel side that are run when we want: over all processes, and about a file. */
#ifndef TL_PROCESSES_H
#define TL_PROCESSES_H

#include "load/programs.h"

#define TL_PASS		"tl_pass"
#define TL_IDENTITY_PASS "tl_identity_pass"
#define TL_ASK_FILE	"tl_ask_file"

/* Lets the kernel side meet every process that is there now. The program is loaded. */
int tl_processes_walk(const struct tl_programs *programs, struct tl_error *err);
/* The same with the program that keeps who they are. */
int tl_processes_identify(const struct tl_programs *programs, struct tl_error *err);

/* How the kernel side knows the file of that name: what is executed is compared with it. */
int tl_processes_file(const struct tl_programs *programs, const char *path, struct tl_trait *file, struct tl_error *err);

/* Whether the process is there. A zombie is. */
bool tl_process_alive(int pid);

/* -ESRCH: there is no such process, or it is only a thread of one. */
int tl_target_check(int pid, struct tl_error *err);

#endif
