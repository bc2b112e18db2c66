/* SPDX-License-Identifier: GPL-2.0-only */
/* Saved traces: writing a run's events, and reading them back. Nothing in a file is trusted. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "pv/pv.h"
#include "events/tracefile.h"

#define HEAD "# pvtlb-trace "
#define END  "# end"

#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))

const char *const trace_claim_names[TRACE_CLAIMS] = { "key", "delivered", "safe" };
_Static_assert(PVTLB_CLAIMS == (1u << TRACE_CLAIMS) - 1, "every claim has a name in a trace");
_Static_assert(PVTLB_CLAIM_KEY == 1 << 0 && PVTLB_CLAIM_DELIVERED == 1 << 1 &&
		       PVTLB_CLAIM_SAFE == 1 << 2,
	       "and it is the name's place");

/* --- the words of a head and of an end line --- */

enum form {
	FORM_NAME,    /* a string of the run's own */
	FORM_BACKEND, /* a backend, and who serves it */
	FORM_WORD,    /* one of a list: its index */
	FORM_SET,     /* some of a list: a bit for each; "-" for none */
	FORM_NUMBER,  /* decimal */
};

struct word {
	const char *name;
	enum form form;
	size_t at, size; /* the member of struct trace_run */
	const char *const *list;
	unsigned int nr;
	uint64_t min, max;
};

static const char *const no_yes[] = { "n", "y" };
static const char *const installs[] = { "boot", "late" };
static const char *const expects[] = { "hold", "violation" };
static const char *const keys[TRACE_KEYS] = { "unread", "off", "on" };

#define MEMBER(m)		  offsetof(struct trace_run, m), sizeof(((struct trace_run *)0)->m)
#define WORD(name, m, list)	  { name, FORM_WORD, MEMBER(m), list, NR_OF(list), 0, 0 }
#define SET(name, m, list)	  { name, FORM_SET, MEMBER(m), list, NR_OF(list), 0, 0 }
#define NUMBER(name, m, min, max) { name, FORM_NUMBER, MEMBER(m), NULL, 0, min, max }

/* In this order, each exactly once. A new word is a line here and a member of the run. */
static const struct word head_words[] = {
	{ "scenario", FORM_NAME, MEMBER(scenario), NULL, 0, 0, 0 },
	{ "backend", FORM_BACKEND, MEMBER(config.backend), NULL, 0, 0, 0 },
	WORD("paravirt", config.paravirt, no_yes),
	WORD("invlpgb", config.invlpgb, no_yes),
	WORD("install", config.late, installs),
	NUMBER("cpus", config.cpus, 1, PVTLB_MAX_CPUS),
	NUMBER("trials", config.trials, 1, UINT32_MAX),
	WORD("key-request", config.key, key_request_names),
	{ "policy", FORM_NAME, MEMBER(config.policy.name), NULL, 0, 0, 0 },
	WORD("policy-key", config.policy.key, policy_key_names),
	NUMBER("stress", config.stress, 0, UINT32_MAX),
	NUMBER("seed", config.seed, 0, UINT64_MAX),
	WORD("fault", config.fault, fault_names),
	WORD("fault-applied", fault_applied, no_yes),
	WORD("expect", config.expect_violation, expects),
	SET("claims", claims, trace_claim_names),
	WORD("key", key, keys),
};

static const struct word end_words[] = {
	NUMBER("events", events, 0, EVENT_LOG_MAX),
	NUMBER("last", last, 0, UINT64_MAX),
	NUMBER("lost", lost, 0, UINT64_MAX),
	NUMBER("unused", unused, 0, UINT64_MAX),
	NUMBER("malformed", malformed, 0, UINT64_MAX),
};

/* A member of 1 (bool), 4 or 8 bytes. */
static uint64_t member_get(const struct trace_run *run, const struct word *w)
{
	const char *at = (const char *)run + w->at;
	uint32_t n32;
	uint64_t n64;

	if (w->size == sizeof(bool))
		return *(const bool *)at;
	if (w->size == sizeof(n32)) {
		memcpy(&n32, at, sizeof(n32));
		return n32;
	}
	memcpy(&n64, at, sizeof(n64));
	return n64;
}

static void member_set(struct trace_run *run, const struct word *w, uint64_t value)
{
	char *at = (char *)run + w->at;
	uint32_t n32 = value;

	if (w->size == sizeof(bool))
		*(bool *)at = value;
	else if (w->size == sizeof(n32))
		memcpy(at, &n32, sizeof(n32));
	else
		memcpy(at, &value, sizeof(value));
}

