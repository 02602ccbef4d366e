/* SPDX-License-Identifier: MIT */
/* meaning.c: numbers as the words that the man pages use for them. */
#include "catalogue/meaning.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "traceleft.h"

/* From the kernel's linux/errno.h: a tracer sees them where a signal ended a call. */
static const struct {
	int number;
	const char *name;
} kernel_errnos[] = {
	{ 512, "ERESTARTSYS" },		{ 513, "ERESTARTNOINTR" },
	{ 514, "ERESTARTNOHAND" },	{ 515, "ENOIOCTLCMD" },
	{ 516, "ERESTART_RESTARTBLOCK" }, { 517, "EPROBE_DEFER" },
	{ 518, "EOPENSTALE" },		{ 519, "ENOPARAM" },
	{ 521, "EBADHANDLE" },		{ 522, "ENOTSYNC" },
	{ 523, "EBADCOOKIE" },		{ 524, "ENOTSUPP" },
	{ 525, "ETOOSMALL" },		{ 526, "ESERVERFAULT" },
	{ 527, "EBADTYPE" },		{ 528, "EJUKEBOX" },
	{ 529, "EIOCBQUEUED" },		{ 530, "ERECALLCONFLICT" },
	{ 531, "ENOGRACE" },
};

const char *tl_errno_name(int number)
{
	if (number <= 0)
		return NULL;
	for (size_t i = 0; i < sizeof(kernel_errnos) / sizeof(*kernel_errnos); i++) {
		if (kernel_errnos[i].number == number)
			return kernel_errnos[i].name;
	}
	return strerrorname_np(number);
}

const char *tl_errno_text(int number)
{
	return number > 0 ? strerrordesc_np(number) : NULL;
}

/* Text under construction; `used` goes on counting when the room is full, as snprintf does. */
struct text {
	char *buf;
	size_t size;
	size_t used;
};

__attribute__((format(printf, 2, 3)))
static void add(struct text *text, const char *fmt, ...)
{
	size_t at = text->used < text->size ? text->used : text->size;
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(at < text->size ? text->buf + at : NULL, text->size - at, fmt, args);
	va_end(args);
	if (n > 0)
		text->used += (size_t)n;
}

static const char *bar(const struct text *text)
{
	return text->used ? "|" : "";
}

/* An int may have come as 32 bits or extended to 64. */
static uint64_t narrow(uint64_t number)
{
	bool extended = number >> 31 == UINT64_MAX >> 31;

	return extended ? (uint32_t)number : number;
}

static const char *constant_name(const struct tl_domain *domain, uint64_t number)
{
	for (size_t i = 0; i < domain->n; i++) {
		if (narrow(domain->constants[i].value) == number)
			return domain->constants[i].name;
	}
	return NULL;
}

static void add_flags(struct text *text, const struct tl_domain *domain, uint64_t number)
{
	uint64_t rest = number;
	const char *name = domain->mask ? constant_name(domain, number & domain->mask) : NULL;

	if (name) {
		add(text, "%s", name);
		rest &= ~domain->mask;
	}
	for (size_t i = 0; i < domain->n; i++) {
		uint64_t value = narrow(domain->constants[i].value);

		if (!value || (value & ~domain->mask) == 0 || (rest & value) != value)
			continue;
		add(text, "%s%s", bar(text), domain->constants[i].name);
		rest &= ~value;
	}
	if (rest)
		add(text, "%s0x%" PRIx64, bar(text), rest);
	if (!text->used) {
		name = constant_name(domain, 0);
		add(text, "%s", name ? name : "0");
	}
}

int tl_domain_text(const struct tl_domain *domain, uint64_t number, char *buf, size_t size)
{
	struct text text = { .buf = buf, .size = size };
	const char *name;

	number = narrow(number);
	if (domain->flags) {
		add_flags(&text, domain, number);
		return (int)text.used;
	}
	name = constant_name(domain, number);
	return name ? snprintf(buf, size, "%s", name) : 0;
}

static int named_text(const char *name, bool flags, uint64_t number, char *buf, size_t size)
{
	for (size_t i = 0; i < tl_n_domains; i++) {
		if (tl_domains[i].flags == flags && strcmp(tl_domains[i].name, name) == 0)
			return tl_domain_text(tl_domain_named(&tl_domains[i]), number, buf, size);
	}
	return 0;
}

/* Both signs: a system call's result is minus an errno, SO_ERROR is one. */
static int error_text(uint64_t number, char *buf, size_t size)
{
	uint32_t low = (uint32_t)number;
	int64_t error = number == low ? (int32_t)low : (int64_t)number;
	const char *name;

	if (error < -TL_ERRNO_MAX || error > TL_ERRNO_MAX)
		return 0;
	name = tl_errno_name((int)(error < 0 ? -error : error));
	return name ? snprintf(buf, size, "%s", name) : 0;
}

#define SIGNALS_MAX	64
#define REALTIME_FIRST	32	/* SIGRTMIN of the kernel; the C library's begins later */

/* The headers have no names for those from REALTIME_FIRST on; these are strace's. */
static int signal_text(uint64_t number, char *buf, size_t size)
{
	int n;

	if (number == REALTIME_FIRST)
		return snprintf(buf, size, "SIGRTMIN");
	if (number > REALTIME_FIRST && number <= SIGNALS_MAX)
		return snprintf(buf, size, "SIGRT_%" PRIu64, number - REALTIME_FIRST);
	n = named_text("signal", false, number, buf, size);
	return n ? n : snprintf(buf, size, "%" PRIu64, number);
}

