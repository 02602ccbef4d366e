/* SPDX-License-Identifier: MIT */
/* test_identity.c: tests core/target/identity.c, and that who processes are is kept while somebody asks. */
/* link: -Wl,--wrap=bpf_object__open_mem,--wrap=bpf_object__close,--wrap=bpf_object__load */
/* link: -Wl,--wrap=bpf_object__next_program,--wrap=bpf_object__next_map,--wrap=bpf_program__name */
/* link: -Wl,--wrap=bpf_program__section_name,--wrap=bpf_program__autoload,--wrap=bpf_program__set_autoload */
/* link: -Wl,--wrap=bpf_program__fd,--wrap=bpf_program__attach,--wrap=bpf_link__destroy,--wrap=bpf_map__name */
/* link: -Wl,--wrap=bpf_map__fd,--wrap=bpf_map__set_autocreate,--wrap=bpf_map__set_max_entries */
/* link: -Wl,--wrap=bpf_map__reuse_fd,--wrap=bpf_map__set_initial_value,--wrap=bpf_map_lookup_elem */
/* link: -Wl,--wrap=bpf_map_update_elem,--wrap=bpf_map_delete_elem,--wrap=bpf_map_get_next_key */
/* link: -Wl,--wrap=libbpf_num_possible_cpus,--wrap=bpf_obj_get_info_by_fd,--wrap=bpf_prog_test_run_opts,--wrap=kill,--wrap=tl_processes_walk,--wrap=tl_processes_identify */
/* link: -Wl,--wrap=tl_has_btf,--wrap=tl_has_ring_buffer,--wrap=tl_has_task_storage */
/* link: -Wl,--wrap=ring_buffer__new,--wrap=ring_buffer__free,--wrap=ring_buffer__epoll_fd,--wrap=ring_buffer__consume */
/* link: -Wl,--wrap=perf_buffer__new_raw,--wrap=perf_buffer__free,--wrap=perf_buffer__epoll_fd */
/* link: -Wl,--wrap=perf_buffer__buffer_cnt,--wrap=perf_buffer__consume_buffer */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include "target/identity.h"
#include "target/processes.h"
#include "session_fixture.h"

FAKE(int, tl_processes_identify, const struct tl_programs *programs, struct tl_error *err)
{
	(void)programs, (void)err;
	return fake_call("identify") ? 0 : -errno;
}

static struct tl_session *session;

static int started(void **state)
{
	(void)state;
	memset(&heard, 0, sizeof(heard));
	session = open_session(false);
	return tl_session_start(session, NULL);
}

static int tear_down(void **state)
{
	(void)state;
	tl_session_close(session);
	return 0;
}

static void hooks_and_then_a_walk(void **state)
{
	const char *name;
	bool attach;
	size_t n = 0;

	(void)state;
	for (; (name = tl_identity_program(n, &attach)); n++)
		assert_int_equal(attach, strcmp(name, TL_IDENTITY_PASS) != 0);
	assert_int_equal(n, 4);
}

static void nobody_asks(void **state)
{
	(void)state;
	must_subscribe(session, "t.one", NULL, "a");	/* all fields are those that need not be named */
	assert_int_equal(fake_place("load tl_identity_exec"), -1);
	assert_int_equal(fake_place("identify"), -1);
	assert_int_equal(fake.shared->events[T_ONE].fields & TL_IDENTITY_FIELDS, 0);
}

static void somebody_asks(void **state)
{
	struct tl_subscription *sub = must_subscribe(session, "t.one", "exe", "a");

	(void)state;
	assert_int_equal(fake.shared->events[T_ONE].fields, TL_BIT(TL_F_EXE));
	assert_true(fake_place("attach tl_identity_exec") < fake_place("attach p_one"));
	assert_true(fake_place("attach tl_identity_free") < fake_place("identify"));
	assert_int_equal(fake_count("identify"), 2);
	must_subscribe(session, "t.one", "nspid", "b");
	assert_int_equal(fake_count("identify"), 2);	/* is known by now */
	tl_subscription_stop(sub);
	assert_int_equal(fake_place("detach tl_identity_exec"), -1);
}

static void somebody_asks_again(void **state)
{
	struct tl_subscription *sub = must_subscribe(session, "t.one", "exe", "a");

	(void)state;
	tl_subscription_stop(sub);
	assert_true(fake_place("detach tl_identity_exec") >= 0);
	fake_forget();
	sub = must_subscribe(session, "t.one", "loginuid", "a");
	assert_int_equal(fake_count("identify"), 2);
	tl_subscription_pause(sub);
	assert_false(session->identified);
}

static void the_walk_fails(void **state)
{
	struct tl_subscription *sub;
	struct tl_error err = { 0 };

	(void)state;
	fake.fail = "identify";
	fake.code = EPERM;
	assert_int_equal(subscribe(session, "t.one", "exe", "a", &sub, &err), -EPERM);
	assert_false(session->identified);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hooks_and_then_a_walk),
		cmocka_unit_test_setup_teardown(nobody_asks, started, tear_down),
		cmocka_unit_test_setup_teardown(somebody_asks, started, tear_down),
		cmocka_unit_test_setup_teardown(somebody_asks_again, started, tear_down),
		cmocka_unit_test_setup_teardown(the_walk_fails, started, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