static bool printable(int c)
{
	return c >= ' ' && c <= '~';
}

/* --- writing --- */

static void write_text(FILE *to, const char *text, char lowest)
{
	for (; *text; text++)
		fputc(printable(*text) && *text >= lowest ? *text : '?', to);
}

static void write_set(FILE *to, const struct word *w, uint64_t set)
{
	const char *between = "";

	for (unsigned int i = 0; i < w->nr; i++) {
		if (!(set >> i & 1))
			continue;
		fprintf(to, "%s%s", between, w->list[i]);
		between = ",";
	}
	if (!*between)
		fputc('-', to);
}

#define BACKEND_MAX 32u /* bytes of its word */

/* "kvm", and where the host's own hypervisor serves it "kvm/host". */
static const char *backend_word(const struct pv_provider *pv, char buf[BACKEND_MAX])
{
	snprintf(buf, BACKEND_MAX, "%s%s", pv->name, strcmp(pv->provider, "host") ? "" : "/host");
	return buf;
}

static void write_word(FILE *to, const struct trace_run *run, const struct word *w)
{
	char backend[BACKEND_MAX];

	fprintf(to, " %s=", w->name);
	switch (w->form) {
	case FORM_NAME:
		write_text(to, (const char *)run + w->at, '!');
		break;
	case FORM_BACKEND:
		fputs(backend_word(run->config.backend, backend), to);
		break;
	case FORM_WORD:
		fputs(w->list[member_get(run, w)], to);
		break;
	case FORM_SET:
		write_set(to, w, member_get(run, w));
		break;
	case FORM_NUMBER:
		fprintf(to, "%llu", (unsigned long long)member_get(run, w));
		break;
	}
}

void trace_write(FILE *to, const struct trace_run *run)
{
	fprintf(to, HEAD "%u", TRACE_VERSION);
	for (size_t i = 0; i < NR_OF(head_words); i++)
		write_word(to, run, &head_words[i]);
	fputc('\n', to);
	for (size_t i = 0; i < run->nr; i++)
		event_print(to, &run->event[i]);
	fputs(END, to);
	for (size_t i = 0; i < NR_OF(end_words); i++)
		write_word(to, run, &end_words[i]);
	if (run->failed[0]) {
		fputs(" failed: ", to);
		write_text(to, run->failed, ' ');
	}
	fputc('\n', to);
}

/* --- reading: errors --- */

__attribute__((format(printf, 2, 3))) static int bad(struct trace_reader *r, const char *fmt, ...)
{
	char text[768];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return fail(r->err, STATUS_FAIL, "%s:%lu: %s", r->name, r->line, text);
}

/* What is there instead is the rest of the line, which is printable, from r->at on. */
__attribute__((format(printf, 2, 3))) static int expected(struct trace_reader *r, const char *fmt,
							  ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (!*r->at)
		return bad(r, "expected %s, found the end of the line", text);
	return bad(r, "expected %s, found '%.48s'%s", text, r->at, strlen(r->at) > 48 ? "..." : "");
}

/* --- reading: lines --- */

enum line { LINE_WHOLE, LINE_CUT, LINE_NONE, LINE_BAD };

/* The next line: whole, cut off by the end of the file, none left, or bad with the error set. */
static enum line read_line(struct trace_reader *r)
{
	size_t len = 0;
	int c;

	r->line++;
	r->at = r->text;
	while ((c = getc_unlocked(r->from)) != EOF && c != '\n' && printable(c) &&
	       len < TRACE_LINE_MAX)
		r->text[len++] = c;
	r->text[len] = 0;
	if (c == '\n')
		return LINE_WHOLE;
	if (c == EOF && !ferror(r->from))
		return len ? LINE_CUT : LINE_NONE;
	if (c == EOF)
		bad(r, "cannot read: %s", strerror(errno));
	else if (!printable(c))
		bad(r, "expected printable ASCII, found the byte 0x%02x in column %zu", c, len + 1);
	else
		bad(r, "expected at most %u bytes in a line", TRACE_LINE_MAX);
	return LINE_BAD;
}

/* --- reading: what a line is made of --- */

static bool take(struct trace_reader *r, const char *text)
{
	size_t len = strlen(text);

	if (strncmp(r->at, text, len))
		return false;
	r->at += len;
	return true;
}

static int need(struct trace_reader *r, const char *text)
{
	return take(r, text) ? 0 : expected(r, "'%s'", text);
}

