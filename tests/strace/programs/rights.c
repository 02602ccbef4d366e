// SPDX-License-Identifier: MIT
// Users, groups, capabilities, keys, and what the machine tells about itself.
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <stdint.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <grp.h>
#include <unistd.h>

static void users(void)
{
	uid_t r, e, s;
	gid_t list[32] = { 0, 4, 20, 70000 };

	syscall(SYS_setgroups, 4, list);
	syscall(SYS_getgroups, 32, list);
	syscall(SYS_getgroups, 0, NULL);
	getresuid(&r, &e, &s);
	getresgid(&r, &e, &s);
	setfsuid(0);
	setfsgid(0);
	syscall(SYS_setregid, 3, 4);
	syscall(SYS_setresgid, -1, 5, -1);
	syscall(SYS_setgid, 6);
	syscall(SYS_setreuid, -1, 65534);
	syscall(SYS_setresuid, -1, 0, -1);
	syscall(SYS_setuid, 65534);
	syscall(SYS_setuid, 0);
	getuid();
	geteuid();
	getgid();
	getegid();
}

static void capabilities(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];

	syscall(SYS_capget, &header, data);
	syscall(SYS_capset, &header, data);
	header.version = 1;
	syscall(SYS_capget, &header, NULL);
}

static void keys(void)
{
	long key = syscall(SYS_add_key, "user", "na\"me", "pay\0load", 8, KEY_SPEC_PROCESS_KEYRING);
	char buffer[100];

	syscall(SYS_request_key, "user", "none such", NULL, KEY_SPEC_PROCESS_KEYRING);
	syscall(SYS_keyctl, KEYCTL_DESCRIBE, key, buffer, sizeof(buffer));
	syscall(SYS_keyctl, KEYCTL_READ, key, buffer, sizeof(buffer));
	syscall(SYS_keyctl, KEYCTL_REVOKE, key);
}

static void machine(void)
{
	struct utsname name;
	struct sysinfo info;
	uint64_t bytes[4];
	char log[100];

	uname(&name);
	sysinfo(&info);
	getrandom(bytes, sizeof(bytes), GRND_NONBLOCK);
	syscall(SYS_getrandom, NULL, 5, 0);
	syscall(SYS_syslog, 10, NULL, 0);
	syscall(SYS_syslog, 3, log, sizeof(log));
	syscall(SYS_sysfs, 3);
	syscall(SYS_ustat, 0, log);
}

int main(void)
{
	machine();
	keys();
	capabilities();
	if (fork() == 0) {
		users();
		_exit(0);
	}
	wait(NULL);
	return 0;
}
