/* SPDX-License-Identifier: MIT */
/* What the parts of the workload share: commands, truth lines, sockets. */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct command {
	const char *name;
	const char *usage;
	int (*run)(int argc, char **argv);	/* argv[0] is the command's name; the result is the exit status */
};

extern const struct command file_commands[], memory_commands[], flood_commands[], connect_commands[];
extern const struct command pair_commands[], pass_commands[], storm_commands[], process_commands[];
extern const struct command death_commands[], gate_commands[], bpf_commands[];
extern const struct command kind_commands[], place_commands[], share_commands[], race_commands[];
extern const struct command call_commands[], exec_commands[], door_commands[], parity_commands[];
extern const struct command data_commands[], message_commands[], who_commands[], grove_commands[];
extern const struct command span_commands[], chore_commands[], file_chore_commands[];
extern const struct command net_commands[], signal_commands[];
extern const struct command switch_commands[], disk_commands[];

int run_command(int argc, char **argv);

/* util.c */
_Noreturn void die(const char *what);
void must(long result, const char *what);	/* dies if it is negative */
long number(const char *text);
uint64_t now_ns(void);			/* CLOCK_MONOTONIC */
const char *error_name(int error);	/* "none" for 0 */
int spawned(int pid);			/* dies if fork failed; flushes nothing */
int quiet_fork(void);			/* fork with empty stdio buffers */
void reap(int pid);			/* dies unless the child ended with status 0 */
void *shared_memory(unsigned long size);
void stay_on_one_cpu(void);		/* this thread and those that it makes */

/* say.c: truth about files. A word has no blanks: what is not printable in it, and %, are %XX */
void say_word(const char *bytes, unsigned long length);
void say_file(const char *key, int fd);			/* key fd inode dev name, as fstat and /proc have it */
void say_file_as(const char *key, int fd, const char *name);	/* the same, the name being known better */
void touch(int fd);					/* flock(fd, LOCK_UN): an event, and nothing else */
int new_file(const char *folder, const char *name);	/* made anew, open for reading and writing */
void await_call(int tid, long number);			/* until that thread of this process sits in that call */

/* socket.c: an address of the loopback by kind: "4", "6" or "mapped" (IPv4 through an IPv6 socket) */
struct address {
	struct sockaddr_storage storage;
	socklen_t length;
};

struct address loopback(const char *kind, int port);
struct address local_address(int fd);
struct address peer_address(int fd);
int address_port(const struct address *address);
void address_text(const struct address *address, char text[64]);
int tcp_socket(const char *kind, int flags);
int listener(const char *kind, int backlog, struct address *address);
int connect_to(int fd, const struct address *to);	/* 0 or the errno */
void send_all(int fd, long bytes);
void receive_exactly(int fd, long bytes);
long receive_until_end(int fd);			/* -1: the connection was reset */
uint64_t tuple_hash(int fd);			/* FNV-1a of "saddr:sport>daddr:dport", this side first */
void print_tuple(const char *key, int fd, const char *more);	/* key pid saddr sport daddr dport more */
unsigned long netns_inode(void);

#endif
