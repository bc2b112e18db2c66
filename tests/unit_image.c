/* SPDX-License-Identifier: GPL-2.0-only */
/* Guest images: the built ones, what image_*() answer, files that are none. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image_bed.h"
#include "machine/layout.h"
#include "unit_util.h"

static void good(void)
{
	struct error err = { 0 };
	struct image image;
	bool loaded;

	image_base_need();
	CU_ASSERT_EQUAL_FATAL(load_image(&image, test_image_pv, &err), 0);
	CU_ASSERT_EQUAL(err.status, STATUS_OK);
	CU_ASSERT_STRING_EQUAL(image.path, test_image_pv);
	CU_ASSERT_EQUAL(image.desc.magic, PVTLB_IMAGE_MAGIC);
	CU_ASSERT_EQUAL(image.desc.flags, PVTLB_IMAGE_PARAVIRT);
	CU_ASSERT(image.desc.flush_tlb_multi_slot);
	CU_ASSERT(image.nr_scenarios > 0);
	CU_ASSERT(image.policies.nr >= 7 && policies_find(&image.policies, NULL));
	CU_ASSERT_EQUAL(image.entry, image_symbol(&image, "startup"));
	CU_ASSERT_EQUAL(image.file_len, image_base.len);
	free_image(&image);
	CU_ASSERT_PTR_NULL(image.file);
	CU_ASSERT(image_sound(image_base.file, image_base.len, &loaded));
	CU_ASSERT_TRUE(loaded);
}

static void good_nopv(void)
{
	struct error err = { 0 };
	struct image image;

	CU_ASSERT_EQUAL_FATAL(load_image(&image, test_image_nopv, &err), 0);
	CU_ASSERT_EQUAL(image.desc.flags, 0);
	CU_ASSERT_EQUAL(image.desc.flush_tlb_multi_slot, 0);
	free_image(&image);
}

/* What is given is copied: it may go away. */
static void copied(void)
{
	struct error err = { 0 };
	struct image image;
	char name[] = NAME, text[64];
	uint8_t *file;

	image_base_need();
	file = malloc(image_base.len);
	memcpy(file, image_base.file, image_base.len);
	CU_ASSERT_EQUAL_FATAL(load_image_mem(&image, name, file, image_base.len, &err), 0);
	memset(file, 0, image_base.len);
	memset(name, 'x', sizeof(name) - 1);
	free(file);
	CU_ASSERT_STRING_EQUAL(image.path, NAME);
	CU_ASSERT_STRING_EQUAL(image_symbolize(&image, image.entry, text, sizeof(text)), "startup");
	CU_ASSERT(image_use(&image));
	free_image(&image);
}

static void answers(void)
{
	struct error err = { 0 };
	struct image image;
	const struct segment *s;

	image_base_need();
	CU_ASSERT_EQUAL_FATAL(load_image(&image, test_image_pv, &err), 0);
	CU_ASSERT_EQUAL_FATAL(image.nr_segments, 2);
	s = image.segment;
	for (unsigned int i = 0; i < image.nr_segments; i++, s++) {
		const struct {
			gva_t addr;
			uint64_t len;
			gpa_t want;
		} cases[] = {
			{ s->vaddr, 0, s->paddr },
			{ s->vaddr, 1, s->paddr },
			{ s->vaddr, s->memsz, s->paddr },
			{ s->vaddr, s->memsz + 1, 0 },
			{ s->vaddr, UINT64_MAX, 0 },
			{ s->vaddr + 1, s->memsz - 1, s->paddr + 1 },
			{ s->vaddr + 1, s->memsz, 0 },
			{ s->vaddr + s->memsz - 1, 1, s->paddr + s->memsz - 1 },
			{ s->vaddr + s->memsz - 1, 2, 0 },
			{ s->vaddr + s->memsz, 1, 0 },
			{ s->vaddr - 1, 1, 0 },
			{ s->vaddr - 1, 2, 0 },
		};

		for (size_t k = 0; k < NR_OF(cases); k++)
			EXPECT(image_gpa(&image, cases[k].addr, cases[k].len) == cases[k].want,
			       "segment %u, case %zu", i, k);
	}
	/* Per-CPU data comes last. */
	CU_ASSERT_EQUAL(image_end(&image), image.segment[1].paddr + image.segment[1].memsz);
	for (unsigned int i = 0; i < image.nr_scenarios; i++)
		CU_ASSERT_PTR_EQUAL(image_scenario(&image, image.scenario[i].name),
				    &image.scenario[i]);
	CU_ASSERT_PTR_NULL(image_scenario(&image, "no such scenario"));
	CU_ASSERT_PTR_NULL(image_scenario(&image, ""));
	CU_ASSERT_EQUAL(image_symbol(&image, "no_such_symbol"), 0);
	CU_ASSERT_EQUAL(image_symbol(&image, ""), 0);
	CU_ASSERT_EQUAL(image_symbol(&image, "native_flush_tlb_multi"),
			image.desc.native_flush_tlb_multi);
	free_image(&image);
}

