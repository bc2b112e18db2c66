/* SPDX-License-Identifier: GPL-2.0-only */
/* Guest images: the built one, everything that can be wrong with one, and thousands mutated. */
#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "machine/image.h"
#include "machine/layout.h"
#include "unit_util.h"

#define NAME "some-guest.elf"

/* The good image's bytes, and where its parts are in them. */
static struct {
	uint8_t *file;
	size_t len;
	size_t desc, scenarios, symtab, symtab_len, symtab_header, strtab;
	struct pvtlb_image d;
	unsigned int nr_scenarios;
} base;

static void die(const char *what)
{
	fprintf(stderr, "unit_image: %s: %s; is the guest built?\n", test_image_pv, what);
	CU_FAIL_FATAL("no good image to start from");
}

static void read_base(void)
{
	FILE *f = fopen(test_image_pv, "rb");

	if (!f || fseek(f, 0, SEEK_END))
		die("cannot read");
	base.len = ftell(f);
	rewind(f);
	base.file = malloc(base.len);
	if (!base.file || fread(base.file, 1, base.len, f) != base.len)
		die("cannot read");
	fclose(f);
}

/* Place in the file of a linked address. */
static size_t offset_of(const struct image *image, gva_t addr)
{
	for (unsigned int i = 0; i < image->nr_segments; i++) {
		const struct segment *s = &image->segment[i];

		if (addr >= s->vaddr && addr < s->vaddr + s->filesz)
			return s->data - image->file + (addr - s->vaddr);
	}
	die("an address is in no segment");
	return 0;
}

static void find_symtab(void)
{
	const Elf64_Ehdr *eh = (const Elf64_Ehdr *)base.file;

	for (unsigned int i = 0; i < eh->e_shnum; i++) {
		size_t at = eh->e_shoff + i * sizeof(Elf64_Shdr);
		const Elf64_Shdr *sh = (const Elf64_Shdr *)(base.file + at);

		if (sh->sh_type != SHT_SYMTAB)
			continue;
		base.symtab = sh->sh_offset;
		base.symtab_len = sh->sh_size;
		base.symtab_header = at;
		base.strtab =
			((const Elf64_Shdr *)(base.file + eh->e_shoff))[sh->sh_link].sh_offset;
	}
}

/* Once: whoever needs it first. There is no end to clean up at, so it stays reachable. */
static void need_base(void)
{
	struct error err = { 0 };
	struct image image;

	if (base.desc)
		return;
	free(base.file);
	read_base();
	if (load_image_mem(&image, test_image_pv, base.file, base.len, &err))
		die(err.text);
	base.d = image.desc;
	base.nr_scenarios = image.nr_scenarios;
	base.scenarios = offset_of(&image, image.desc.scenarios_start);
	find_symtab();
	base.desc = offset_of(&image, image_symbol(&image, PVTLB_IMAGE_SYMBOL));
	free_image(&image);
}

/* --- loading, with what must hold of anything that loads --- */

static bool segments_hold(const struct image *image)
{
	for (unsigned int i = 0; i < image->nr_segments; i++) {
		const struct segment *s = &image->segment[i];
		size_t at = s->data - image->file;

		if (s->filesz > s->memsz || at > image->file_len ||
		    s->filesz > image->file_len - at)
			return false;
		if (s->paddr < IMAGE_GPA_MIN || s->paddr + s->memsz > IMAGE_GPA_MAX ||
		    (s->paddr | s->vaddr) & 0xfff)
			return false;
		for (unsigned int k = 0; k < i; k++)
			if (image->segment[k].paddr < s->paddr + s->memsz &&
			    s->paddr < image->segment[k].paddr + image->segment[k].memsz)
				return false;
	}
	return image->nr_segments >= 1 && image->nr_segments <= IMAGE_MAX_SEGMENTS;
}

static bool scenarios_hold(const struct image *image)
{
	for (unsigned int i = 0; i < image->nr_scenarios; i++) {
		const struct pvtlb_scenario *s = &image->scenario[i];

		if (!s->name[0] || strnlen(s->name, 32) == 32 || strnlen(s->title, 96) == 96)
			return false;
		if (s->min_cpus < 1 || s->min_cpus > s->max_cpus || s->max_cpus > 255 ||
		    s->reserved)
			return false;
	}
	return true;
}

/* The VMM copies the template from where the image says that it is. */
static bool percpu_holds(const struct image *image)
{
	const struct pvtlb_image *d = &image->desc;

	return d->percpu_load >= IMAGE_GPA_MIN && d->percpu_load < IMAGE_GPA_MAX &&
	       image_gpa(image, d->percpu_start, d->percpu_end - d->percpu_start) ==
		       d->percpu_load &&
	       d->percpu_end - d->percpu_start <= 1u << 20;
}

/* Every stub in pages that are for ring 0 only. */
static bool stubs_hold(const struct image *image)
{
	const struct pvtlb_image *d = &image->desc;

	return d->ring0_start <= d->idt_stubs &&
	       d->ring0_end - d->idt_stubs >= 256 * PVTLB_IDT_STUB_STRIDE &&
	       image_gpa(image, d->idt_stubs, 256 * PVTLB_IDT_STUB_STRIDE);
}