/* As wait4() tells it, in the words of strace. */
static int wait_status_text(uint64_t number, char *buf, size_t size)
{
	unsigned int status = (unsigned int)number;
	char signal[32];

	if (status == 0xffff)
		return snprintf(buf, size, "WIFCONTINUED(s)");
	if ((status & 0x7f) == 0)
		return snprintf(buf, size, "WIFEXITED(s) && WEXITSTATUS(s) == %u", status >> 8 & 0xff);
	if ((status & 0xff) == 0x7f) {
		signal_text(status >> 8 & 0xff, signal, sizeof(signal));
		return snprintf(buf, size, "WIFSTOPPED(s) && WSTOPSIG(s) == %s", signal);
	}
	signal_text(status & 0x7f, signal, sizeof(signal));
	return snprintf(buf, size, "WIFSIGNALED(s) && WTERMSIG(s) == %s%s", signal,
			status & 0x80 ? " && WCOREDUMP(s)" : "");
}

/* Permissions alone are a number, 022; with a file's type the rest is in words too, as strace has it. */
static int mode_text(uint64_t mode, char *buf, size_t size)
{
	static const struct {
		mode_t bits;
		const char *name;
	} types[] = {
		{ S_IFREG, "S_IFREG" }, { S_IFDIR, "S_IFDIR" }, { S_IFLNK, "S_IFLNK" },
		{ S_IFCHR, "S_IFCHR" }, { S_IFBLK, "S_IFBLK" }, { S_IFIFO, "S_IFIFO" },
		{ S_IFSOCK, "S_IFSOCK" },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if ((mode & ~(uint64_t)07777) != types[i].bits)
			continue;
		return snprintf(buf, size, "%s%s%s%s|%#03o", types[i].name,
				mode & S_ISUID ? "|S_ISUID" : "", mode & S_ISGID ? "|S_ISGID" : "",
				mode & S_ISVTX ? "|S_ISVTX" : "", (unsigned int)mode & 0777);
	}
	return snprintf(buf, size, "%#03" PRIo64, mode);
}

static void add_signal(struct text *text, unsigned int signal, bool first)
{
	char name[32];

	signal_text(signal, name, sizeof(name));
	add(text, "%s%s", first ? "" : " ", strncmp(name, "SIG", 3) == 0 ? name + 3 : name);
}

/* "[INT TERM]"; of two thirds of them or more those that are missing: "~[KILL STOP]". */
static int sigset_text(uint64_t set, char *buf, size_t size)
{
	struct text text = { .buf = buf, .size = size };
	bool negated = __builtin_popcountll(set) >= SIGNALS_MAX * 2 / 3;
	bool first = true;

	add(&text, "%s[", negated ? "~" : "");
	set = negated ? ~set : set;
	for (unsigned int signal = 1; signal <= SIGNALS_MAX; signal++) {
		if (!(set >> (signal - 1) & 1))
			continue;
		add_signal(&text, signal, first);
		first = false;
	}
	add(&text, "]");
	return (int)text.used;
}

static int time_text(uint64_t number, const char *unit, int64_t ns, char *buf, size_t size)
{
	int64_t time = (int64_t)number, seconds = time / 1000000000, rest = time % 1000000000;

	if (rest < 0) {
		rest += 1000000000;
		seconds--;
	}
	return snprintf(buf, size, "{tv_sec=%" PRId64 ", tv_%s=%" PRId64 "}", seconds, unit, rest / ns);
}

int tl_meaning_text(const char *meaning, uint64_t number, char *buf, size_t size)
{
	if (size)
		buf[0] = '\0';
	if (strncmp(meaning, "flags:", 6) == 0)
		return named_text(meaning + 6, true, number, buf, size);
	if (strcmp(meaning, "enum:signal") == 0 && number >= REALTIME_FIRST && number <= SIGNALS_MAX)
		return signal_text(number, buf, size);
	if (strncmp(meaning, "enum:", 5) == 0)
		return named_text(meaning + 5, false, number, buf, size);
	if (strcmp(meaning, "mode") == 0)
		return mode_text(number, buf, size);
	if (strcmp(meaning, "hex") == 0)
		return snprintf(buf, size, number ? "0x%" PRIx64 : "%" PRIx64, number);
	if (strcmp(meaning, "dev") == 0)
		return snprintf(buf, size, "%" PRIu64 ":%" PRIu64, number >> 20, number & 0xfffff);
	if (strcmp(meaning, "ptr") == 0)
		return number ? snprintf(buf, size, "0x%" PRIx64, number) : snprintf(buf, size, "NULL");
	if (strcmp(meaning, "timespec") == 0)
		return time_text(number, "nsec", 1, buf, size);
	if (strcmp(meaning, "timeval") == 0)
		return time_text(number, "usec", 1000, buf, size);
	if (strcmp(meaning, "sigset") == 0)
		return sigset_text(number, buf, size);
	if (strcmp(meaning, "wait_status") == 0)
		return wait_status_text(number, buf, size);
	if (strcmp(meaning, "error") == 0)
		return error_text(number, buf, size);
	if (strcmp(meaning, "fd") == 0 || strcmp(meaning, "dirfd") == 0)
		return narrow(number) == (uint32_t)AT_FDCWD ? snprintf(buf, size, "AT_FDCWD") : 0;
	return 0;
}
