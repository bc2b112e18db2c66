/* SPDX-License-Identifier: GPL-2.0-only */
/* What gdb asks of the other side: features, threads, the registers' description. */
#include <stdlib.h>
#include <string.h>

#include "events/events.h"
#include "gdb/hex.h"
#include "gdb/session.h"
#include "machine/state.h"

/* What we can, and whether gdb knows a stop at a breakpoint when it is told one. */
static bool supported(struct gdb *gdb, const char *text, struct reply *reply)
{
	gdb->tells_swbreak = strstr(text, "swbreak+");
	reply_print(reply,
		    "PacketSize=%x;QStartNoAckMode+;swbreak+;vContSupported+;qXfer:features:read+",
		    PACKET_MAX);
	return true;
}

static bool start_no_ack(struct gdb *gdb, const char *text, struct reply *reply)
{
	(void)text;
	gdb->no_ack = true;
	reply_print(reply, "OK");
	return true;
}

/* A thread for each CPU, whether it is on or not: gdb's thread n + 1 is CPU n. */
static bool threads(struct gdb *gdb, const char *text, struct reply *reply)
{
	(void)text;
	for (unsigned int cpu = 0; cpu < gdb->m->nr_vcpus; cpu++)
		reply_print(reply, "%c%x", cpu ? ',' : 'm', cpu + 1);
	return true;
}

static bool no_more_threads(struct gdb *gdb, const char *text, struct reply *reply)
{
	(void)gdb;
	(void)text;
	reply_print(reply, "l");
	return true;
}

static bool extra_info(struct gdb *gdb, const char *text, struct reply *reply)
{
	int cpu = gdb_thread(&text, gdb->m->nr_vcpus);
	const struct held *held;
	char says[128];

	if (cpu < 0 || *text) {
		reply_error(reply, GDB_EINVAL);
		return true;
	}
	held = &gdb->m->holds.held[cpu];
	if (!vcpu_is_on(&gdb->m->vcpu[cpu]))
		snprintf(says, sizeof(says), "CPU %d, not on yet", cpu);
	else if (hold_keeps(&gdb->m->holds, cpu))
		snprintf(says, sizeof(says), "CPU %d, held at %s #%llu", cpu,
			 event_names[held->at.id], (unsigned long long)held->at.seq);
	else
		snprintf(says, sizeof(says), "CPU %d", cpu);
	hex_write(reply->text, (const uint8_t *)says, strlen(says));
	reply->len = 2 * strlen(says);
	return true;
}

static bool current_thread(struct gdb *gdb, const char *text, struct reply *reply)
{
	(void)text;
	reply_print(reply, "QC%x", gdb->cpu + 1);
	return true;
}

/* Yes: what it then does when it quits is to detach, and not to kill. */
static bool attached(struct gdb *gdb, const char *text, struct reply *reply)
{
	(void)gdb;
	(void)text;
	reply_print(reply, "1");
	return true;
}

static bool features(struct gdb *gdb, const char *text, struct reply *reply)
{
	uint64_t offset, len;
	bool more;

	(void)gdb;
	if (!hex_number(&text, &offset) || *text++ != ',' || !hex_number(&text, &len) || *text) {
		reply_error(reply, GDB_EINVAL);
		return true;
	}
	/* Nothing in it is escaped, so what fits does fit. */
	if (len > PACKET_MAX - 1)
		len = PACKET_MAX - 1;
	reply->len = 1 + registers_describe(reply->text + 1, offset, len, &more);
	*reply->text = more ? 'm' : 'l';
	return true;
}

bool gdb_query(struct gdb *gdb, const char *text, struct reply *reply)
{
	static const struct {
		const char *name;
		gdb_command_fn *fn;
	} queries[] = {
		{ "qSupported", supported },
		{ "QStartNoAckMode", start_no_ack },
		{ "qfThreadInfo", threads },
		{ "qsThreadInfo", no_more_threads },
		{ "qThreadExtraInfo,", extra_info },
		{ "qAttached", attached },
		{ "qXfer:features:read:target.xml:", features },
	};

	if (!strcmp(text, "qC"))
		return current_thread(gdb, text, reply);
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		size_t len = strlen(queries[i].name);

		if (!strncmp(text, queries[i].name, len))
			return queries[i].fn(gdb, text + len, reply);
	}
	return true;
}
