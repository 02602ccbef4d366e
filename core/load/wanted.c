// SPDX-License-Identifier: MIT
#include "load/wanted.h"

#include <errno.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load/raw_btf.h"

/* Relocations as clang numbers their kinds: the first are about fields, then types, the last about values of enums. */
enum { FIELD_EXISTS = 2, FIELD_LAST = 5, TYPE_ID_LOCAL = 6, TYPE_EXISTS = 8, TYPE_SIZE = 9, VALUE_EXISTS = 10, KIND_LAST = 11 };

struct relocation {
	uint32_t insn, type, access, kind;
};

/* The head of .BTF.ext, as far as it is needed here. */
struct ext_head {
	uint16_t magic;
	uint8_t version, flags;
	uint32_t size, func_at, func_size, line_at, line_size, core_at, core_size;
};

struct reading {
	struct tl_wanted *wanted;
	struct tl_btf btf;		/* that of the file */
	char *seen;			/* by type: SEEN, NEEDED: as what its name is among the wanted */
};

enum { SEEN = 1, NEEDED = 2 };

static int add(struct tl_wanted *wanted, const char *prefix, const char *name, size_t len, bool needed)
{
	struct tl_name *names;
	char *text;

	if (!(wanted->n & (wanted->n + 1))) {
		names = realloc(wanted->names, 2 * (wanted->n + 1) * sizeof(*names));
		if (!names)
			return -ENOMEM;
		wanted->names = names;
	}
	if (asprintf(&text, "%s%.*s", prefix, (int)len, name) < 0)
		return -ENOMEM;
	wanted->names[wanted->n++] = (struct tl_name){ .text = text, .needed = needed };
	return 0;
}

/* ---- relocations ------------------------------------------------------------------------------- */

/* What libbpf compares: without the last three underscores and what follows. */
static size_t essential(const char *name)
{
	for (size_t i = strlen(name); i-- > 0;)
		if (i && name[i - 1] != '_' && !strncmp(name + i, "___", 3) && name[i + 3] && name[i + 3] != '_')
			return i;
	return strlen(name);
}

/* Pointers and functions are compared down to what they point to, which is not kept. */
static bool is_plain(const struct tl_btf *btf, uint32_t number)
{
	const struct btf_type *type = tl_btf_type(btf, number);

	for (int depth = 0; type && depth < 32; depth++) {
		switch (BTF_INFO_KIND(type->info)) {
		case BTF_KIND_TYPEDEF: case BTF_KIND_CONST: case BTF_KIND_VOLATILE: case BTF_KIND_RESTRICT:
			type = tl_btf_type(btf, type->type);
			break;
		case BTF_KIND_STRUCT: case BTF_KIND_UNION: case BTF_KIND_ENUM: case BTF_KIND_ENUM64:
		case BTF_KIND_INT: case BTF_KIND_FLOAT: case BTF_KIND_FWD:
			return true;
		default:
			return false;
		}
	}
	return false;
}

/* Whether names, and the types that have them, answer that relocation. */
static bool is_known(const struct reading *r, const struct relocation *reloc, const char *name)
{
	bool type = reloc->kind == TYPE_EXISTS || reloc->kind == TYPE_SIZE;

	return *name && reloc->kind <= KIND_LAST && (reloc->kind <= FIELD_LAST || type || reloc->kind >= VALUE_EXISTS) &&
	       (!type || is_plain(&r->btf, reloc->type));
}

static int add_relocation(struct reading *r, const struct relocation *reloc)
{
	const struct btf_type *type = tl_btf_type(&r->btf, reloc->type);
	const char *name = type ? tl_btf_string(&r->btf, type->name_off) : "";
	bool needed = reloc->kind != FIELD_EXISTS && reloc->kind != TYPE_EXISTS && reloc->kind != VALUE_EXISTS;
	char seen = needed ? NEEDED : SEEN;

	if (reloc->kind == TYPE_ID_LOCAL)
		return 0;
	if (!is_known(r, reloc, name))
		r->wanted->all = true;
	if (r->wanted->all || r->seen[reloc->type] & seen)
		return 0;
	r->seen[reloc->type] |= seen;
	return add(r->wanted, "", name, essential(name), needed);
}

/* The relocations of one code section, which begin with its name and their number. Returns how many bytes they are. */
static int64_t add_section(struct reading *r, const char *at, size_t size, uint32_t entry)
{
	uint32_t head[2];
	struct relocation reloc;

	if (size < sizeof(head))
		return -EBADMSG;
	memcpy(head, at, sizeof(head));
	if (head[1] > (size - sizeof(head)) / entry)
		return -EBADMSG;
	for (uint32_t i = 0; i < head[1]; i++) {
		int ret;

		memcpy(&reloc, at + sizeof(head) + (size_t)i * entry, sizeof(reloc));
		ret = add_relocation(r, &reloc);
		if (ret)
			return ret;
	}
	return (int64_t)(sizeof(head) + (size_t)head[1] * entry);
}