/* Use everything that reads a loaded image, for the sanitizers. */
static bool use(const struct image *image)
{
	char text[64];
	gva_t sum = image_end(image);

	for (size_t i = 0; i < image->nr_symbols; i += 16) {
		gva_t addr = image->symbol[i].addr;

		if (image_symbolize(image, addr + 1, text, sizeof(text)) != text || !text[0])
			return false;
		sum += image_symbol(image, image->symbol[i].name);
	}
	for (unsigned int i = 0; i < image->nr_scenarios; i++)
		if (!image_scenario(image, image->scenario[i].name))
			return false;
	return sum && !image_scenario(image, "") && image_end(image) <= IMAGE_GPA_MAX;
}

/* Load; is what comes out sound? An error has to name the file and to say something. */
static bool sound(const void *file, size_t len, bool *loaded)
{
	struct error err = { 0 };
	struct image image;
	bool ok;

	*loaded = !load_image_mem(&image, NAME, file, len, &err);
	if (!*loaded)
		return err.status == STATUS_FAIL &&
		       !strncmp(err.text, NAME ": ", strlen(NAME) + 2) &&
		       strlen(err.text) > strlen(NAME) + 10 && !strchr(err.text, '\n');
	ok = !err.status && segments_hold(&image) && scenarios_hold(&image) &&
	     percpu_holds(&image) && stubs_hold(&image) && use(&image);
	free_image(&image);
	return ok;
}

static uint8_t *copy_with_room(size_t room)
{
	uint8_t *file;

	need_base();
	file = calloc(1, base.len + room);
	memcpy(file, base.file, base.len);
	return file;
}

static void expect_error(const char *what, const void *file, size_t len, const char *want)
{
	struct error err = { 0 };
	struct image image;

	if (!EXPECT(load_image_mem(&image, NAME, file, len, &err) == -1, "%s: loaded", what)) {
		free_image(&image);
		return;
	}
	EXPECT(err.status == STATUS_FAIL, "%s: status %d", what, err.status);
	EXPECT(!strncmp(err.text, NAME ": ", strlen(NAME) + 2), "%s: %s", what, err.text);
	EXPECT(strstr(err.text, want), "%s: %s", what, err.text);
}

/* --- good ones --- */

static void good(void)
{
	struct error err = { 0 };
	struct image image;
	bool loaded;

	need_base();
	CU_ASSERT_EQUAL_FATAL(load_image(&image, test_image_pv, &err), 0);
	CU_ASSERT_EQUAL(err.status, STATUS_OK);
	CU_ASSERT_STRING_EQUAL(image.path, test_image_pv);
	CU_ASSERT_EQUAL(image.desc.magic, PVTLB_IMAGE_MAGIC);
	CU_ASSERT_EQUAL(image.desc.flags, PVTLB_IMAGE_PARAVIRT);
	CU_ASSERT(image.desc.flush_tlb_multi_slot);
	CU_ASSERT(image.nr_scenarios > 0);
	CU_ASSERT_EQUAL(image.entry, image_symbol(&image, "startup"));
	CU_ASSERT_EQUAL(image.file_len, base.len);
	free_image(&image);
	CU_ASSERT_PTR_NULL(image.file);
	CU_ASSERT(sound(base.file, base.len, &loaded));
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

	need_base();
	file = malloc(base.len);
	memcpy(file, base.file, base.len);
	CU_ASSERT_EQUAL_FATAL(load_image_mem(&image, name, file, base.len, &err), 0);
	memset(file, 0, base.len);
	memset(name, 'x', sizeof(name) - 1);
	free(file);
	CU_ASSERT_STRING_EQUAL(image.path, NAME);
	CU_ASSERT_STRING_EQUAL(image_symbolize(&image, image.entry, text, sizeof(text)), "startup");
	CU_ASSERT(use(&image));
	free_image(&image);
}

/* --- what image_*() answer --- */