static int need_end(struct trace_reader *r)
{
	return *r->at ? expected(r, "the end of the line") : 0;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Decimal, without leading zeros, so that a number is written in one way only. */
static bool take_decimal(struct trace_reader *r, uint64_t *out)
{
	const char *s = r->at;
	uint64_t n = 0;

	if (!is_digit(*s) || (*s == '0' && is_digit(s[1])))
		return false;
	for (; is_digit(*s); s++)
		if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, *s - '0', &n))
			return false;
	*out = n;
	r->at = s;
	return true;
}

static int need_decimal(struct trace_reader *r, const char *what, uint64_t min, uint64_t max,
			uint64_t *out)
{
	const char *start = r->at;

	if (take_decimal(r, out) && *out >= min && *out <= max)
		return 0;
	r->at = start;
	return expected(r, "%s, a number from %llu to %llu", what, (unsigned long long)min,
			(unsigned long long)max);
}

/* As printf's "%#llx" writes it: "0", or "0x" and up to 16 lower-case digits. */
static bool take_hex(struct trace_reader *r, uint64_t *out)
{
	static const char digits[] = "0123456789abcdef";
	const char *s = r->at;
	uint64_t n = 0;
	size_t len;

	*out = 0;
	if (s[0] == '0' && s[1] != 'x') {
		r->at++;
		return true;
	}
	if (s[0] != '0' || s[2] == '0')
		return false;
	s += 2;
	len = strspn(s, digits);
	if (!len || len > 16)
		return false;
	for (r->at = s + len; s < r->at; s++)
		n = n << 4 | (strchr(digits, *s) - digits);
	*out = n;
	return true;
}

/* The one of these words that ends where a word ends; or -1. */
static int take_word(struct trace_reader *r, const char *const *list, unsigned int nr,
		     const char *ends)
{
	size_t len = strcspn(r->at, ends);

	for (unsigned int i = 0; i < nr; i++) {
		if (!list[i] || strlen(list[i]) != len || strncmp(r->at, list[i], len))
			continue;
		r->at += len;
		return i;
	}
	return -1;
}

static const char *join(const char *const *list, unsigned int nr, char *buf, size_t len)
{
	size_t n = 0;

	buf[0] = 0;
	for (unsigned int i = 0; i < nr && n < len; i++)
		n += snprintf(buf + n, len - n, "%s%s", i ? "|" : "", list[i]);
	return buf;
}

/* --- reading: values of words --- */

static int parse_name(struct trace_reader *r, struct trace_run *run, const struct word *w)
{
	size_t len = strcspn(r->at, " ");
	char *to = (char *)run + w->at;

	if (!len || len >= w->size)
		return expected(r, "%s=, a name of 1 to %zu characters", w->name, w->size - 1);
	memcpy(to, r->at, len);
	to[len] = 0;
	r->at += len;
	return 0;
}

static int parse_backend(struct trace_reader *r, struct trace_run *run, const struct word *w)
{
	char words[32][BACKEND_MAX];
	const char *known[NR_OF(words)];
	const struct pv_provider *pv;
	unsigned int nr = 0;
	char text[256];
	int i;

	while (nr < NR_OF(known) && (pv = pv_provider_at(nr))) {
		known[nr] = backend_word(pv, words[nr]);
		nr++;
	}
	i = take_word(r, known, nr, " ");
	if (i < 0)
		return expected(r, "%s=%s", w->name, join(known, nr, text, sizeof(text)));
	run->config.backend = pv_provider_at(i);
	return 0;
}

static int parse_word(struct trace_reader *r, struct trace_run *run, const struct word *w)
{
	int i = take_word(r, w->list, w->nr, " ");
	char text[256];

	if (i < 0)
		return expected(r, "%s=%s", w->name, join(w->list, w->nr, text, sizeof(text)));
	member_set(run, w, i);
	return 0;
}

/* In the list's order, each at most once. */
static int parse_set(struct trace_reader *r, struct trace_run *run, const struct word *w)
{
	int last = -1, i = -1;
	uint64_t set = 0;
	char text[256];

	member_set(run, w, 0);
	if (r->at[0] == '-' && (!r->at[1] || r->at[1] == ' ')) {
		r->at++;
		return 0;
	}
	do {
		i = take_word(r, w->list, w->nr, " ,");
		if (i <= last)
			return expected(r, "%s=, of %s in this order, between commas, or -",
					w->name, join(w->list, w->nr, text, sizeof(text)));
		set |= 1ull << i;
		last = i;
	} while (take(r, ","));
	member_set(run, w, set);
	return 0;
}

