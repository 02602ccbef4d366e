// SPDX-License-Identifier: MIT
// Everything that is done with files and folders, beneath the working directory.
#include <dirent.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utime.h>

static const char hostile[] = "it's \"a\" <b>\n\t\\c\001\377";

static void names(void)
{
	int dir = open(".", O_RDONLY | O_DIRECTORY);
	char target[64];

	mkdir("made", 0750);
	mkdirat(dir, hostile, 0700);
	chdir(hostile);
	close(creat(hostile, 0640));
	getcwd(target, sizeof(target));
	chdir("..");
	fchdir(dir);
	close(openat(dir, "one", O_RDWR | O_CREAT | O_EXCL, 0644));
	syscall(SYS_open, "one", O_WRONLY | O_APPEND, 0);
	link("one", "two");
	linkat(dir, "one", dir, "three", 0);
	symlink("one", "sym");
	symlinkat(hostile, dir, "sym2");
	readlink("sym", target, sizeof(target));
	readlinkat(dir, "sym2", target, 4);
	readlink("one", target, sizeof(target));
	rename("two", "four");
	renameat(dir, "four", dir, "five");
	syscall(SYS_renameat2, dir, "five", dir, "three", 2 /* RENAME_EXCHANGE */);
	syscall(SYS_renameat2, dir, "five", AT_FDCWD, "six", 1 /* RENAME_NOREPLACE */);
	unlink("six");
	unlinkat(dir, "three", 0);
	rmdir("made");
	rmdir("made");
	mkdir("gone", 0777);
	unlinkat(dir, "gone", AT_REMOVEDIR);
	mknod("fifo", S_IFIFO | 0600, 0);
	mknodat(dir, "null", S_IFCHR | 0666, makedev(1, 3));
	mknodat(dir, "big", S_IFBLK | 0600, makedev(259, 70000));
	access("one", R_OK | W_OK);
	faccessat(dir, "nothing", X_OK, 0);
	syscall(SYS_faccessat2, dir, "one", F_OK, AT_EACCESS);
	umask(027);
	umask(022);
	truncate("one", 5000);
	close(dir);
}

static void attributes(void)
{
	int fd = open("attributes", O_RDWR | O_CREAT | O_TRUNC, 0600);
	struct timespec times[2] = { { 1, 2 }, { 0, UTIME_OMIT } };
	struct timeval tv[2] = { { 10, 20 }, { 30, 40 } };
	struct utimbuf old = { 100, 200 };
	struct stat st;
	struct statfs fs;
	struct statx stx;
	char value[64];

	chmod("attributes", 0604);
	fchmod(fd, S_ISUID | 0755);
	fchmodat(AT_FDCWD, "attributes", 01777, 0);
	syscall(452 /* fchmodat2 */, AT_FDCWD, "attributes", 0644, AT_SYMLINK_NOFOLLOW);
	chown("attributes", 1, 2);
	fchown(fd, -1, 3);
	lchown("sym", 4, -1);
	fchownat(AT_FDCWD, "attributes", 0, 0, AT_SYMLINK_NOFOLLOW);
	utimensat(AT_FDCWD, "attributes", times, AT_SYMLINK_NOFOLLOW);
	futimens(fd, NULL);
	syscall(SYS_utimes, "attributes", tv);
	syscall(SYS_utime, "attributes", &old);
	syscall(SYS_futimesat, AT_FDCWD, "attributes", tv);
	syscall(SYS_stat, "attributes", &st);
	syscall(SYS_lstat, "sym", &st);
	syscall(SYS_fstat, fd, &st);
	syscall(SYS_stat, "null", &st);
	syscall(SYS_stat, "big", &st);
	fstatat(AT_FDCWD, "nothing", &st, AT_SYMLINK_NOFOLLOW);
	statx(AT_FDCWD, "attributes", AT_STATX_FORCE_SYNC, STATX_BASIC_STATS | STATX_BTIME, &stx);
	statx(fd, "", AT_EMPTY_PATH, STATX_SIZE, &stx);
	statfs(".", &fs);
	fstatfs(fd, &fs);
	statfs("/proc", &fs);
	setxattr("attributes", "user.one", "va\"lue\0x", 8, XATTR_CREATE);
	fsetxattr(fd, "user.two", "", 0, 0);
	lsetxattr("sym", "trusted.x", "y", 1, 0);
	getxattr("attributes", "user.one", value, sizeof(value));
	lgetxattr("attributes", "user.one", NULL, 0);
	fgetxattr(fd, "user.none", value, sizeof(value));
	listxattr("attributes", value, sizeof(value));
	llistxattr("attributes", value, 0);
	flistxattr(fd, value, sizeof(value));
	removexattr("attributes", "user.one");
	lremovexattr("attributes", "user.one");
	fremovexattr(fd, "user.two");
	close(fd);
}

