// SPDX-License-Identifier: MIT
#include "target/identity.h"

#include <bpf/bpf.h>

#include "session/session.h"
#include "target/processes.h"

static const struct {
	const char *name;
	bool attach;
} programs[] = {
	{ "tl_identity_fork", true }, { "tl_identity_exec", true }, { "tl_identity_free", true },
	{ TL_IDENTITY_PASS, false },
};

const char *tl_identity_program(size_t i, bool *attach)
{
	if (i >= sizeof(programs) / sizeof(*programs))
		return NULL;
	*attach = programs[i].attach;
	return programs[i].name;
}

/* What was found while somebody asked before: processes have ended since. */
static void forget(const struct tl_session *session)
{
	int fd = tl_programs_map(&session->programs, "tl_known");
	uint32_t pid;

	while (fd >= 0 && !bpf_map_get_next_key(fd, NULL, &pid) && !bpf_map_delete_elem(fd, &pid))
		;
}

int tl_identity_settle(struct tl_session *session, bool wanted, struct tl_error *err)
{
	int ret = 0;

	if (wanted == session->identified)
		return 0;
	session->identified = wanted;
	if (!wanted)
		return 0;
	forget(session);
	/* Twice, for those who are born of one that the walk has not met yet. */
	for (int i = 0; !ret && i < 2; i++)
		ret = tl_processes_identify(&session->programs, err);
	session->identified = !ret;
	return ret;
}