static int parse_number(struct trace_reader *r, struct trace_run *run, const struct word *w)
{
	char what[64];
	uint64_t n;

	snprintf(what, sizeof(what), "%s=", w->name);
	if (need_decimal(r, what, w->min, w->max, &n))
		return -1;
	member_set(run, w, n);
	return 0;
}

static int parse_value(struct trace_reader *r, struct trace_run *run, const struct word *w)
{
	switch (w->form) {
	case FORM_NAME:
		return parse_name(r, run, w);
	case FORM_BACKEND:
		return parse_backend(r, run, w);
	case FORM_WORD:
		return parse_word(r, run, w);
	case FORM_SET:
		return parse_set(r, run, w);
	case FORM_NUMBER:
		return parse_number(r, run, w);
	}
	return -1;
}

/* Is what comes next, up to its '=', the name of one of these? */
static bool known_word(const struct trace_reader *r, const struct word *words, size_t nr)
{
	size_t len = strcspn(r->at, "= ");

	for (size_t i = 0; i < nr; i++)
		if (strlen(words[i].name) == len && !strncmp(r->at, words[i].name, len))
			return true;
	return false;
}

static int no_such_word(struct trace_reader *r, const struct word *words, size_t nr,
			const struct word *want)
{
	size_t len = strcspn(r->at, "= ");
	char text[64];

	if (want)
		snprintf(text, sizeof(text), "'%s='", want->name);
	else
		snprintf(text, sizeof(text), "the end of the line");
	if (!len || known_word(r, words, nr))
		return expected(r, "%s", text);
	return bad(r, "unknown word '%.*s'%s, expected %s", len > 48 ? 48 : (int)len, r->at,
		   len > 48 ? "..." : "", text);
}

/* All words, in order, each behind a blank. What follows them stays. */
static int parse_words(struct trace_reader *r, struct trace_run *run, const struct word *words,
		       size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		const struct word *w = &words[i];
		size_t len = strlen(w->name);

		if (!take(r, " ") || strncmp(r->at, w->name, len) || r->at[len] != '=')
			return no_such_word(r, words, nr, w);
		r->at += len + 1;
		if (parse_value(r, run, w))
			return -1;
		if (*r->at && *r->at != ' ')
			return expected(r, "a blank or the end of the line behind %s=", w->name);
	}
	return 0;
}

/* --- reading: a run --- */

static int parse_head(struct trace_reader *r, struct trace_run *run)
{
	uint64_t version;

	if (!take(r, HEAD))
		return expected(r, "'" HEAD "%u ...', the head of a run", TRACE_VERSION);
	if (need_decimal(r, "the version", 0, UINT32_MAX, &version))
		return -1;
	if (version != TRACE_VERSION)
		return bad(r, "a trace of version %llu; this pvtlb reads version %u",
			   (unsigned long long)version, TRACE_VERSION);
	if (parse_words(r, run, head_words, NR_OF(head_words)))
		return -1;
	if (take(r, " "))
		return no_such_word(r, head_words, NR_OF(head_words), NULL);
	run->config.scenario = run->scenario;
	return need_end(r);
}

static int append(struct trace_reader *r, struct trace_run *run, const struct pvtlb_event *event)
{
	struct pvtlb_event *more;

	if (run->nr == EVENT_LOG_MAX)
		return bad(r, "more than %u events in a run", EVENT_LOG_MAX);
	/* Room for a power of two, at least 64. */
	if (!run->nr || (run->nr >= 64 && !(run->nr & (run->nr - 1)))) {
		more = realloc(run->event, (run->nr ? 2 * run->nr : 64) * sizeof(*more));
		if (!more)
			return bad(r, "no memory for more than %zu events", run->nr);
		run->event = more;
	}
	run->event[run->nr++] = *event;
	return 0;
}

static int parse_args(struct trace_reader *r, struct pvtlb_event *event)
{
	const char *const *args = event_args[event->id];

	for (int i = 0; i < PVTLB_EVENT_ARGS && args[i][0]; i++) {
		const char *start = r->at;

		if (!take(r, " ") || !take(r, args[i]) || !take(r, "=")) {
			r->at = start;
			return expected(r, "' %s=' of %s", args[i], event_names[event->id]);
		}
		if (!take_hex(r, &event->arg[i]))
			return expected(r, "%s=, as 0 or 0x and up to 16 digits, of %s", args[i],
					event_names[event->id]);
	}
	return need_end(r);
}