static void contents(void)
{
	int fd = open("contents", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int copy = open("copy", O_RDWR | O_CREAT | O_TRUNC | O_SYNC, 0600);
	int ends[2], other[2];
	char a[10] = "", b[300] = "";
	struct iovec both[2] = { { a, sizeof(a) }, { b, sizeof(b) } };
	struct iovec out[3] = { { "first\n", 6 }, { NULL, 0 }, { "sec\0ond", 7 } };
	loff_t in = 3, to = 5;

	writev(fd, out, 3);
	memset(b, 'b', sizeof(b));
	write(fd, b, sizeof(b));
	write(fd, "", 0);
	pwrite(fd, "\n\r\"\\", 4, 2);
	pwritev(fd, out, 3, 1000);
	pwritev2(fd, out, 1, -1, RWF_APPEND);
	lseek(fd, 0, SEEK_SET);
	readv(fd, both, 2);
	read(fd, a, 3);
	read(fd, a, 0);
	pread(fd, b, 20, 4);
	preadv(fd, both, 2, 8);
	preadv2(fd, both, 2, 0, RWF_HIPRI);
	lseek(fd, 10, SEEK_DATA);
	lseek(fd, -1, SEEK_SET);
	ftruncate(fd, 4096);
	fallocate(fd, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, 0, 1024);
	posix_fadvise(fd, 0, 100, POSIX_FADV_RANDOM);
	readahead(fd, 0, 4096);
	sync_file_range(fd, 0, 4096, SYNC_FILE_RANGE_WRITE);
	fsync(fd);
	fdatasync(fd);
	syncfs(fd);
	flock(fd, LOCK_EX | LOCK_NB);
	flock(fd, LOCK_UN);
	sendfile(copy, fd, NULL, 100);
	sendfile(copy, fd, &in, 10);
	in = 3;
	copy_file_range(fd, &in, copy, &to, 50, 0);
	copy_file_range(fd, NULL, copy, NULL, 5, 0);
	pipe(ends);
	pipe2(other, O_NONBLOCK | O_CLOEXEC);
	in = 0;
	splice(fd, &in, ends[1], NULL, 64, SPLICE_F_MOVE);
	tee(ends[0], other[1], 32, 0);
	vmsplice(ends[1], out, 1, SPLICE_F_GIFT);
	splice(ends[0], NULL, copy, NULL, 64, 0);
	read(other[0], b, sizeof(b));
	read(other[0], b, sizeof(b));
	close(other[1]);
	read(other[0], b, sizeof(b));
	close(fd);
	close(fd);
	close(copy);
}

static void descriptors(void)
{
	int fd = open("/dev/null", O_RDWR), deleted, memory, path, temporary;
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 10, .l_len = 20 };
	struct f_owner_ex owner = { F_OWNER_PID, getpid() };
	struct open_how how = { .flags = O_RDONLY | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH };
	int bytes;

	dup(fd);
	dup2(fd, 50);
	dup2(50, 50);
	dup3(fd, 51, O_CLOEXEC);
	dup3(fd, fd, 0);
	fcntl(fd, F_DUPFD, 60);
	fcntl(fd, F_DUPFD_CLOEXEC, 61);
	fcntl(fd, F_GETFD);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_GETFL);
	fcntl(fd, F_SETFL, O_NONBLOCK | O_APPEND);
	deleted = open("deleted", O_RDWR | O_CREAT, 0600);
	fcntl(deleted, F_SETLK, &lock);
	fcntl(deleted, F_GETLK, &lock);
	fcntl(deleted, F_OFD_SETLK, &lock);
	fcntl(deleted, F_SETOWN, getpid());
	fcntl(deleted, F_GETOWN);
	fcntl(deleted, F_SETOWN_EX, &owner);
	fcntl(deleted, F_SETLEASE, F_WRLCK);
	fcntl(deleted, F_GETLEASE);
	fcntl(deleted, 9999, 1);
	unlink("deleted");
	write(deleted, "x", 1);
	memory = memfd_create("mem<o>ry", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	write(memory, "y", 1);
	fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_SEAL);
	fcntl(memory, F_GET_SEALS);
	path = open("..", O_PATH | O_DIRECTORY);
	temporary = open(".", O_TMPFILE | O_RDWR, 0600);
	write(temporary, "z", 1);
	syscall(SYS_openat2, path, "one", &how, sizeof(how));
	syscall(SYS_openat2, AT_FDCWD, "one", &how, sizeof(how));
	ioctl(fd, FIONREAD, &bytes);
	ioctl(deleted, FIONREAD, &bytes);
	ioctl(deleted, FIOCLEX);
	syscall(436 /* close_range */, 60, 70, 0);
	close(path);
	close(memory);
	close(deleted);
}

static void folders(void)
{
	char buffer[1024];
	int dir = open("/proc/self/task", O_RDONLY | O_DIRECTORY);
	struct {
		struct file_handle handle;
		unsigned char room[128];
	} handle = { .handle.handle_bytes = 128 };
	int mount;

	while (syscall(SYS_getdents64, dir, buffer, sizeof(buffer)) > 0) {}
	lseek(dir, 0, SEEK_SET);
	syscall(SYS_getdents, dir, buffer, sizeof(buffer));
	close(dir);
	name_to_handle_at(AT_FDCWD, "one", &handle.handle, &mount, 0);
	dir = open(".", O_RDONLY);
	close(open_by_handle_at(dir, &handle.handle, O_RDONLY));
	close(dir);
}

// 200 folders one in the other, and a name of 255 bytes.
static void deep(void)
{
	char name[256];
	int i, fd;

	memset(name, 'n', 255);
	name[255] = 0;
	fd = open(name, O_WRONLY | O_CREAT, 0600);
	write(fd, "n", 1);
	close(fd);
	for (i = 0; i < 200; i++) {
		mkdir("deep", 0700);
		chdir("deep");
	}
	fd = open("end", O_WRONLY | O_CREAT, 0600);
	write(fd, "e", 1);
	close(fd);
}

int main(void)
{
	names();
	attributes();
	contents();
	descriptors();
	folders();
	deep();
	return 0;
}