/* The end is in memory, whatever of it is in the file, and of the highest segment. */
static void end(void)
{
	const struct image image = {
		.segment = { { .paddr = 0x2000000, .filesz = 0x1000, .memsz = 0x5000 },
			     { .paddr = 0x1000000, .filesz = 0x2000, .memsz = 0x2000 } },
		.nr_segments = 2,
	};
	const struct image none = { .nr_segments = 0 };

	CU_ASSERT_EQUAL(image_end(&image), 0x2005000);
	CU_ASSERT_EQUAL(image_end(&none), 0);
}

static void symbolize(void)
{
	/* Sorted by address; the one without a size is a label of assembly. */
	struct symbol symbols[] = {
		{ 0x1000, 0x10, "first" },
		{ 0x1010, 0, "label" },
		{ 0x1020, 0x8, "inner" },
		{ 0x9000, 0x100, "big" },
	};
	const struct image image = { .symbol = symbols, .nr_symbols = NR_OF(symbols) };
	static const struct {
		gva_t addr;
		const char *want;
	} cases[] = {
		{ 0, "0" },
		{ 0xfff, "0xfff" },
		{ 0x1000, "first" },
		{ 0x1001, "first+0x1" },
		{ 0x100f, "first+0xf" },
		{ 0x1010, "label" },
		{ 0x101f, "label+0xf" },
		{ 0x1020, "inner" },
		{ 0x1027, "inner+0x7" },
		{ 0x1028, "label+0x18" },
		{ 0x200f, "label+0xfff" },
		{ 0x2010, "0x2010" },
		{ 0x90ff, "big+0xff" },
		{ 0x9100, "0x9100" },
		{ UINT64_MAX, "0xffffffffffffffff" },
	};
	char text[64], small[6];

	for (size_t i = 0; i < NR_OF(cases); i++) {
		CU_ASSERT_PTR_EQUAL(image_symbolize(&image, cases[i].addr, text, sizeof(text)),
				    text);
		EXPECT(!strcmp(text, cases[i].want), "%#llx: %s", (unsigned long long)cases[i].addr,
		       text);
	}
	CU_ASSERT_STRING_EQUAL(image_symbolize(&image, 0x90ff, small, sizeof(small)), "big+0");
}

static void expect_no_file(const char *path, const char *want)
{
	struct error err = { 0 };
	struct image image;

	CU_ASSERT_EQUAL(load_image(&image, path, &err), -1);
	CU_ASSERT_EQUAL(err.status, STATUS_FAIL);
	EXPECT(!strncmp(err.text, path, strlen(path)), "%s: %s", path, err.text);
	EXPECT(strstr(err.text, want), "%s: %s", path, err.text);
}

static void files(void)
{
	char dir[] = "/tmp/pvtlb-unit-XXXXXX", path[64];
	int fd, fifo;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
	expect_no_file(dir, "not a regular file");

	snprintf(path, sizeof(path), "%s/none", dir);
	expect_no_file(path, "No such file or directory; is the guest built? try: make");

	snprintf(path, sizeof(path), "%s/empty", dir);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	expect_no_file(path, "not an ELF file");
	/* Too large to be read at all; nothing is written, so it takes no space. */
	CU_ASSERT_EQUAL(ftruncate(fd, (64 << 20) + 1), 0);
	expect_no_file(path, "not a regular file of at most 64 MiB");
	close(fd);
	unlink(path);

	/* Open for writing here: without that a reader would wait for somebody to be. */
	snprintf(path, sizeof(path), "%s/fifo", dir);
	CU_ASSERT_EQUAL(mkfifo(path, 0600), 0);
	fifo = open(path, O_RDWR);
	expect_no_file(path, "not a regular file");
	close(fifo);
	unlink(path);
	rmdir(dir);
	expect_no_file("/dev/zero", "not a regular file");
}

SUITE(unit_image, false, { "the built image", good }, { "the one without pv_ops", good_nopv },
      { "the file is copied", copied }, { "image_gpa, image_end, names", answers },
      { "image_end", end }, { "image_symbolize", symbolize }, { "files that are none", files });
