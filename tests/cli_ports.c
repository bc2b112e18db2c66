/* SPDX-License-Identifier: GPL-2.0-only */
/* A guest that accesses an I/O port: what is said of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "image_bed.h"
#include "unit_util.h"

/* The good image with these bytes at a symbol. */
static void write_image(const char *path, const char *symbol, const char *code, size_t len)
{
	uint8_t *file = image_copy(0);
	struct error err = { 0 };
	struct image image;
	gva_t at;
	FILE *to;

	CU_ASSERT_EQUAL_FATAL(load_image_mem(&image, NAME, file, image_base.len, &err), 0);
	at = image_symbol(&image, symbol);
	for (unsigned int i = 0; i < image.nr_segments; i++) {
		const struct segment *s = &image.segment[i];

		if (at >= s->vaddr && at < s->vaddr + s->filesz)
			memcpy(file + (s->data - image.file) + (at - s->vaddr), code, len);
	}
	free_image(&image);
	to = fopen(path, "wb");
	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	CU_ASSERT_EQUAL(fwrite(file, 1, image_base.len, to), image_base.len);
	fclose(to);
	free(file);
}

static void test_ports(void)
{
	static const struct {
		const char *code; /* at ring 0, where a TLB entry was to be flushed */
		const char *says;
	} cases[] = {
		{ "\xe6\x80\x90",
		  "the guest has written to I/O port 0x80, 1 byte, at gate_INVLPG" },
		{ "\xe4\x60\x90", "the guest has read from I/O port 0x60, 1 byte, at gate_INVLPG" },
		{ "\xe7\x70\x90",
		  "the guest has written to I/O port 0x70, 4 bytes, at gate_INVLPG" },
	};
	char path[64], args[256];

	snprintf(path, sizeof(path), "%s/guest.elf", cli_dir());
	for (size_t i = 0; i < NR_OF(cases); i++) {
		write_image(path, "gate_INVLPG", cases[i].code, 3);
		snprintf(args, sizeof(args),
			 "run shootdown --backend native --invlpgb n --paravirt y --table "
			 "--image-pv %s",
			 path);
		cli_expect(&(struct cli_case){ args, 1, cases[i].says });
		CU_ASSERT_TRUE(cli_says("there is nothing behind any port here"));
	}
	unlink(path);
	cli_dir_gone();
}

SUITE(cli_ports, true, { "a port", test_ports });