static int add_relocations(struct reading *r, const char *ext, size_t size)
{
	struct ext_head head;
	uint32_t entry;
	uint64_t at, end;

	if (size < sizeof(head))
		return -EBADMSG;
	memcpy(&head, ext, sizeof(head));
	at = (uint64_t)head.size + head.core_at;
	end = at + head.core_size;
	if (head.magic != BTF_MAGIC || head.size < sizeof(head) || end > size)
		return -EBADMSG;
	if (head.core_size < sizeof(entry))
		return 0;
	memcpy(&entry, ext + at, sizeof(entry));
	if (entry < sizeof(struct relocation))
		return -EBADMSG;
	for (at += sizeof(entry); at < end;) {
		int64_t n = add_section(r, ext + at, end - at, entry);

		if (n < 0)
			return (int)n;
		at += (uint64_t)n;
	}
	return 0;
}

static int read_relocations(struct tl_wanted *wanted, const struct tl_image *image)
{
	struct reading r = { .wanted = wanted };
	size_t size = 0, ext_size = 0;
	const void *types = tl_image_section(image, ".BTF", &size), *ext = tl_image_section(image, ".BTF.ext", &ext_size);
	int ret;

	if (!types || !ext)
		return 0;
	ret = tl_btf_view(&r.btf, types, size);
	if (!ret)
		ret = tl_btf_index(&r.btf);
	if (!ret && !(r.seen = calloc(r.btf.n + 1, sizeof(*r.seen))))
		ret = -ENOMEM;
	if (!ret)
		ret = add_relocations(&r, ext, ext_size);
	free(r.seen);
	tl_btf_close(&r.btf);
	return ret;
}

/* ---- hooks ------------------------------------------------------------------------------------- */

/* Sections whose programs are attached to a type, and what stands before its name. */
static const struct {
	const char *section, *prefix;
} hooks[] = {
	{ "tp_btf/", "btf_trace_" }, { "iter/", "bpf_iter_" }, { "iter.s/", "bpf_iter_" }, { "lsm/", "bpf_lsm_" },
	{ "lsm.s/", "bpf_lsm_" }, { "fentry/", "" }, { "fentry.s/", "" }, { "fexit/", "" }, { "fexit.s/", "" },
	{ "fmod_ret/", "" }, { "fmod_ret.s/", "" },
};

/* Sections for which libbpf does nothing with the kernel's types. */
static const char *const others[] = { "tracepoint/", "tp/", "raw_tp/", "raw_tracepoint/", "kprobe/", "kretprobe/",
				      "uprobe/", "uretprobe/", "usdt/", "perf_event", ".text" };

static int add_hook(struct tl_wanted *wanted, const char *section)
{
	for (size_t i = 0; i < sizeof(hooks) / sizeof(*hooks); i++) {
		size_t len = strlen(hooks[i].section);

		if (!strncmp(section, hooks[i].section, len))
			return add(wanted, hooks[i].prefix, section + len, strlen(section + len), false);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (!strncmp(section, others[i], strlen(others[i])))
			return 0;
	wanted->all = true;
	return 0;
}

static int read_hooks(struct tl_wanted *wanted, const struct tl_image *image)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	int ret = 0;

	while (!ret && (section = elf_nextscn(image->elf, section))) {
		const char *name = gelf_getshdr(section, &header) ? elf_strptr(image->elf, image->names, header.sh_name) : NULL;

		if (name && header.sh_flags & SHF_EXECINSTR)
			ret = add_hook(wanted, name);
	}
	return ret;
}

/* Variables and functions of the kernel, by name and number. */
static bool has_externs(const struct tl_image *image)
{
	Elf_Scn *section = image->symbols ? elf_getscn(image->elf, image->symbols) : NULL;
	Elf_Data *data = section ? elf_getdata(section, NULL) : NULL;
	GElf_Sym symbol;

	for (int i = 1; data && gelf_getsym(data, i, &symbol); i++)
		if (symbol.st_shndx == SHN_UNDEF)
			return true;
	return false;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct tl_name *)a)->text, ((const struct tl_name *)b)->text);
}

static void sort(struct tl_wanted *wanted)
{
	size_t n = 0;

	if (wanted->n)
		qsort(wanted->names, wanted->n, sizeof(*wanted->names), by_name);
	for (size_t i = 0; i < wanted->n; i++) {
		if (n && !strcmp(wanted->names[n - 1].text, wanted->names[i].text)) {
			wanted->names[n - 1].needed |= wanted->names[i].needed;
			free(wanted->names[i].text);
		} else {
			wanted->names[n++] = wanted->names[i];
		}
	}
	wanted->n = n;
}

int tl_wanted_read(struct tl_wanted *wanted, const struct tl_image *image)
{
	int ret;

	*wanted = (struct tl_wanted){ .all = has_externs(image) };
	ret = read_relocations(wanted, image);
	if (!ret)
		ret = read_hooks(wanted, image);
	if (ret)
		tl_wanted_close(wanted);
	else
		sort(wanted);
	return ret;
}

void tl_wanted_close(struct tl_wanted *wanted)
{
	for (size_t i = 0; i < wanted->n; i++)
		free(wanted->names[i].text);
	free(wanted->names);
	*wanted = (struct tl_wanted){ 0 };
}
