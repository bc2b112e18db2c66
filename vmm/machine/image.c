/* SPDX-License-Identifier: GPL-2.0-only */
/* A guest image: an ELF file read with libelf, checked, copied out of. */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/printable.h"
#include "machine/image.h"
#include "machine/image_kernel.h"
#include "machine/image_tables.h"
#include "machine/layout.h"

#define MAX_FILE      (64u << 20)
#define MAX_POLICIES  64u
#define MAX_PERCPU    (1u << 20)
#define MAX_WRONG     160 /* a sentence with a name in it */
#define IMAGE_GVA_MIN 0xffffffff80000000ull

static int bad(const struct image *image, struct error *err, const char *what)
{
	return fail(err, STATUS_FAIL, "%s: not a usable guest image: %s", image->path, what);
}

/* Bytes of the file behind a linked address, or NULL. */
static const uint8_t *linked(const struct image *image, gva_t addr, uint64_t len)
{
	for (unsigned int i = 0; i < image->nr_segments; i++) {
		const struct segment *s = &image->segment[i];

		if (addr >= s->vaddr && addr - s->vaddr <= s->filesz &&
		    len <= s->filesz - (addr - s->vaddr))
			return s->data + (addr - s->vaddr);
	}
	return NULL;
}

static int add_segment(struct image *image, const GElf_Phdr *ph, struct error *err)
{
	struct segment s = {
		.vaddr = ph->p_vaddr,
		.paddr = ph->p_paddr,
		.filesz = ph->p_filesz,
		.memsz = ph->p_memsz,
	};

	if (!s.memsz)
		return 0;
	if (image->nr_segments == IMAGE_MAX_SEGMENTS)
		return bad(image, err, "too many PT_LOAD segments");
	if (s.filesz > s.memsz)
		return bad(image, err, "a segment is larger in the file than in memory");
	if (ph->p_offset > image->file_len || s.filesz > image->file_len - ph->p_offset)
		return bad(image, err, "a segment lies beyond the end of the file (truncated?)");
	if (s.paddr < IMAGE_GPA_MIN || s.paddr > IMAGE_GPA_MAX || s.memsz > IMAGE_GPA_MAX - s.paddr)
		return bad(image, err, "a segment's p_paddr is outside 16 to 80 MiB");
	if (s.vaddr + s.memsz < s.vaddr)
		return bad(image, err, "a segment's addresses wrap around");
	if ((s.vaddr | s.paddr) % PVTLB_PAGE_SIZE)
		return bad(image, err, "a segment is not page aligned");
	for (unsigned int i = 0; i < image->nr_segments; i++) {
		const struct segment *o = &image->segment[i];

		if ((s.paddr < o->paddr + o->memsz && o->paddr < s.paddr + s.memsz) ||
		    (s.vaddr < o->vaddr + o->memsz && o->vaddr < s.vaddr + s.memsz))
			return bad(image, err, "segments overlap");
	}
	s.data = image->file + ph->p_offset;
	image->segment[image->nr_segments++] = s;
	return 0;
}

static int read_segments(struct image *image, struct error *err)
{
	GElf_Ehdr eh;
	size_t nr;

	if (elf_kind(image->elf) != ELF_K_ELF || !gelf_getehdr(image->elf, &eh))
		return bad(image, err, "not an ELF file");
	if (gelf_getclass(image->elf) != ELFCLASS64 || eh.e_machine != EM_X86_64 ||
	    eh.e_type != ET_EXEC)
		return bad(image, err, "not a 64-bit x86 executable");
	if (elf_getphdrnum(image->elf, &nr))
		return bad(image, err, "no program headers");
	image->entry = eh.e_entry;
	for (size_t i = 0; i < nr; i++) {
		GElf_Phdr ph;

		if (!gelf_getphdr(image->elf, i, &ph))
			return bad(image, err, "broken program headers (truncated?)");
		if (ph.p_type == PT_LOAD && add_segment(image, &ph, err))
			return -1;
	}
	if (!image->nr_segments)
		return bad(image, err, "no PT_LOAD segment");
	return 0;
}

static int by_addr(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	if (x->addr != y->addr)
		return x->addr < y->addr ? -1 : 1;
	return (x->size > y->size) - (x->size < y->size);
}

