// SPDX-License-Identifier: MIT
// Namespaces: mounts of its own, a bind mount, an overlay, a chroot, a new root, a pid namespace.
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void use(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT, 0600);

	write(fd, path, strlen(path));
	fsync(fd);
	close(fd);
}

static void in_new_pids(void)
{
	if (fork() == 0) {
		pid_t pid = fork();

		if (pid == 0) {
			getpid();
			getppid();
			_exit(4);
		}
		waitpid(pid, NULL, 0);
		kill(1, 0);
		_exit(0);
	}
	wait(NULL);
}

static void in_new_root(void)
{
	mkdir("new", 0755);
	mount("tmpfs", "new", "tmpfs", MS_NOSUID, "size=1m");
	mkdir("new/old", 0755);
	syscall(SYS_pivot_root, "new", "new/old");
	chdir("/");
	use("/in the new root");
	umount2("/old", MNT_DETACH);
	use("/alone");
}

int main(void)
{
	int outside;

	if (unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWIPC) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return 1;
	sethostname("na\"me", 5);
	setdomainname("do<m>ain", 8);
	mkdir("lower", 0755);
	mkdir("upper", 0755);
	mkdir("work", 0755);
	mkdir("merged", 0755);
	mkdir("bound", 0755);
	use("lower/file");
	mount("lower", "bound", NULL, MS_BIND, NULL);
	use("bound/file");
	mount("overlay", "merged", "overlay", 0, "lowerdir=lower,upperdir=upper,workdir=work");
	use("merged/file");
	outside = open("merged", O_RDONLY | O_DIRECTORY);
	in_new_pids();
	if (fork() == 0) {
		chroot("bound");
		chdir("/");
		use("/in the chroot");
		close(openat(outside, "file", O_RDONLY));
		_exit(0);
	}
	wait(NULL);
	setns(outside, 0);
	umount("merged");
	in_new_root();
	return 0;
}
