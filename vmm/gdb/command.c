/* SPDX-License-Identifier: GPL-2.0-only */
/* What gdb's packets ask for (GDB manual, appendix E.2). */
#include <string.h>

#include "gdb/hex.h"
#include "gdb/session.h"
#include "kvm/kvm.h"
#include "machine/state.h"

static void get_registers(const struct gdb *gdb, struct registers *r)
{
	kvm_must(gdb->m->vcpu[gdb->cpu].fd, KVM_GET_REGS, &r->regs);
	kvm_must(gdb->m->vcpu[gdb->cpu].fd, KVM_GET_SREGS, &r->sregs);
}

static bool read_all(struct gdb *gdb, const char *text, struct reply *reply)
{
	struct registers r;

	(void)text;
	get_registers(gdb, &r);
	reply->len = registers_print(&r, reply->text, sizeof(reply->text));
	return true;
}

static bool read_one(struct gdb *gdb, const char *text, struct reply *reply)
{
	uint8_t value[REGISTER_BYTES];
	struct registers r;
	uint64_t nr;

	if (!hex_number(&text, &nr) || *text || nr >= registers_nr()) {
		reply_error(reply, GDB_EINVAL);
		return true;
	}
	get_registers(gdb, &r);
	reply->len = 2 * register_size(nr);
	if (register_get(&r, nr, value))
		hex_write(reply->text, value, register_size(nr));
	else
		memset(reply->text, 'x', reply->len);
	return true;
}

/* A CPU that is held has a store under way, and one that is off begins elsewhere. */
static bool set_registers(struct gdb *gdb, const struct registers *r, struct reply *reply)
{
	if (!stops_parked(gdb->m->stops, gdb->cpu)) {
		reply_error(reply, GDB_EBUSY);
	} else if (kvm_try(gdb->m->vcpu[gdb->cpu].fd, KVM_SET_REGS, &r->regs) < 0) {
		reply_error(reply, GDB_EINVAL);
	} else {
		gdb->changed = "registers";
		reply_print(reply, "OK");
	}
	return true;
}

/* "nr=digits" */
static bool write_one(struct gdb *gdb, const char *text, struct reply *reply)
{
	uint8_t value[REGISTER_BYTES];
	struct registers r;
	uint64_t nr;

	if (!hex_number(&text, &nr) || *text++ != '=' || nr >= registers_nr() ||
	    !hex_bytes(text, value, register_size(nr))) {
		reply_error(reply, GDB_EINVAL);
		return true;
	}
	get_registers(gdb, &r);
	if (register_set(&r, nr, value))
		return set_registers(gdb, &r, reply);
	reply_error(reply, GDB_EPERM);
	return true;
}

/* Hg: whose registers and memory; Hc: who steps. "any" and "all" leave it as it is. */
static bool set_thread(struct gdb *gdb, const char *text, struct reply *reply)
{
	const char what = *text;
	int cpu;

	if (what != 'g' && what != 'c')
		return true;
	text++;
	cpu = gdb_thread(&text, gdb->m->nr_vcpus);
	if (cpu == -2 || *text) {
		reply_error(reply, GDB_EINVAL);
		return true;
	}
	if (what == 'c') {
		gdb->step_cpu_set = cpu >= 0;
		gdb->step_cpu = cpu;
	} else if (cpu >= 0) {
		gdb->cpu = cpu;
	}
	reply_print(reply, "OK");
	return true;
}

static bool is_alive(struct gdb *gdb, const char *text, struct reply *reply)
{
	if (gdb_thread(&text, gdb->m->nr_vcpus) < 0 || *text)
		reply_error(reply, GDB_EINVAL);
	else
		reply_print(reply, "OK");
	return true;
}

static bool detach(struct gdb *gdb, const char *text, struct reply *reply)
{
	(void)text;
	gdb_let_go(gdb);
	gdb->leaves = true;
	reply_print(reply, "OK");
	return true;
}

static bool kill_run(struct gdb *gdb, const char *text, struct reply *reply)
{
	(void)text;
	(void)reply;
	gdb->leaves = true;
	outcome_fail(&gdb->m->outcome, STATUS_FAIL, "ended by gdb, which has killed it");
	return false;
}

static bool resume_supported(struct gdb *gdb, const char *text, struct reply *reply)
{
	(void)gdb;
	(void)text;
	reply_print(reply, "vCont;c;C;s;S;r");
	return true;
}

static const struct {
	const char *name;
	gdb_command_fn *fn;
	bool whole; /* the name is for fn(), too */
} commands[] = {
	{ "?", gdb_stop_reason, false }, { "D", detach, false },
	{ "H", set_thread, false },	 { "M", gdb_write_memory, false },
	{ "P", write_one, false },	 { "Q", gdb_query, true },
	{ "T", is_alive, false },	 { "Z", gdb_insert, false },
	{ "c", gdb_continue, false },	 { "g", read_all, false },
	{ "k", kill_run, false },	 { "m", gdb_read_memory, false },
	{ "p", read_one, false },	 { "q", gdb_query, true },
	{ "s", gdb_step, false },	 { "vCont?", resume_supported, false },
	{ "vCont;", gdb_resume, false }, { "z", gdb_remove, false },
};

bool gdb_command(struct gdb *gdb, const char *packet, size_t len, struct reply *reply)
{
	reply->len = 0;
	/* A 0 within it would hide what is behind. */
	if (strlen(packet) != len) {
		reply_error(reply, GDB_EINVAL);
		return true;
	}
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		size_t name = strlen(commands[i].name);

		if (!strncmp(packet, commands[i].name, name))
			return commands[i].fn(gdb, packet + (commands[i].whole ? 0 : name), reply);
	}
	return true;
}