static int parse_event(struct trace_reader *r, struct trace_run *run)
{
	struct pvtlb_event event = { 0 };
	uint64_t last = run->nr ? run->event[run->nr - 1].seq : 0, cpu;
	int id;

	if (need_decimal(r, "an event's number", 1, UINT64_MAX, &event.seq))
		return -1;
	if (event.seq <= last)
		return bad(r, "event #%llu does not come after #%llu",
			   (unsigned long long)event.seq, (unsigned long long)last);
	if (need(r, " CPU ") || need_decimal(r, "a CPU", 0, run->config.cpus - 1, &cpu) ||
	    need(r, " "))
		return -1;
	id = take_word(r, event_names, PVTLB_EV_NR, " ");
	if (id < 0)
		return expected(r, "the name of an event (see: pvtlb list)");
	event.id = id;
	event.cpu = cpu;
	return parse_args(r, &event) ? -1 : append(r, run, &event);
}

/* Every number up to the last one is an event's, lost, or was taken and never used. */
static int check_counts(struct trace_reader *r, const struct trace_run *run)
{
	uint64_t last = run->nr ? run->event[run->nr - 1].seq : 0;

	if (run->nr > run->events)
		return bad(r, "events=%llu, but there are %zu", (unsigned long long)run->events,
			   run->nr);
	if (run->last < last)
		return bad(r, "last=%llu, but there is an event #%llu",
			   (unsigned long long)run->last, (unsigned long long)last);
	if (run->events > run->last || run->lost > run->last - run->events ||
	    run->unused != run->last - run->events - run->lost)
		return bad(r, "events, lost and unused do not add up to last");
	if (!run->failed[0] && run->key == TRACE_KEY_UNREAD)
		return bad(r, "a run that came to its end has key=on or key=off in its head");
	return 0;
}

static int parse_end(struct trace_reader *r, struct trace_run *run)
{
	if (parse_words(r, run, end_words, NR_OF(end_words)))
		return -1;
	if (take(r, " failed: ")) {
		if (!*r->at || strlen(r->at) >= sizeof(run->failed))
			return expected(r, "a reason of 1 to %zu characters",
					sizeof(run->failed) - 1);
		strcpy(run->failed, r->at);
	} else if (take(r, " ")) {
		return no_such_word(r, end_words, NR_OF(end_words), NULL);
	}
	run->complete = true;
	return check_counts(r, run);
}

/* Events up to the end line, or up to where the file ends without one. */
static int read_body(struct trace_reader *r, struct trace_run *run)
{
	for (;;) {
		enum line line = read_line(r);

		if (line == LINE_BAD)
			return -1;
		run->last_line = line == LINE_WHOLE ? r->line : r->line - 1;
		if (line != LINE_WHOLE)
			return 0;
		if (take(r, "#") && is_digit(*r->at)) {
			if (parse_event(r, run))
				return -1;
			continue;
		}
		r->at = r->text;
		if (take(r, END))
			return parse_end(r, run);
		return expected(r, "an event or the end line of the run of line %lu",
				run->first_line);
	}
}

int trace_read(struct trace_reader *r, struct trace_run *run)
{
	*run = (struct trace_run){ 0 };
	switch (read_line(r)) {
	case LINE_NONE:
		return 0;
	case LINE_BAD:
		return -1;
	case LINE_CUT:
		return bad(r, "the file ends within this line");
	case LINE_WHOLE:
		break;
	}
	run->first_line = r->line;
	if (!parse_head(r, run) && !read_body(r, run))
		return 1;
	trace_run_free(run);
	return -1;
}

void trace_run_free(struct trace_run *run)
{
	free(run->event);
	run->event = NULL;
	run->nr = 0;
}

void trace_reader_init(struct trace_reader *r, FILE *from, const char *name, struct error *err)
{
	*r = (struct trace_reader){ .from = from, .err = err };
	for (size_t i = 0; name[i] && i < sizeof(r->name) - 1; i++)
		r->name[i] = printable(name[i]) ? name[i] : '?';
}

struct event_stream trace_stream(const struct trace_run *run)
{
	/* Without an end line nobody knows how many; there is at least what the guest did last. */
	uint64_t lost = run->complete ? run->lost + (run->events - run->nr) : 1;

	return (struct event_stream){ run->event, run->nr, lost, run->malformed };
}
