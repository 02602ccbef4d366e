// SPDX-License-Identifier: MIT
/* Requests to a disk, one at a time and each as large as it was asked for: direct, past all caches. */
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/loop.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "workload.h"

#define DISK_SIZE	(64L << 20)
#define ALIGNMENT	4096

/* A disk over a file without a name, which goes with the last descriptor. */
static int new_loop(const char *folder)
{
	struct loop_info64 info = { .lo_flags = LO_FLAGS_AUTOCLEAR };
	int control = open("/dev/loop-control", O_RDWR), file, disk;
	char path[64];

	if (control < 0)
		die("loop-control");
	snprintf(path, sizeof(path), "/dev/loop%d", ioctl(control, LOOP_CTL_GET_FREE));
	disk = open(path, O_RDWR | O_DIRECT);
	file = open(folder, O_RDWR | O_TMPFILE, 0600);
	if (disk < 0 || file < 0 || ftruncate(file, DISK_SIZE))
		die(path);
	if (ioctl(disk, LOOP_SET_FD, file) || ioctl(disk, LOOP_SET_STATUS64, &info))
		die("loop");
	close(file);
	close(control);
	return disk;
}

static int open_disk(const char *path)
{
	struct stat st;
	int disk = stat(path, &st) || !S_ISDIR(st.st_mode) ? open(path, O_RDWR | O_DIRECT) : new_loop(path);

	if (disk < 0 || fstat(disk, &st))
		die(path);
	printf("disk %u %d\n", major(st.st_rdev) << 20 | minor(st.st_rdev), getpid());
	return disk;
}

static void discard(int disk, long from, long size)
{
	uint64_t range[2] = { (uint64_t)from, (uint64_t)size };

	if (ioctl(disk, BLKDISCARD, range))
		die("BLKDISCARD");
}

static void once(int disk, const char *what, void *buffer, long size, long at)
{
	long done = size;

	if (!strcmp(what, "read"))
		done = pread(disk, buffer, (size_t)size, at);
	else if (!strcmp(what, "write"))
		done = pwrite(disk, buffer, (size_t)size, at);
	else if (!strcmp(what, "flush"))
		done = fsync(disk) ? -1 : size;
	else if (!strcmp(what, "discard"))
		discard(disk, at, size);
	else
		die("no such request");
	if (done != size)
		printf("failed %s\n", what);
}

/*
 * disk PATH (WHAT N BYTES)...: N requests of each kind, the first at the begin of the disk and each behind the one before.
 * PATH is a disk, or a folder: then a disk is made there for the time. "disk DEV PID", "done WHAT N BYTES NS" of each kind.
 */
static int run_disk(int argc, char **argv)
{
	int disk = open_disk(argv[1]);

	for (int i = 2; i + 2 < argc; i += 3) {
		long n = number(argv[i + 1]), size = number(argv[i + 2]);
		uint64_t begin = now_ns();
		void *buffer;

		if (posix_memalign(&buffer, ALIGNMENT, (size_t)size + ALIGNMENT))
			die("memory");
		memset(buffer, 1, (size_t)size);
		for (long k = 0; k < n; k++)
			once(disk, argv[i], buffer, size, k * size);
		free(buffer);
		printf("done %s %ld %ld %llu\n", argv[i], n, size, (unsigned long long)(now_ns() - begin));
	}
	close(disk);
	return 0;
}

const struct command disk_commands[] = {
	{ "disk", "PATH (read|write|flush|discard N BYTES)...", run_disk },
	{ 0 },
};