static void answers(void)
{
	struct error err = { 0 };
	struct image image;
	const struct segment *s;

	need_base();
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

/* --- files --- */

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

/* --- one field set, or moved by a little --- */

enum part { EHDR, PHDR0, PHDR1, PHDR2, DESC, SCENARIO0, SCENARIO_LAST };

struct poke {
	const char *what;
	enum part part;
	size_t offset, size;
	bool add;
	uint64_t value;
	const char *want; /* a part of the error's text */
};

static size_t place(enum part part)
{
	const Elf64_Ehdr *eh = (const Elf64_Ehdr *)base.file;

	switch (part) {
	case EHDR:
		return 0;
	case DESC:
		return base.desc;
	case SCENARIO0:
		return base.scenarios;
	case SCENARIO_LAST:
		return base.scenarios + (base.nr_scenarios - 1) * sizeof(struct pvtlb_scenario);
	default:
		return eh->e_phoff + (part - PHDR0) * sizeof(Elf64_Phdr);
	}
}

#define FIELD(type, field) offsetof(type, field), sizeof(((type *)0)->field)
#define EH(field)	   EHDR, FIELD(Elf64_Ehdr, field)
#define PH(n, field)	   PHDR##n, FIELD(Elf64_Phdr, field)
#define D(field)	   DESC, FIELD(struct pvtlb_image, field)
#define S0(field)	   SCENARIO0, FIELD(struct pvtlb_scenario, field)
#define SL(field)	   SCENARIO_LAST, FIELD(struct pvtlb_scenario, field)
#define SET		   false
#define ADD		   true
#define MINUS(n)	   (-(uint64_t)(n))

static void poke(uint8_t *file, const struct poke *p)
{
	uint8_t *at = file + place(p->part) + p->offset;
	size_t size = p->size < sizeof(uint64_t) ? p->size : sizeof(uint64_t);
	uint64_t value = 0;

	memcpy(&value, at, size);
	value = p->add ? value + p->value : p->value;
	memcpy(at, &value, size);
}

static void expect_pokes(const struct poke *pokes, size_t nr)
{
	need_base();
	for (size_t i = 0; i < nr; i++) {
		uint8_t *file = copy_with_room(0);

		poke(file, &pokes[i]);
		if (pokes[i].want) {
			expect_error(pokes[i].what, file, base.len, pokes[i].want);
		} else {
			bool loaded;

			EXPECT(sound(file, base.len, &loaded) && loaded, "%s: does not load",
			       pokes[i].what);
		}
		free(file);
	}
}

static void elf_header(void)
{
	static const struct poke pokes[] = {
		{ "unchanged", EH(e_version), ADD, 0, NULL },
		{ "magic", EHDR, 0, 1, SET, 0x7e, "not an ELF file" },
		{ "class 32", EHDR, EI_CLASS, 1, SET, ELFCLASS32, "not a" },
		{ "class 0", EHDR, EI_CLASS, 1, SET, 0, "not an ELF file" },
		{ "big endian", EHDR, EI_DATA, 1, SET, ELFDATA2MSB, "not a" },
		{ "i386", EH(e_machine), SET, EM_386, "not a 64-bit x86 executable" },
		{ "arm64", EH(e_machine), SET, EM_AARCH64, "not a 64-bit x86 executable" },
		{ "ET_DYN", EH(e_type), SET, ET_DYN, "not a 64-bit x86 executable" },
		{ "ET_REL", EH(e_type), SET, ET_REL, "not a 64-bit x86 executable" },
		{ "ET_CORE", EH(e_type), SET, ET_CORE, "not a 64-bit x86 executable" },
		{ "entry 8 bytes below", EH(e_entry), SET, 0xffffffff80fffff8, "entry point" },
		{ "entry at the very top", EH(e_entry), SET, UINT64_MAX, "entry point" },
		{ "no program headers", EH(e_phnum), SET, 0, "" },
		{ "too many program headers", EH(e_phnum), SET, 0xfffe, "" },
		{ "PN_XNUM", EH(e_phnum), SET, PN_XNUM, "" },
		{ "program headers beyond", EH(e_phoff), SET, 1ull << 40, "" },
		{ "program headers at the top", EH(e_phoff), SET, UINT64_MAX, "" },
		{ "no section headers", EH(e_shoff), SET, 0, "no symbol table (stripped?)" },
		{ "section headers beyond", EH(e_shoff), SET, 1ull << 40, "" },
		{ "section headers at the top", EH(e_shoff), SET, UINT64_MAX, "" },
	};

	expect_pokes(pokes, NR_OF(pokes));
}

static void segments(void)
{
	static const struct poke pokes[] = {
		{ "no PT_LOAD before", PH(0, p_type), SET, PT_NOTE, "" },
		{ "data beyond the file", PH(0, p_offset), SET, 1ull << 40, "truncated?" },
		{ "data at the top", PH(0, p_offset), SET, UINT64_MAX, "truncated?" },
		{ "data wraps", PH(0, p_offset), SET, MINUS(0x8000), "truncated?" },
		{ "filesz > memsz", PH(1, p_filesz), ADD, 1, "larger in the file than in memory" },
		{ "filesz huge", PH(0, p_filesz), SET, UINT64_MAX,
		  "larger in the file than in memory" },
		{ "memsz < filesz", PH(0, p_memsz), SET, 1, "larger in the file than in memory" },
		{ "paddr below", PH(0, p_paddr), ADD, MINUS(PVTLB_PAGE_SIZE),
		  "outside 16 to 80 MiB" },
		{ "paddr 0", PH(0, p_paddr), SET, 0, "outside 16 to 80 MiB" },
		{ "paddr at the end", PH(0, p_paddr), SET, IMAGE_GPA_MAX, "outside 16 to 80 MiB" },
		{ "paddr above", PH(1, p_paddr), SET, IMAGE_GPA_MAX + PVTLB_PAGE_SIZE,
		  "outside 16" },
		{ "end above", PH(1, p_paddr), SET, IMAGE_GPA_MAX - 0x6000,
		  "outside 16 to 80 MiB" },
		{ "paddr at the top", PH(0, p_paddr), SET, MINUS(PVTLB_PAGE_SIZE), "outside 16" },
		{ "paddr linked", PH(0, p_paddr), SET, 0xffffffff81000000, "outside 16 to 80 MiB" },
		{ "memsz to the end", PH(1, p_memsz), SET, IMAGE_GPA_MAX - 0x1000000,
		  "outside 16" },
		{ "memsz huge", PH(0, p_memsz), SET, UINT64_MAX, "outside 16 to 80 MiB" },
		{ "memsz wraps paddr", PH(0, p_memsz), SET, MINUS(0x1000000),
		  "outside 16 to 80 MiB" },
		{ "vaddr wraps", PH(0, p_vaddr), SET, MINUS(PVTLB_PAGE_SIZE), "wrap around" },
		{ "vaddr ends at 0", PH(1, p_vaddr), SET, MINUS(0x7000), "wrap around" },
		{ "vaddr not aligned", PH(0, p_vaddr), ADD, 8, "not page aligned" },
		{ "paddr not aligned", PH(0, p_paddr), ADD, 1, "not page aligned" },
		{ "the same paddr", PH(1, p_paddr), SET, 0x1000000, "segments overlap" },
		{ "overlap by a page", PH(1, p_paddr), ADD, MINUS(PVTLB_PAGE_SIZE),
		  "segments overlap" },
		{ "overlap by size", PH(0, p_memsz), ADD, 1, "segments overlap" },
	};

	expect_pokes(pokes, NR_OF(pokes));
}

static void descriptor(void)
{
	static const struct poke pokes[] = {
		{ "magic", D(magic), ADD, 1, "has no magic" },
		{ "magic's high byte", D(magic), ADD, 1ull << 56, "has no magic" },
		{ "version 0", D(version), SET, 0, "another version" },
		{ "version 2", D(version), SET, 2, "another version" },
		{ "flag 1", D(flags), SET, 3, "unknown flags" },
		{ "flag 31", D(flags), SET, 1u << 31, "unknown flags" },
		{ "stubs nowhere", D(idt_stubs), SET, 0, "ring-0 pages" },
		{ "stubs beyond", D(idt_stubs), ADD, 0x100000, "ring-0 pages" },
		{ "stubs at the top", D(idt_stubs), SET, MINUS(16), "ring-0 pages" },
		{ "stubs before ring 0", D(idt_stubs), SET, 0xffffffff81000000, "ring-0 pages" },
		{ "ring 0 not aligned", D(ring0_start), ADD, 16, "ring-0 pages" },
		{ "ring 0's end not aligned", D(ring0_end), ADD, 16, "ring-0 pages" },
		{ "ring 0 backwards", D(ring0_end), ADD, MINUS(0x10000), "ring-0 pages" },
		{ "ring 0 to the top", D(ring0_end), SET, MINUS(PVTLB_PAGE_SIZE), "ring-0 pages" },
		{ "ring 0 from nowhere", D(ring0_start), SET, 0, "ring-0 pages" },
		{ "per-CPU backwards", D(percpu_start), SET, 0x8000, "per-CPU" },
		{ "per-CPU huge", D(percpu_end), SET, UINT64_MAX, "per-CPU" },
		{ "per-CPU too long", D(percpu_end), ADD, 1, "per-CPU" },
		{ "per-CPU load wrong", D(percpu_load), ADD, PVTLB_PAGE_SIZE, "per-CPU" },
		{ "per-CPU load 0", D(percpu_load), SET, 0, "per-CPU" },
		{ "table backwards", D(jump_table_end), ADD, MINUS(0x1000), "evidence" },
		{ "table beyond", D(jump_table_end), ADD, 0x1000000, "evidence" },
		{ "table from nowhere", D(jump_table_start), SET, 0xffff000000000000, "evidence" },
		{ "key nowhere", D(key), SET, 0xffff000000000000, "evidence" },
		{ "key's variable nowhere", D(key_enabled), SET, UINT64_MAX, "evidence" },
		{ "key's variable half out", D(key_enabled), SET, 0xffffffff80fffffe, "evidence" },
		{ "native nowhere", D(native_flush_tlb_multi), SET, UINT64_MAX, "evidence" },
		{ "slot nowhere", D(flush_tlb_multi_slot), SET, 1ull << 63, "evidence" },
		{ "slot half out", D(flush_tlb_multi_slot), SET, 0xffffffff80fffffc, "evidence" },
		{ "scenarios backwards", D(scenarios_end), ADD, MINUS(0x10000), "scenario table" },
		{ "scenarios huge", D(scenarios_end), SET, UINT64_MAX, "scenario table" },
		{ "scenarios nowhere", D(scenarios_start), SET, UINT64_MAX, "scenario table" },
		{ "part of a scenario", D(scenarios_end), ADD, MINUS(8), "scenario table" },
		{ "part of one more", D(scenarios_end), ADD, 8, "scenario table" },
	};

	expect_pokes(pokes, NR_OF(pokes));
}

/* A template is copied for each CPU: it has a limit of its own. */
static void percpu_large(void)
{
	static const struct {
		uint64_t end;
		bool ok;
	} cases[] = { { 0x100000, true }, { 0x100001, false }, { 0x200000, false } };

	need_base();
	for (size_t i = 0; i < NR_OF(cases); i++) {
		const struct poke pokes[] = {
			{ "memsz", PH(1, p_memsz), SET, 0x200000, "" },
			{ "end", D(percpu_end), SET, cases[i].end, "" },
		};
		uint8_t *file = copy_with_room(0);
		bool loaded;

		poke(file, &pokes[0]);
		poke(file, &pokes[1]);
		EXPECT(sound(file, base.len, &loaded) && loaded == cases[i].ok, "end %#llx",
		       (unsigned long long)cases[i].end);
		free(file);
	}
}

/* The template outside of every segment with its load address 0, which is "no segment". */
static void percpu_nowhere(void)
{
	static const struct poke pokes[] = {
		{ "start", D(percpu_start), SET, 0xffff000000000000, "" },
		{ "end", D(percpu_end), SET, 0xffff000000001000, "" },
		{ "load", D(percpu_load), SET, 0, "" },
	};
	uint8_t *file = copy_with_room(0);

	for (size_t i = 0; i < NR_OF(pokes); i++)
		poke(file, &pokes[i]);
	expect_error("template in no segment", file, base.len, "per-CPU");
	free(file);
}

/* The last stubs in pages that ring 3 may use. */
static void stubs_outside(void)
{
	struct poke p = { "stubs", D(idt_stubs), SET, 0, "" };
	uint8_t *file = copy_with_room(0);

	p.value = base.d.ring0_end - 16;
	poke(file, &p);
	expect_error("stubs end behind the ring-0 pages", file, base.len, "ring-0 pages");
	free(file);
}

static void scenarios(void)
{
	static const struct poke pokes[] = {
		{ "no name", S0(name), SET, 0, "description is broken" },
		{ "last without a name", SL(name), SET, 0, "description is broken" },
		{ "unknown claim", S0(flags), SET, 8, "description is broken" },
		{ "unknown flag", SL(flags), ADD, 1u << 30, "description is broken" },
		{ "all flags", S0(flags), SET, UINT32_MAX, "description is broken" },
		{ "all known flags", S0(flags), SET, 0x70007, NULL },
		{ "no claims", S0(flags), SET, 0, NULL },
		{ "min left to us", S0(min_cpus), SET, 0, NULL },
		{ "min > max", S0(min_cpus), SET, 256, "description is broken" },
		{ "max left to us", S0(max_cpus), SET, 0, NULL },
		{ "max below the min left to us", S0(max_cpus), SET, 1, "description is broken" },
		{ "max 256", S0(max_cpus), SET, 256, "description is broken" },
		{ "max huge", SL(max_cpus), SET, UINT32_MAX, "description is broken" },
		{ "max 255", S0(max_cpus), SET, 255, NULL },
		{ "reserved", S0(reserved), SET, 1, "description is broken" },
		{ "reserved, last", SL(reserved), SET, 1u << 31, "description is broken" },
	};

	expect_pokes(pokes, NR_OF(pokes));
}

/* Rules about held CPUs, in the last scenario's last place. */
static void holds(void)
{
#define GOOD_AT	   .cpus = PVTLB_HOLD_LAST, PVTLB_HOLD_AT(WALK_LOAD, shift, 21)
#define GOOD_UNTIL PVTLB_HOLD_UNTIL(TRIAL, step, 1)
	static const struct {
		const char *what;
		struct pvtlb_hold hold;
		bool good;
	} cases[] = {
		{ "good", { GOOD_AT, GOOD_UNTIL }, true },
		{ "any arguments",
		  { PVTLB_HOLD_WORKERS, PVTLB_EV_SYNC, PVTLB_HOLD_ANY, PVTLB_EV_GRACE, PVTLB_HOLD_ANY },
		  true },
		{ "no rule", { 0 }, true },
		{ "first events there are",
		  { PVTLB_HOLD_FIRST, PVTLB_EV_BOOT, 0, PVTLB_EV_BOOT, 1 },
		  true },
		{ "no such CPUs", { GOOD_UNTIL, .cpus = PVTLB_HOLD_NR, .at = 1 }, false },
		{ "no such CPUs, high bit", { GOOD_UNTIL, .cpus = 1u << 31 | 1, .at = 1 }, false },
		{ "reserved", { GOOD_AT, GOOD_UNTIL, .reserved = 1 }, false },
		{ "reserved of no rule", { .reserved = 1u << 31 }, false },
		{ "at nothing", { GOOD_UNTIL, .cpus = 1, .at = PVTLB_EV_NONE }, false },
		{ "at what is no event", { GOOD_UNTIL, .cpus = 1, .at = PVTLB_EV_NR }, false },
		{ "at 2^16 + 1", { GOOD_UNTIL, .cpus = 1, .at = 0x10001 }, false },
		{ "at argument 6", { GOOD_UNTIL, .cpus = 1, .at = PVTLB_EV_ACCESS, .at_arg = 6 },
		  false },
		{ "at an argument it does not have",
		  { GOOD_UNTIL, .cpus = 1, .at = PVTLB_EV_WALK_END, .at_arg = 2 },
		  false },
		{ "within a set of CPUs",
		  { GOOD_UNTIL, .cpus = 1, .at = PVTLB_EV_FLUSH_MULTI, .at_arg = 1 },
		  false },
		{ "nearly any", { GOOD_UNTIL, .cpus = 1, .at = 1, .at_arg = PVTLB_HOLD_ANY - 1 },
		  false },
		{ "at an interrupt that waits", { GOOD_UNTIL, .cpus = 1, .at = PVTLB_EV_IRQ_PEND },
		  false },
		{ "at repeated ones", { GOOD_UNTIL, .cpus = 1, .at = PVTLB_EV_IRQ_REPEAT }, false },
		{ "at a hold", { GOOD_UNTIL, .cpus = 1, .at = PVTLB_EV_HELD }, false },
		{ "until nothing", { GOOD_AT }, false },
		{ "until what is no event", { GOOD_AT, .until = UINT32_MAX }, false },
		{ "until an interrupt that waits", { GOOD_AT, .until = PVTLB_EV_IRQ_PEND }, false },
		{ "until repeated ones", { GOOD_AT, .until = PVTLB_EV_IRQ_REPEAT }, false },
		{ "until a release", { GOOD_AT, .until = PVTLB_EV_RESUMED }, false },
		{ "until an argument it does not have",
		  { GOOD_AT, .until = PVTLB_EV_WAIT, .until_arg = 3 },
		  false },
	};
	size_t at = offsetof(struct pvtlb_scenario, hold[PVTLB_HOLDS - 1]);

	need_base();
	at += base.scenarios + (base.nr_scenarios - 1) * sizeof(struct pvtlb_scenario);
	for (size_t i = 0; i < NR_OF(cases); i++) {
		uint8_t *file = copy_with_room(0);
		bool loaded;

		memcpy(file + at, &cases[i].hold, sizeof(cases[i].hold));
		if (cases[i].good)
			EXPECT(sound(file, base.len, &loaded) && loaded, "%s", cases[i].what);
		else
			expect_error(cases[i].what, file, base.len, "description is broken");
		free(file);
	}
}

/* Text of a scenario filled to its last byte, and to the one before. */
static void scenario_text(void)
{
	static const struct {
		size_t offset, size;
	} texts[] = {
		{ FIELD(struct pvtlb_scenario, name) },
		{ FIELD(struct pvtlb_scenario, title) },
	};

	need_base();
	for (size_t i = 0; i < NR_OF(texts); i++) {
		uint8_t *file = copy_with_room(0);
		uint8_t *text = file + base.scenarios + texts[i].offset;
		bool loaded;

		memset(text, 'a', texts[i].size - 1);
		text[texts[i].size - 1] = 0;
		EXPECT(sound(file, base.len, &loaded) && loaded, "text %zu, one short", i);
		text[texts[i].size - 1] = 'a';
		expect_error("unterminated text", file, base.len, "description is broken");
		free(file);
	}
}

/* It is printed: control characters are for the terminal and no text. */
static void scenario_control_characters(void)
{
	static const size_t offsets[] = { offsetof(struct pvtlb_scenario, name),
					  offsetof(struct pvtlb_scenario, title) };
	static const char *const texts[] = { "a\nb", "\033[2J", "\r", "\177" };

	need_base();
	for (size_t i = 0; i < NR_OF(offsets); i++) {
		for (size_t t = 0; t < NR_OF(texts); t++) {
			uint8_t *file = copy_with_room(0);

			memcpy(file + base.scenarios + offsets[i], texts[t], strlen(texts[t]) + 1);
			expect_error("control character", file, base.len, "description is broken");
			free(file);
		}
	}
}

/* --- more than one field --- */

/* nr small segments behind the real ones, by a table of program headers at the file's end. */
static void many_segments(void)
{
	for (unsigned int nr = 7; nr <= 12; nr++) {
		uint8_t *file = copy_with_room(16 * sizeof(Elf64_Phdr));
		Elf64_Ehdr *eh = (Elf64_Ehdr *)file;
		size_t at = (base.len + 7) & ~7ul;
		Elf64_Phdr *ph = (Elf64_Phdr *)(file + at);
		bool loaded;

		memcpy(ph, file + eh->e_phoff, 2 * sizeof(*ph));
		for (unsigned int i = 2; i < nr; i++)
			ph[i] = (Elf64_Phdr){ .p_type = PT_LOAD,
					      .p_vaddr = 0xffffffff90000000 + i * 0x1000,
					      .p_paddr = 0x2000000 + i * 0x1000,
					      .p_memsz = 0x1000 };
		eh->e_phoff = at;
		eh->e_phnum = nr;
		if (nr <= IMAGE_MAX_SEGMENTS)
			EXPECT(sound(file, at + nr * sizeof(*ph), &loaded) && loaded, "%u", nr);
		else
			expect_error("9 and more", file, at + nr * sizeof(*ph), "too many");
		free(file);
	}
}

/*
 * One good image with one segment more, a page at this linked address. The VMM maps segments
 * by their linked addresses: over another one, or over what it has mapped for itself, is not
 * something that a check of gpas finds.
 */
static void segment_addresses(void)
{
	static const struct {
		const char *what;
		gva_t vaddr;
		bool ok;
	} cases[] = {
		{ "behind the image", 0xffffffff82000000, true },
		{ "on the image's first page", 0xffffffff81000000, false },
		{ "on the image's second page", 0xffffffff81001000, false },
		{ "on the per-CPU template", 0, false },
		{ "not canonical", 0x0000ffff82000000, false },
		{ "user space", 0x400000, false },
		{ "in the direct map", 0xffff888000000000, false },
		{ "in the entry area", 0xfffffe0000000000, false },
		{ "on the doorbell", 0xffffffffff5fc000, false },
		{ "on the local APIC", 0xffffffffff5fd000, false },
	};
	size_t at;

	need_base();
	at = (base.len + 7) & ~7ul;
	for (size_t i = 0; i < NR_OF(cases); i++) {
		uint8_t *file = copy_with_room(4 * sizeof(Elf64_Phdr));
		Elf64_Ehdr *eh = (Elf64_Ehdr *)file;
		Elf64_Phdr *ph = (Elf64_Phdr *)(file + at);
		bool loaded;

		memcpy(ph, file + eh->e_phoff, 2 * sizeof(*ph));
		ph[2] = (Elf64_Phdr){ .p_type = PT_LOAD,
				      .p_vaddr = cases[i].vaddr,
				      .p_paddr = 0x2000000,
				      .p_memsz = 0x1000 };
		eh->e_phoff = at;
		eh->e_phnum = 3;
		if (cases[i].ok)
			EXPECT(sound(file, at + 3 * sizeof(*ph), &loaded) && loaded, "%s",
			       cases[i].what);
		else
			expect_error(cases[i].what, file, at + 3 * sizeof(*ph), "segment");
		free(file);
	}
}

static void no_segments(void)
{
	uint8_t *file = copy_with_room(0);
	Elf64_Phdr *ph = (Elf64_Phdr *)(file + sizeof(Elf64_Ehdr));

	ph[0].p_memsz = ph[1].p_memsz = 0;
	expect_error("empty segments only", file, base.len, "no PT_LOAD segment");
	ph[0].p_type = ph[1].p_type = PT_NULL;
	expect_error("no PT_LOAD", file, base.len, "no PT_LOAD segment");
	free(file);
}

static Elf64_Shdr *symtab_header(uint8_t *file)
{
	return (Elf64_Shdr *)(file + base.symtab_header);
}

/* Symbol tables that are gone, or lie. */
static void symtabs(void)
{
	static const struct {
		const char *what;
		Elf64_Shdr set; /* what is not 0 is set */
		const char *want;
	} cases[] = {
		{ "no SYMTAB", { .sh_type = SHT_PROGBITS }, "no symbol table (stripped?)" },
		{ "size 1", { .sh_size = 1 }, "descriptor" },
		{ "size beyond the file", { .sh_size = 1ull << 40 }, "descriptor" },
		{ "size of everything", { .sh_size = UINT64_MAX }, "descriptor" },
		{ "offset beyond the file", { .sh_offset = 1ull << 40 }, "descriptor" },
		{ "strings in no section", { .sh_link = 0xff00 }, "descriptor" },
		{ "strings in the symbols", { .sh_link = 16 }, "descriptor" },
		{ "entries of one byte", { .sh_entsize = 1 }, "" },
	};

	for (size_t i = 0; i < NR_OF(cases); i++) {
		uint8_t *file = copy_with_room(0);
		Elf64_Shdr *sh = symtab_header(file);
		bool loaded;

		if (cases[i].set.sh_type)
			sh->sh_type = cases[i].set.sh_type;
		if (cases[i].set.sh_size)
			sh->sh_size = cases[i].set.sh_size;
		if (cases[i].set.sh_offset)
			sh->sh_offset = cases[i].set.sh_offset;
		if (cases[i].set.sh_link)
			sh->sh_link = cases[i].set.sh_link;
		if (cases[i].set.sh_entsize)
			sh->sh_entsize = cases[i].set.sh_entsize;
		if (cases[i].want[0])
			expect_error(cases[i].what, file, base.len, cases[i].want);
		else
			EXPECT(sound(file, base.len, &loaded), "%s", cases[i].what);
		free(file);
	}
}

/*
 * The symbol of the descriptor is gone: that, and nothing else, is what is to be said. (The
 * per-CPU segment is linked at 0: the address of "no symbol" has bytes.)
 */
static void no_descriptor(void)
{
	for (int undefined = 0; undefined < 2; undefined++) {
		uint8_t *file = copy_with_room(0);
		Elf64_Sym *sym = (Elf64_Sym *)(file + base.symtab);
		size_t nr = base.symtab_len / sizeof(*sym);

		while (nr &&
		       strcmp((char *)file + base.strtab + sym->st_name, PVTLB_IMAGE_SYMBOL)) {
			sym++;
			nr--;
		}
		CU_ASSERT_FATAL(nr > 0);
		if (undefined)
			sym->st_shndx = SHN_UNDEF;
		else
			sym->st_name = 0;
		expect_error("no descriptor", file, base.len,
			     "no " PVTLB_IMAGE_SYMBOL " descriptor in it");
		free(file);
	}
}

/* --- other bytes altogether --- */

static void not_images(void)
{
	static const char text[] = "#!/bin/sh\nexit 0\n", magic[] = "\177ELF";
	uint8_t page[4096];

	expect_error("empty", "", 0, "not an ELF file");
	expect_error("one byte", "\177", 1, "not an ELF file");
	expect_error("a script", text, sizeof(text), "not an ELF file");
	expect_error("the magic and no more", magic, 4, "");
	memset(page, 0, sizeof(page));
	expect_error("zeroes", page, sizeof(page), "not an ELF file");
	memset(page, 0xff, sizeof(page));
	expect_error("ones", page, sizeof(page), "not an ELF file");
	memcpy(page, magic, 4);
	expect_error("ones with the magic", page, sizeof(page), "");
	expect_error("an archive", "!<arch>\n", 8, "");
}

/* Cut off after len bytes: never good, as the section headers are the last thing in the file. */
static void expect_truncated(size_t len, unsigned int *unsound, unsigned int *good_ones)
{
	/* Of the exact size: ASan sees who believes the headers. */
	uint8_t *file = malloc(len ? len : 1);
	bool loaded;

	memcpy(file, base.file, len);
	*unsound += !sound(file, len, &loaded);
	*good_ones += loaded;
	free(file);
}

static void truncated(void)
{
	unsigned int unsound = 0, good_ones = 0, nr = 0;

	need_base();
	for (size_t len = 0; len < 0x2000; len += 64, nr++)
		expect_truncated(len, &unsound, &good_ones);
	for (size_t len = 0; len < 0x100; len++, nr++)
		expect_truncated(len, &unsound, &good_ones);
	for (size_t len = 0x2000; len < base.len; len += 997, nr++)
		expect_truncated(len, &unsound, &good_ones);
	for (size_t cut = 1; cut < 200; cut++, nr++)
		expect_truncated(base.len - cut, &unsound, &good_ones);
	EXPECT(!unsound, "%u of %u", unsound, nr);
	EXPECT(!good_ones, "%u of %u", good_ones, nr);
	CU_ASSERT(nr > 700);
}

static void random_bytes(void)
{
	struct rnd rng = { 0x72616e64 };
	unsigned int unsound = 0, good_ones = 0;
	uint8_t file[2048];

	for (unsigned int round = 0; round < 1000; round++) {
		size_t len = rnd_below(&rng, sizeof(file));
		bool loaded;

		for (size_t i = 0; i < sizeof(file); i++)
			file[i] = rnd(&rng);
		/* Half of them with a header that gets them further. */
		need_base();
		if (round & 1)
			memcpy(file, base.file, rnd_below(&rng, 2) ? 24 : 64);
		unsound += !sound(file, len, &loaded);
		good_ones += loaded;
	}
	EXPECT(!unsound, "%u", unsound);
	CU_ASSERT_EQUAL(good_ones, 0);
}

/* Where a mutation goes: mostly into what is looked at. */
static size_t mutation_place(struct rnd *rng)
{
	const Elf64_Ehdr *eh = (const Elf64_Ehdr *)base.file;

	switch (rnd_below(rng, 8)) {
	case 0:
		return rnd_below(rng, base.len);
	case 1:
		return rnd_below(rng, 64);
	case 2:
		return 64 + rnd_below(rng, 3 * sizeof(Elf64_Phdr));
	case 3:
		return base.symtab_header + rnd_below(rng, 2 * sizeof(Elf64_Shdr));
	case 4:
		return eh->e_shoff + rnd_below(rng, eh->e_shnum * sizeof(Elf64_Shdr));
	case 5:
		return base.desc + rnd_below(rng, sizeof(struct pvtlb_image));
	case 6:
		return base.scenarios +
		       rnd_below(rng, base.nr_scenarios * sizeof(struct pvtlb_scenario));
	default:
		return base.symtab + rnd_below(rng, base.symtab_len);
	}
}

static void mutate(struct rnd *rng, uint8_t *byte)
{
	static const uint8_t edges[] = { 0, 1, 0x7f, 0x80, 0xff };

	switch (rnd_below(rng, 3)) {
	case 0:
		*byte ^= 1u << rnd_below(rng, 8);
		break;
	case 1:
		*byte = edges[rnd_below(rng, NR_OF(edges))];
		break;
	default:
		*byte = rnd(rng);
	}
}

/* One byte or bit, sometimes a few: it loads and is sound, or there is an error; never a crash. */
static void mutated(void)
{
	struct rnd rng = { 0x6d757461 };
	unsigned int unsound = 0, good_ones = 0;
	const unsigned int rounds = 5000;
	uint8_t *file = copy_with_room(0);

	for (unsigned int round = 0; round < rounds; round++) {
		unsigned int nr = rnd_below(&rng, 4) ? 1 : 1 + rnd_below(&rng, 8);
		size_t place_of[8];
		bool loaded;

		for (unsigned int i = 0; i < nr; i++) {
			place_of[i] = mutation_place(&rng);
			mutate(&rng, file + place_of[i]);
		}
		if (!sound(file, base.len, &loaded)) {
			unsound++;
			EXPECT(unsound > 5, "round %u, byte %#zx: %#x", round, place_of[0],
			       file[place_of[0]]);
		}
		good_ones += loaded;
		for (unsigned int i = 0; i < nr; i++)
			file[place_of[i]] = base.file[place_of[i]];
	}
	EXPECT(!unsound, "%u of %u", unsound, rounds);
	/* Both ways must have been gone, or the mutations say nothing. */
	EXPECT(good_ones > rounds / 10 && good_ones < rounds * 9 / 10, "%u of %u load", good_ones,
	       rounds);
	CU_ASSERT(!memcmp(file, base.file, base.len));
	free(file);
}

SUITE(unit_image, false, { "the built image", good }, { "the one without pv_ops", good_nopv },
      { "the file is copied", copied }, { "image_gpa, image_end, names", answers },
      { "image_end", end }, { "image_symbolize", symbolize }, { "files that are none", files },
      { "ELF header", elf_header }, { "segments", segments }, { "descriptor", descriptor },
      { "per-CPU template too large", percpu_large },
      { "per-CPU template nowhere", percpu_nowhere },
      { "interrupt stubs behind the ring-0 pages", stubs_outside }, { "scenario table", scenarios }, { "rules about held CPUs", holds },
      { "scenario texts", scenario_text },
      { "scenario texts: control characters", scenario_control_characters },
      { "7 to 12 segments", many_segments },
      { "segments linked where they must not be", segment_addresses },
      { "no segments", no_segments }, { "symbol tables that lie", symtabs },
      { "no descriptor", no_descriptor }, { "not images", not_images }, { "truncated", truncated },
      { "random bytes", random_bytes }, { "5000 mutations", mutated });