static int read_symtab(struct image *image, Elf_Scn *scn, const GElf_Shdr *sh)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	size_t nr = data && sh->sh_entsize ? data->d_size / sizeof(Elf64_Sym) : 0;

	image->symbol = calloc(nr + 1, sizeof(*image->symbol));
	if (!image->symbol)
		return -1;
	for (size_t i = 0; i < nr; i++) {
		GElf_Sym sym;
		const char *name;

		if (!gelf_getsym(data, i, &sym) || sym.st_shndx == SHN_UNDEF)
			continue;
		name = elf_strptr(image->elf, sh->sh_link, sym.st_name);
		if (!name || !*name || !printable(name, strlen(name) + 1) ||
		    GELF_ST_TYPE(sym.st_info) >= STT_SECTION)
			continue;
		image->symbol[image->nr_symbols++] =
			(struct symbol){ sym.st_value, sym.st_size, name };
	}
	qsort(image->symbol, image->nr_symbols, sizeof(*image->symbol), by_addr);
	return 0;
}

static int read_symbols(struct image *image, struct error *err)
{
	Elf_Scn *scn = NULL;
	GElf_Ehdr eh;
	GElf_Shdr sh;

	/* Section headers come last in what a linker wrote: what was cut short has lost them. */
	if (gelf_getehdr(image->elf, &eh) &&
	    (eh.e_shoff > image->file_len ||
	     (image->file_len - eh.e_shoff) / sizeof(Elf64_Shdr) < eh.e_shnum))
		return bad(image, err, "its end is missing; build or copy it again");
	while ((scn = elf_nextscn(image->elf, scn)))
		if (gelf_getshdr(scn, &sh) && sh.sh_type == SHT_SYMTAB)
			return read_symtab(image, scn, &sh)
				       ? bad(image, err, "symbol table too large")
				       : 0;
	return bad(image, err, "no symbol table (stripped?)");
}

/* Does [start, end) lie in one segment, in pages? */
static int in_segment(const struct image *image, gva_t start, gva_t end)
{
	return start <= end && image_gpa(image, start, end - start);
}

static int read_descriptor(struct image *image, struct error *err)
{
	struct pvtlb_image *d = &image->desc;
	gva_t addr = image_symbol(image, PVTLB_IMAGE_SYMBOL);
	const void *at = addr ? linked(image, addr, sizeof(*d)) : NULL;

	if (!at)
		return bad(image, err, "no " PVTLB_IMAGE_SYMBOL " descriptor in it");
	memcpy(d, at, sizeof(*d));
	if (d->magic != PVTLB_IMAGE_MAGIC)
		return bad(image, err, "the " PVTLB_IMAGE_SYMBOL " descriptor has no magic");
	if (d->version != PVTLB_ABI_VERSION)
		return bad(image, err,
			   "built for another version of the ABI; build it again, one with a "
			   "kernel tree in "
			   "it by: make kernel-guest");
	if (d->flags & ~PVTLB_IMAGE_PARAVIRT)
		return bad(image, err, "the descriptor has unknown flags");
	if (!image_gpa(image, image->entry, 1))
		return bad(image, err, "the entry point is in no segment");
	if (!image_gpa(image, d->idt_stubs, 256 * PVTLB_IDT_STUB_STRIDE) ||
	    d->ring0_start % PVTLB_PAGE_SIZE || d->ring0_end % PVTLB_PAGE_SIZE ||
	    !in_segment(image, d->ring0_start, d->ring0_end) || d->idt_stubs < d->ring0_start ||
	    d->ring0_end - d->idt_stubs < 256 * PVTLB_IDT_STUB_STRIDE)
		return bad(image, err, "the ring-0 pages are not where they should be");
	/* image_gpa() says 0 for "nowhere": no template is loaded there. */
	if (!d->percpu_load || d->percpu_start > d->percpu_end ||
	    d->percpu_end - d->percpu_start > MAX_PERCPU ||
	    image_gpa(image, d->percpu_start, d->percpu_end - d->percpu_start) != d->percpu_load)
		return bad(image, err, "the per-CPU template is not where it should be");
	for (unsigned int i = 0; i < image->nr_segments; i++) {
		const struct segment *s = &image->segment[i];

		if (s->vaddr != d->percpu_start &&
		    (s->vaddr < IMAGE_GVA_MIN || s->vaddr + s->memsz > GVA_TRAP_BELL))
			return bad(image, err, "a segment is linked where the VMM maps its own");
	}
	if (!in_segment(image, d->jump_table_start, d->jump_table_end) ||
	    !image_gpa(image, d->key, 4) || !image_gpa(image, d->key_enabled, 4) ||
	    !image_gpa(image, d->native_flush_tlb_multi, 1) ||
	    (d->flush_tlb_multi_slot && !image_gpa(image, d->flush_tlb_multi_slot, 8)) ||
	    !d->flush_tlb_multi_slot != !(d->flags & PVTLB_IMAGE_PARAVIRT))
		return bad(image, err, "the evidence is not where it should be");
	return 0;
}

