/* SPDX-License-Identifier: GPL-2.0-only */
/* A CPU's registers as gdb numbers and names them, and the description of them that it reads. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gdb/hex.h"
#include "gdb/registers.h"

struct shown {
	const char *feature; /* the first one of a feature says which */
	const char *name, *type;
	unsigned int bits;
	size_t at;  /* in struct registers, plus 1; 0: no value */
	bool fixed; /* cannot be written */
};

#define AT(m) (offsetof(struct registers, m) + 1)
#define REG(name, type)                                                                            \
	{                                                                                          \
		NULL, #name, type, 64, AT(regs.name), false                                        \
	}
#define SEG(name)                                                                                  \
	{                                                                                          \
		NULL, #name, "int32", 32, AT(sregs.name.selector), true                            \
	}
#define NONE(name, type, bits)                                                                     \
	{                                                                                          \
		NULL, name, type, bits, 0, true                                                    \
	}
#define SYS(name, m)                                                                               \
	{                                                                                          \
		NULL, name, "uint64", 64, AT(m), true                                              \
	}
#define FPU "org.gnu.gdb.i386."

/* GDB manual, appendix G.5.13 says which features and which names; gdb numbers them in order. */
static const struct shown table[] = {
	{ FPU "core", "rax", "int64", 64, AT(regs.rax), false },
	REG(rbx, "int64"),
	REG(rcx, "int64"),
	REG(rdx, "int64"),
	REG(rsi, "int64"),
	REG(rdi, "int64"),
	REG(rbp, "data_ptr"),
	REG(rsp, "data_ptr"),
	REG(r8, "int64"),
	REG(r9, "int64"),
	REG(r10, "int64"),
	REG(r11, "int64"),
	REG(r12, "int64"),
	REG(r13, "int64"),
	REG(r14, "int64"),
	REG(r15, "int64"),
	REG(rip, "code_ptr"),
	{ NULL, "eflags", "i386_eflags", 32, AT(regs.rflags), false },
	SEG(cs),
	SEG(ss),
	SEG(ds),
	SEG(es),
	SEG(fs),
	SEG(gs),
	NONE("st0", "i387_ext", 80),
	NONE("st1", "i387_ext", 80),
	NONE("st2", "i387_ext", 80),
	NONE("st3", "i387_ext", 80),
	NONE("st4", "i387_ext", 80),
	NONE("st5", "i387_ext", 80),
	NONE("st6", "i387_ext", 80),
	NONE("st7", "i387_ext", 80),
	NONE("fctrl", "int", 32),
	NONE("fstat", "int", 32),
	NONE("ftag", "int", 32),
	NONE("fiseg", "int", 32),
	NONE("fioff", "int", 32),
	NONE("foseg", "int", 32),
	NONE("fooff", "int", 32),
	NONE("fop", "int", 32),
	{ FPU "sse", "xmm0", "uint128", 128, 0, true },
	NONE("xmm1", "uint128", 128),
	NONE("xmm2", "uint128", 128),
	NONE("xmm3", "uint128", 128),
	NONE("xmm4", "uint128", 128),
	NONE("xmm5", "uint128", 128),
	NONE("xmm6", "uint128", 128),
	NONE("xmm7", "uint128", 128),
	NONE("xmm8", "uint128", 128),
	NONE("xmm9", "uint128", 128),
	NONE("xmm10", "uint128", 128),
	NONE("xmm11", "uint128", 128),
	NONE("xmm12", "uint128", 128),
	NONE("xmm13", "uint128", 128),
	NONE("xmm14", "uint128", 128),
	NONE("xmm15", "uint128", 128),
	NONE("mxcsr", "int", 32),
	{ FPU "segments", "fs_base", "int64", 64, AT(sregs.fs.base), true },
	{ NULL, "gs_base", "int64", 64, AT(sregs.gs.base), true },
	{ "org.pvtlb.control", "cr0", "uint64", 64, AT(sregs.cr0), true },
	SYS("cr2", sregs.cr2),
	SYS("cr3", sregs.cr3),
	SYS("cr4", sregs.cr4),
};

unsigned int registers_nr(void)
{
	return sizeof(table) / sizeof(table[0]);
}

unsigned int register_size(unsigned int nr)
{
	return table[nr].bits / 8;
}

/* A selector has 16 bits in the struct, 32 for gdb; of RFLAGS gdb sees the lower half. */
static size_t stored_size(const struct shown *s)
{
	return s->fixed && s->bits == 32 ? sizeof(uint16_t) : s->bits / 8;
}

bool register_get(const struct registers *r, unsigned int nr, uint8_t *to)
{
	const struct shown *s = &table[nr];

	memset(to, 0, s->bits / 8);
	if (s->at)
		memcpy(to, (const char *)r + s->at - 1, stored_size(s));
	return s->at;
}

bool register_set(struct registers *r, unsigned int nr, const uint8_t *from)
{
	const struct shown *s = &table[nr];

	if (!s->at || s->fixed)
		return false;
	memcpy((char *)r + s->at - 1, from, s->bits / 8);
	return true;
}

size_t registers_print(const struct registers *r, char *to, size_t size)
{
	uint8_t value[REGISTER_BYTES];
	size_t len = 0;

	for (unsigned int nr = 0; nr < registers_nr(); nr++) {
		size_t digits = 2 * register_size(nr);

		if (len + digits + 1 > size)
			abort();
		if (register_get(r, nr, value))
			hex_write(to + len, value, digits / 2);
		else
			memset(to + len, 'x', digits);
		len += digits;
		to[len] = 0;
	}
	return len;
}

/* Bits of RFLAGS, as gdb prints them (Intel SDM vol. 1, 3.4.3). */
static void describe_flags(FILE *to)
{
	static const struct {
		const char *name;
		unsigned int bit;
	} flags[] = {
		{ "CF", 0 }, { "PF", 2 }, { "AF", 4 },	{ "ZF", 6 },  { "SF", 7 },
		{ "TF", 8 }, { "IF", 9 }, { "DF", 10 }, { "OF", 11 },
	};

	fprintf(to, "<flags id=\"i386_eflags\" size=\"4\">");
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		fprintf(to, "<field name=\"%s\" start=\"%u\" end=\"%u\"/>", flags[i].name,
			flags[i].bit, flags[i].bit);
	fprintf(to, "</flags>");
}

static void describe(FILE *to)
{
	fprintf(to, "<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\"><target>"
		    "<architecture>i386:x86-64</architecture>");
	for (unsigned int nr = 0; nr < registers_nr(); nr++) {
		if (table[nr].feature)
			fprintf(to, "%s<feature name=\"%s\">", nr ? "</feature>" : "",
				table[nr].feature);
		if (!nr)
			describe_flags(to);
		fprintf(to, "<reg name=\"%s\" bitsize=\"%u\" type=\"%s\"/>", table[nr].name,
			table[nr].bits, table[nr].type);
	}
	fprintf(to, "</feature></target>");
}

size_t registers_describe(char *to, size_t offset, size_t len, bool *more)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		abort();
	describe(stream);
	if (fclose(stream))
		abort();
	if (offset > size)
		offset = size;
	*more = len < size - offset;
	if (!*more)
		len = size - offset;
	memcpy(to, text + offset, len);
	free(text);
	return len;
}
