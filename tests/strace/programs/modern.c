// SPDX-License-Identifier: MIT
// Calls of the last years, by number where the headers do not have them.
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/io_uring.h>
#include <linux/landlock.h>
#include <linux/mount.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NR_cachestat = 451, NR_map_shadow_stack = 453, NR_futex_wake = 454, NR_futex_wait = 455, NR_statmount = 457,
       NR_listmount = 458, NR_lsm_get_self_attr = 459, NR_lsm_list_modules = 461, NR_mseal = 462,
       NR_setxattrat = 463, NR_getxattrat = 464, NR_listxattrat = 465, NR_removexattrat = 466 };

static void rings(void)
{
	struct io_uring_params params = { 0 };
	int ring = syscall(SYS_io_uring_setup, 4, &params), none[2] = { -1, -1 };

	syscall(SYS_io_uring_enter, ring, 0, 0, 0, NULL, 0);
	syscall(SYS_io_uring_register, ring, IORING_REGISTER_FILES, none, 2);
	close(ring);
}

static void pidfds(void)
{
	siginfo_t info = { .si_signo = SIGTERM, .si_code = SI_QUEUE };
	pid_t pid = fork();
	int fd;

	if (pid == 0) {
		pause();
		_exit(0);
	}
	fd = syscall(SYS_pidfd_open, pid, 0);
	close(syscall(SYS_pidfd_getfd, fd, 0, 0));
	syscall(SYS_pidfd_send_signal, fd, SIGTERM, &info, 0);
	syscall(SYS_process_madvise, fd, NULL, 0, MADV_COLD, 0);
	syscall(448 /* process_mrelease */, fd, 0);
	waitpid(pid, NULL, 0);
	close(fd);
}

static void mounts(void)
{
	struct mount_attr attributes = { .attr_set = MOUNT_ATTR_RDONLY };
	struct mnt_id_req {
		uint32_t size, spare;
		uint64_t mnt_id, param;
	} request = { .size = 24, .mnt_id = UINT64_MAX };
	uint64_t list[8];
	int context = syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC), mounted, tree;

	syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, "size", "1m", 0);
	syscall(SYS_fsconfig, context, FSCONFIG_SET_FLAG, "no\"such", NULL, 0);
	syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	mounted = syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, MOUNT_ATTR_NODEV);
	syscall(442 /* mount_setattr */, mounted, "", AT_EMPTY_PATH, &attributes, sizeof(attributes));
	mkdir("tree", 0755);
	tree = syscall(SYS_open_tree, AT_FDCWD, "tree", OPEN_TREE_CLOEXEC);
	syscall(SYS_move_mount, -1, "", -1, "", MOVE_MOUNT_F_EMPTY_PATH);
	syscall(SYS_fspick, AT_FDCWD, "tree", FSPICK_NO_AUTOMOUNT);
	syscall(NR_listmount, &request, list, 8, 0);
	request.mnt_id = 1;
	syscall(NR_statmount, &request, list, sizeof(list), 0);
	close(tree);
	close(mounted);
	close(context);
}

static void locks(void)
{
	struct futex_waitv {
		uint64_t val, uaddr;
		uint32_t flags, reserved;
	} waits[2] = { { 0 } };
	uint32_t word = 5;
	struct timespec past = { 1, 0 };

	waits[0].val = 5;
	waits[0].uaddr = (uintptr_t)&word;
	waits[0].flags = 2;
	syscall(SYS_futex_waitv, waits, 1, 0, &past, CLOCK_MONOTONIC);
	syscall(NR_futex_wake, &word, 1, 1, 2);
	syscall(NR_futex_wait, &word, 6, 1, 2, NULL, 0);
	syscall(SYS_futex, &word, FUTEX_WAIT, 6, NULL);
	syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 5, &past);
	syscall(SYS_futex, &word, FUTEX_CMP_REQUEUE, 1, 2, &word, 5);
	syscall(SYS_futex, &word, FUTEX_WAKE_OP, 1, 1, &word, 0);
	syscall(SYS_futex, &word, 99, 0);
}

static void rules(void)
{
	struct landlock_ruleset_attr attributes = { .handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE };
	struct landlock_path_beneath_attr beneath = { .allowed_access = LANDLOCK_ACCESS_FS_EXECUTE };
	int rules = syscall(SYS_landlock_create_ruleset, &attributes, sizeof(attributes), 0);

	syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	beneath.parent_fd = open("/", O_PATH);
	syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
	close(beneath.parent_fd);
	close(rules);
}

static void others(void)
{
	struct { uint64_t offset, length; } range = { 0, 4096 };
	uint64_t statistics[5];
	struct sched_attr {
		uint32_t size, policy;
		uint64_t flags;
		int32_t nice;
		uint32_t priority;
		uint64_t runtime, deadline, period;
	} attr = { .size = 48 };
	void *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = open("modern", O_RDWR | O_CREAT, 0600);

	write(fd, "x", 1);
	syscall(NR_cachestat, fd, &range, statistics, 0);
	syscall(NR_map_shadow_stack, 0, 4096, 0);
	syscall(NR_lsm_get_self_attr, 100, NULL, statistics, 0);
	syscall(NR_lsm_list_modules, NULL, statistics, 0);
	syscall(NR_mseal, page, 4096, 0);
	syscall(NR_setxattrat, AT_FDCWD, "modern", 0, "user.x", NULL, 0);
	syscall(NR_getxattrat, AT_FDCWD, "modern", 0, "user.x", NULL, 0);
	syscall(NR_listxattrat, AT_FDCWD, "modern", 0, statistics, 8);
	syscall(NR_removexattrat, AT_FDCWD, "modern", 0, "user.x");
	syscall(SYS_sched_getattr, 0, &attr, sizeof(attr), 0);
	syscall(SYS_sched_setattr, 0, &attr, 0);
	syscall(SYS_memfd_secret, 0);
	syscall(SYS_bpf, 5, NULL, 0);
	syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0);
	syscall(SYS_seccomp, 2, 0, &(uint32_t){ 0x7fc00000 });
	syscall(SYS_rseq, NULL, 0, 0, 0);
	syscall(SYS_close_range, 90, 100, 4);
	syscall(9999, 1, 2, 3, 4, 5, 6);
	close(fd);
}

int main(void)
{
	rings();
	pidfds();
	mounts();
	locks();
	rules();
	others();
	return 0;
}