static int read_tables(struct image *image, struct error *err)
{
	const struct pvtlb_image *d = &image->desc;
	uint64_t scenarios = d->scenarios_end - d->scenarios_start;
	uint64_t sources = d->sources_end - d->sources_start;
	char buf[MAX_WRONG];
	const char *wrong;

	wrong = image_scenarios(linked(image, d->scenarios_start, scenarios), scenarios,
				&image->scenario, &image->nr_scenarios, buf, sizeof(buf));
	if (!wrong)
		wrong = image_sources(linked(image, d->sources_start, sources), sources,
				      &image->source, &image->nr_sources);
	return wrong ? bad(image, err, wrong) : 0;
}

static int read_policies(struct image *image, struct error *err)
{
	gva_t start = image->desc.policies_start, ops;
	uint64_t len = image->desc.policies_end - start, size = sizeof(struct pvtlb_policy);
	const void *at = linked(image, start, len);
	const char *wrong = "the policy table is broken";
	char buf[MAX_WRONG];

	if (at && !(len % size) && len / size <= MAX_POLICIES)
		wrong = policies_take(&image->policies, at, len / size, buf, sizeof(buf));
	for (unsigned int i = 0; !wrong && i < image->policies.nr; i++) {
		ops = image->policies.policy[i].ops;
		/* Per-CPU data is linked at 0. */
		if (!ops || !image_gpa(image, ops, 1))
			wrong = "a policy does nothing: its ops are in no segment";
	}
	return wrong ? bad(image, err, wrong) : 0;
}

/* If there is one. */
static int read_kernel(struct image *image, struct error *err)
{
	gva_t addr = image_symbol(image, PVTLB_KERNEL_SYMBOL);
	const char *wrong;
	const void *at;

	if (!addr)
		return 0;
	at = linked(image, addr, sizeof(*image->kernel));
	image->kernel = at ? malloc(sizeof(*image->kernel)) : NULL;
	if (!image->kernel)
		return bad(image, err, "its kernel tree's description is in no segment");
	memcpy(image->kernel, at, sizeof(*image->kernel));
	wrong = image_kernel_check(image->kernel);
	if (!wrong)
		snprintf(image->mm, sizeof(image->mm), "kernel/%s%s", image->kernel->release,
			 image->kernel->flags & PVTLB_KERNEL_SERIES ? "+series" : "");
	return wrong ? bad(image, err, wrong) : 0;
}

int load_image_mem(struct image *image, const char *name, const void *file, size_t len,
		   struct error *err)
{
	*image = (struct image){ .path = strdup(name), .file = malloc(len + 1), .file_len = len };
	if (!image->path || !image->file) {
		free_image(image);
		return fail(err, STATUS_FAIL, "%s: out of memory", name);
	}
	memcpy(image->file, file, len);
	elf_version(EV_CURRENT);
	image->elf = elf_memory((char *)image->file, len);
	if (!image->elf)
		bad(image, err, "not an ELF file");
	else if (!read_segments(image, err) && !read_symbols(image, err) &&
		 !read_descriptor(image, err) && !read_tables(image, err) &&
		 !read_policies(image, err) && !read_kernel(image, err))
		return 0;
	free_image(image);
	return -1;
}

int load_image(struct image *image, const char *path, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	uint8_t *file;
	ssize_t got;
	int ret;

	if (fd < 0 || fstat(fd, &st)) {
		fail(err, STATUS_FAIL, "%s: %s; is the guest built? try: make", path,
		     strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	if (!S_ISREG(st.st_mode) || st.st_size > MAX_FILE) {
		close(fd);
		return fail(err, STATUS_FAIL, "%s: not a regular file of at most 64 MiB", path);
	}
	file = malloc(st.st_size + 1);
	got = file ? read(fd, file, st.st_size) : -1;
	close(fd);
	if (got < 0)
		ret = fail(err, STATUS_FAIL, "%s: %s", path, strerror(errno));
	else
		ret = load_image_mem(image, path, file, got, err);
	free(file);
	return ret;
}

void free_image(struct image *image)
{
	if (image->elf)
		elf_end(image->elf);
	free(image->kernel);
	free(image->policies.policy);
	free(image->scenario);
	free(image->source);
	free(image->symbol);
	free(image->file);
	free(image->path);
	*image = (struct image){ 0 };
}
