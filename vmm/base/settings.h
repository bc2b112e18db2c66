/* SPDX-License-Identifier: GPL-2.0-only */
/* What a configuration is made of, in one table: options, traces' heads and JSON go by it. */
#ifndef VMM_SETTINGS_H
#define VMM_SETTINGS_H

#include "base/config.h"
#include "base/field.h"

struct setting {
	struct field field; /* of struct run_config; its name is the word in a trace's head */
	bool untraced;	    /* it says how, not what: a trace's head has it not */
	const char *option; /* of `pvtlb run`; NULL: none */
	const char *json;   /* of a run; NULL: none of its own */
	uint64_t unasked;   /* the value if nobody asks for one */
	uint64_t least;	  /* NUMBER: what may be asked for at least, if more than the field's min */
	const char *arg;  /* what help calls a value; NULL: the words */
	const char *help; /* what the option does; setting_help() adds a number's range */
	bool (*has)(const struct run_config *config); /* does it mean anything? NULL: always */
};

/* In the order of a trace's head; of help, too. */
extern const struct setting settings[];
extern const unsigned int nr_settings;

/* All settings as they are if nobody asks for anything; scenario and backend NULL. */
struct run_config settings_unasked(void);

/* When the backend installs itself, as a word; "-": it does not. */
const char *config_install(const struct run_config *config);

/*
 * Take the value (NULL for a FLAG) for this setting, a WORD, NUMBER or FLAG, into the
 * configuration. -1: it is not one, and setting_values() says what would be.
 */
int setting_parse(struct run_config *config, const struct setting *s, const char *value);
/* The values it can have, for people: at most len - 1 bytes. buf. */
const char *setting_values(const struct setting *s, char *buf, size_t len);
/* What the option does, for people, with a number's range and what it is unasked: in buf. */
const char *setting_help(const struct setting *s, char *buf, size_t len);

#endif
