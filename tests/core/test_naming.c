/* SPDX-License-Identifier: MIT */
/* test_naming.c: tests core/decode/naming.c: fields that follow from the cgroup, told by somebody else. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "decode/naming.h"
#include "tl_abi.h"

static struct {
	int len;
	bool settled;
	uint64_t cgroup;
	enum tl_cgroup_text which;
} answer;

static int tell(void *arg, uint64_t cgroup, enum tl_cgroup_text which, char *buf, size_t size, bool *settled)
{
	assert_ptr_equal(arg, &answer);
	assert_false(*settled);
	answer.cgroup = cgroup;
	answer.which = which;
	*settled = answer.settled;
	for (int i = 0; i < answer.len && i + 1 < (int)size; i++)
		buf[i] = (char)('a' + i % 26);
	return answer.len;
}

static struct tl_naming naming = { .fn = tell, .arg = &answer };

static struct tl_value read_field(const char *name, int len, bool settled)
{
	const struct tl_record record = { .size = sizeof(record), .cgroup = 77 };
	struct tl_event event = { .name = "a" };
	struct tl_view view = { .event = &event, .data = &record, .size = sizeof(record), .naming = &naming };
	struct tl_value value;

	naming.open = false;
	answer.len = len;
	answer.settled = settled;
	tl_field_read(&view, tl_naming_field(name), &value);
	return value;
}

static void knows_its_fields(void **state)
{
	static const char *const names[] = { "cgroup_path", "unit", "container", "container_id" };

	(void)state;
	for (size_t i = 0; i < TL_CGROUP_TEXTS; i++) {
		assert_string_equal(tl_naming_name(i), names[i]);
		assert_string_equal(tl_naming_field(names[i])->name, names[i]);
	}
	assert_null(tl_naming_name(TL_CGROUP_TEXTS));
	assert_null(tl_naming_field("cgroup"));
	assert_null(tl_naming_field("units"));
}

static void reads_what_is_told(void **state)
{
	struct tl_value value = read_field("container", 3, true);

	(void)state;
	assert_int_equal(value.kind, TL_STRING);
	assert_int_equal(value.s.len, 3);
	assert_memory_equal(value.s.ptr, "abc", 3);
	assert_false(value.cut);
	assert_int_equal(answer.cgroup, 77);
	assert_int_equal(answer.which, TL_CGROUP_CONTAINER);
	assert_false(naming.open);
	assert_int_equal(read_field("unit", 0, true).kind, TL_STRING);
	assert_int_equal(read_field("unit", -1, true).kind, TL_NIL);
}

static void remembers_what_may_change(void **state)
{
	(void)state;
	read_field("unit", 3, false);
	assert_true(naming.open);
	read_field("unit", -1, false);
	assert_true(naming.open);
}

static void cuts_what_is_too_long(void **state)
{
	struct tl_value value = read_field("cgroup_path", TL_CGROUP_TEXT_MAX + 5, true);

	(void)state;
	assert_true(value.cut);
	assert_int_equal(value.s.len, TL_CGROUP_TEXT_MAX - 1);
}

/* Two of them at a time do not lie over each other. */
static void keeps_each(void **state)
{
	struct tl_value path = read_field("cgroup_path", 5, true), unit = read_field("unit", 2, true);

	(void)state;
	assert_ptr_not_equal(path.s.ptr, unit.s.ptr);
}

static void is_nothing_without_who_tells(void **state)
{
	struct tl_naming nobody = { 0 };
	struct tl_value value;

	(void)state;
	tl_naming_read(NULL, tl_naming_field("unit"), 5, &value);
	assert_int_equal(value.kind, TL_NIL);
	tl_naming_read(&nobody, tl_naming_field("unit"), 5, &value);
	assert_int_equal(value.kind, TL_NIL);
	assert_false(nobody.open);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_its_fields), cmocka_unit_test(reads_what_is_told),
		cmocka_unit_test(remembers_what_may_change), cmocka_unit_test(cuts_what_is_too_long),
		cmocka_unit_test(keeps_each), cmocka_unit_test(is_nothing_without_who_tells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
