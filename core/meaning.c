/* SPDX-License-Identifier: MIT */
/* meaning.c: numbers as the words that the man pages use for them. */
#include "meaning.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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
			return tl_domain_text(&tl_domains[i], number, buf, size);
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

int tl_meaning_text(const char *meaning, uint64_t number, char *buf, size_t size)
{
	if (size)
		buf[0] = '\0';
	if (strncmp(meaning, "flags:", 6) == 0)
		return named_text(meaning + 6, true, number, buf, size);
	if (strncmp(meaning, "enum:", 5) == 0)
		return named_text(meaning + 5, false, number, buf, size);
	if (strcmp(meaning, "mode") == 0)
		return snprintf(buf, size, "0%03" PRIo64, number);
	if (strcmp(meaning, "dev") == 0)
		return snprintf(buf, size, "%" PRIu64 ":%" PRIu64, number >> 20, number & 0xfffff);
	if (strcmp(meaning, "error") == 0)
		return error_text(number, buf, size);
	if (strcmp(meaning, "fd") == 0 || strcmp(meaning, "dirfd") == 0)
		return narrow(number) == (uint32_t)AT_FDCWD ? snprintf(buf, size, "AT_FDCWD") : 0;
	return 0;
}
