// SPDX-License-Identifier: MIT
// Memory: maps, protection, advice, locks, and strings that end where a page ends.
#include <fcntl.h>
#include <linux/mempolicy.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { PAGE = 4096 };

static void maps(void)
{
	int fd = open("map", O_RDWR | O_CREAT, 0600);
	unsigned char resident[16];
	char *shared, *private, *moved;

	ftruncate(fd, 4 * PAGE);
	shared = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	private = mmap(NULL, 16 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	mmap(NULL, PAGE, PROT_READ, MAP_SHARED_VALIDATE, fd, PAGE);
	mmap(NULL, 0, PROT_READ, MAP_PRIVATE, fd, 0);
	mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, 999, 0);
	memcpy(shared, "text", 4);
	msync(shared, PAGE, MS_SYNC | MS_INVALIDATE);
	mprotect(private, PAGE, PROT_READ | PROT_WRITE);
	mprotect(private, PAGE, PROT_READ | PROT_EXEC);
	mprotect((void *)1, 1, PROT_READ);
	madvise(private, 16 * PAGE, MADV_HUGEPAGE);
	madvise(private, 16 * PAGE, MADV_DONTNEED);
	madvise(private, PAGE, 12345);
	mincore(shared, 4 * PAGE, resident);
	mlock(shared, PAGE);
	mlock2(shared, PAGE, MLOCK_ONFAULT);
	munlock(shared, PAGE);
	mlockall(MCL_FUTURE | MCL_ONFAULT);
	munlockall();
	moved = mremap(private, 16 * PAGE, 32 * PAGE, MREMAP_MAYMOVE);
	mremap(moved, 32 * PAGE, PAGE, 0);
	syscall(SYS_remap_file_pages, shared, PAGE, 0, 1, 0);
	munmap(shared, 4 * PAGE);
	munmap((void *)1, 1);
	brk(NULL);
	brk((char *)sbrk(0) + PAGE);
	close(fd);
}

static void numa(void)
{
	unsigned long nodes = 1;
	int mode;
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int status;

	*(char *)page = 1;
	syscall(SYS_get_mempolicy, &mode, &nodes, 64, NULL, 0);
	syscall(SYS_set_mempolicy, MPOL_DEFAULT, NULL, 0);
	syscall(SYS_mbind, page, PAGE, MPOL_BIND, &nodes, 64, MPOL_MF_MOVE);
	syscall(SYS_migrate_pages, 0, 64, &nodes, &nodes);
	syscall(SYS_move_pages, 0, 1, &page, NULL, &status, 0);
}

static void others(void)
{
	char here[32] = "read by the process itself", there[32];
	struct iovec local = { there, 20 }, remote = { here, 20 };

	process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
	process_vm_writev(getpid(), &local, 1, &remote, 1, 0);
	process_vm_readv(999999, &local, 1, &remote, 1, 0);
	syscall(SYS_pkey_alloc, 0, 0);
	syscall(SYS_pkey_mprotect, NULL, 0, PROT_READ, -1);
	syscall(SYS_pkey_free, 99);
	syscall(SYS_membarrier, 0, 0, 0);
	syscall(SYS_userfaultfd, O_CLOEXEC);
}

// The string's last byte is the page's last, and the page after it is not there.
static void edges(void)
{
	char *pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	static const char name[] = "/no/such/file";
	char *end = pages + PAGE;
	int fd = open("edge", O_RDWR | O_CREAT, 0600);

	munmap(end, PAGE);
	memcpy(end - sizeof(name), name, sizeof(name));
	open(end - sizeof(name), O_RDONLY);
	memset(end - 10, 'x', 10);
	open(end - 10, O_RDONLY);
	write(fd, end - 10, 10);
	write(fd, end - 10, 20);
	lseek(fd, 0, SEEK_SET);
	read(fd, end - 5, 100);
	writev(fd, (struct iovec *)(end - 8), 1);
	mprotect(pages, PAGE, PROT_NONE);
	open(pages, O_RDONLY);
	close(fd);
}

int main(void)
{
	maps();
	numa();
	others();
	edges();
	return 0;
}
