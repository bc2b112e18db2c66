# SPDX-License-Identifier: GPL-2.0-only
# Builds, runs and tests pvtlb. `make help` says what there is.

O	?= build
V	?= 0
SAN	?= 0
TSAN	?= 0
CC	?= cc
DESTDIR	?=
PREFIX	?= /usr/local

ifeq ($(origin CC),default)
CC	:= gcc
endif

ifeq ($(V),0)
quiet	= @printf '  %-7s %s\n' '$(1)' '$(patsubst $(O)/%,%,$@)';
endif

WARN	:= -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wno-missing-field-initializers -Werror
DEPEND	 = -MMD -MP

ifeq ($(SAN),1)
override O := $(O)/san
SANFLAGS := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
endif

ifeq ($(TSAN),1)
override O := $(O)/tsan
SANFLAGS := -fsanitize=thread -fno-omit-frame-pointer $(if $(findstring clang,$(CC)),,-Wno-tsan)
endif

# The VMM and the tests: ordinary Linux programs.
CFLAGS	?= -O2 -g
CPPFLAGS += -D_GNU_SOURCE -Iinclude -Ivmm
HOSTCFLAGS := -std=gnu11 $(CFLAGS) $(WARN) $(SANFLAGS) -pthread
# Stacks may be small (ulimit -s), those of threads too: what is large is elsewhere.
ifneq ($(SAN),1)
$(O)/vmm/%.o: HOSTCFLAGS += -Wframe-larger-than=16384
endif
LDLIBS	:= -lfdt -lelf -ljansson -lseccomp -pthread

LIB_SRC	:= $(filter-out vmm/cli/main.c,$(wildcard vmm/*/*.c vmm/*/*/*.c))
LIB_OBJ	:= $(LIB_SRC:%.c=$(O)/%.o)
TEST_SRC := $(wildcard tests/*.c)
# The same inputs each time, with whatever compiler; see fuzz.
FUZZ_AGAIN := $(patsubst %.c,$(O)/%,$(wildcard tests/fuzz/*.c))
TEST_OBJ := $(TEST_SRC:%.c=$(O)/%.o)

# The guest: freestanding, one image per value of CONFIG_PARAVIRT, from one source.
GUEST_SRC := $(wildcard guest/boot/*.c guest/kernel/*.c guest/mm/*.c guest/policies/*.c \
	guest/scenarios/*.c guest/scenarios/run/*.c guest/lib/*.c)
GUEST_ASM := $(wildcard guest/boot/*.S guest/kernel/*.S)
GUEST_PV  := $(wildcard guest/pv/*.c)
GUESTCFLAGS := -std=gnu11 -O2 -g $(WARN) -ffreestanding -fno-pic -fno-pie -mcmodel=kernel \
	-mno-red-zone -mgeneral-regs-only -fno-stack-protector -fcf-protection=none \
	-fno-asynchronous-unwind-tables -fno-strict-aliasing -fno-delete-null-pointer-checks \
	-Iguest/include -Iguest -Iinclude
GUESTLDFLAGS := -nostdlib -static -Wl,-T,guest/guest.lds -Wl,--build-id=none \
	-Wl,-z,noexecstack -Wl,-z,max-page-size=4096 -Wl,--no-warn-rwx-segments

guest_obj = $(patsubst %,$(O)/guest-$(1)/%.o,$(basename $(GUEST_SRC) $(GUEST_ASM) $(2)))
PV_OBJ	 := $(call guest_obj,pv,$(GUEST_PV))
NOPV_OBJ := $(call guest_obj,nopv)

# A guest whose mm is a kernel tree's own objects: KERNEL=TREE, built in KBUILD (docs/mm-kernel.md).
KERNEL	?=
KBUILD	?= $(KERNEL)
KERNEL_GUEST := $(O)/guest-kernel.elf
KERNEL_SRC := $(filter-out guest/kernel/smp.c guest/mm/tlb.c guest/mm/tlb_all.c \
	guest/mm/switch_mm.c guest/mm/mmu_gather.c guest/mm/global_asid.c guest/policies/%, \
	$(GUEST_SRC)) guest/pv/kvm_cpuid.c guest/pv/hyperv_call.c guest/pv/xen_call.c guest/pv/pvtlb.c \
	guest/pv/vcpu_nr.c $(filter-out %/image.c,$(wildcard guest/mm-kernel/*.c))
KERNEL_OBJ := $(patsubst %,$(O)/guest-kernel/%.o,$(basename $(KERNEL_SRC) $(GUEST_ASM)))

IMAGES	:= $(O)/guest-pv.elf $(O)/guest-nopv.elf
PAGES	:= $(O)/pvtlb-scenario.7 $(O)/pvtlb-events.7
BINS	:= $(O)/pvtlb $(IMAGES) $(PAGES)

.PHONY: all kernel-guest new-backend run check check-all check-kernel check-nested check-vmx check-mutants check-explore check-explore-mutants check-pages check-course course-figures exercise grade update-expected fuzz hostile hostile-here check-tsan check-tsan-here policies providers readme pictures nested bench install deps help clean
.DELETE_ON_ERROR:
all: $(BINS)

# What the build needs, by Debian package name; installed by `make deps` when missing.
PACKAGES := gcc libc6-dev linux-libc-dev libfdt-dev libelf-dev zlib1g-dev libjansson-dev libcunit1-dev \
	libseccomp-dev libxen-dev
DEPS	:= $(O)/.deps

deps: $(DEPS)
$(DEPS): Makefile vmm/nested/install-deps.sh
	@mkdir -p $(@D)
	@sh vmm/nested/install-deps.sh $(PACKAGES)
	@touch $@

$(LIB_OBJ) $(O)/vmm/cli/main.o $(O)/docs/man/pages.o $(TEST_OBJ) $(PV_OBJ) $(NOPV_OBJ) $(KERNEL_OBJ): | $(DEPS)

$(O)/%.o: %.c
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(CPPFLAGS) $(HOSTCFLAGS) $(DEPEND) -c -o $@ $<

$(O)/libvmm.a: $(LIB_OBJ)
	$(call quiet,AR)rm -f $@ && $(AR) rcs $@ $^

# What is linked: a file that is gone has to go from the programs, too.
$(O)/objects: FORCE
	@mkdir -p $(@D)
	@echo '$(LIB_OBJ) $(TEST_OBJ) $(PV_OBJ)' | cmp -s - $@ || echo '$(LIB_OBJ) $(TEST_OBJ) $(PV_OBJ)' >$@
FORCE:

$(O)/vmm/show/page.o: vmm/show/page.js vmm/show/page.css
$(O)/vmm/differ/known.o: docs/model.md

# Whole, not as an archive: backends register themselves and nobody refers to them by name.
$(O)/pvtlb: $(O)/vmm/cli/main.o $(LIB_OBJ) $(O)/objects
	$(call quiet,LD)$(CC) $(HOSTCFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LDLIBS)

# $(1): which image, $(2): what its objects are compiled with besides.
define GUEST_RULES
$$(O)/guest-$(1)/%.o: %.c
	@mkdir -p $$(@D)
	$$(call quiet,CC)$$(CC) $$(GUESTCFLAGS) $(2) $$(DEPEND) -c -o $$@ $$<

$$(O)/guest-$(1)/%.o: %.S
	@mkdir -p $$(@D)
	$$(call quiet,AS)$$(CC) $$(GUESTCFLAGS) $(2) $$(DEPEND) -c -o $$@ $$<
endef
$(eval $(call GUEST_RULES,pv,-DCONFIG_PARAVIRT))
$(eval $(call GUEST_RULES,nopv,))

$(eval $(call GUEST_RULES,kernel,-DCONFIG_PARAVIRT -DFLUSH_TLB_MULTI_SLOT=k_multi_slot))

$(O)/guest-pv.elf: $(PV_OBJ) $(O)/objects
$(O)/guest-nopv.elf: $(NOPV_OBJ) $(O)/objects
# With relocations: the host process puts an image where it likes (vmm/explore/host).
$(IMAGES): guest/guest.lds
	$(call quiet,LD)$(CC) $(GUESTLDFLAGS) -Wl,--emit-relocs -o $@ $(filter %.o,$^) -l:libfdt.a

kernel-guest: $(KERNEL_OBJ)
	@CC='$(CC)' GUESTCFLAGS='$(GUESTCFLAGS)' GUESTLDFLAGS='$(GUESTLDFLAGS)' \
		sh guest/mm-kernel/build.sh '$(KERNEL)' '$(KBUILD)' $(KERNEL_GUEST) $(KERNEL_OBJ)

# Manual pages of what the image and the events say of themselves: frames, filled in.
$(O)/docs/man/pages: $(O)/docs/man/pages.o $(LIB_OBJ) $(O)/objects
	$(call quiet,LD)$(CC) $(HOSTCFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LDLIBS)

$(PAGES): $(O)/%: docs/man/%.in $(O)/docs/man/pages $(O)/guest-pv.elf
	$(call quiet,MAN)$(O)/docs/man/pages $(O)/guest-pv.elf <$< >$@

-include $(shell find $(O) -name '*.d' 2>/dev/null)

# The nested lane: the same programs, linked statically, in an emulated machine with a KVM.
NESTED	:= $(O)/nested
STATICLIBS := -lfdt -lelf -lz -ljansson -lseccomp -pthread
NESTED_SH := $(patsubst vmm/nested/%,$(NESTED)/%,$(wildcard vmm/nested/*))
NESTED_FILES := $(NESTED_SH) $(NESTED)/pvtlb $(NESTED)/tests $(NESTED)/guest-pv.elf \
	$(NESTED)/guest-nopv.elf

$(NESTED_SH): $(NESTED)/%: vmm/nested/%
	@mkdir -p $(@D)
	@cp $< $@

$(NESTED)/%.elf: $(O)/%.elf
	@mkdir -p $(@D)
	@cp $< $@

$(NESTED)/pvtlb: $(O)/vmm/cli/main.o $(LIB_OBJ)
	@mkdir -p $(@D)
	$(call quiet,LD)$(CC) $(HOSTCFLAGS) -static -s -o $@ $^ $(STATICLIBS)

$(NESTED)/tests: $(TEST_OBJ) $(LIB_OBJ)
	@mkdir -p $(@D)
	$(call quiet,LD)$(CC) $(HOSTCFLAGS) -static -s -o $@ $^ $(STATICLIBS) -lcunit

# Tests: host-only suites, and suites that run guests where /dev/kvm can be used.
$(O)/tests/run: $(TEST_OBJ) $(LIB_OBJ) $(O)/objects
	$(call quiet,LD)$(CC) $(HOSTCFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LDLIBS) -lcunit

# How many inputs to each fuzz target.
RUNS	?= 1000000
FUZZ	:= $(O)/fuzz

# JUNIT=dir writes dir/pvtlb.xml; SUITES="a b" runs only these; FULL=1 runs all CPU counts, all
# trials and everything in the emulated machine. V=1 shows what passing tests have to say.
JUNIT	?=
SUITES	?=
FULL	?= 0
BEGAN	:= $(shell date +%s)
# Both lanes in one summary; check-nested is the nested one alone. Sanitizers cannot be linked
# statically, which the nested lane needs.
LANE	= $(if $(filter 1,$(SAN)),here,both)
KIND	= svm
check-nested check-vmx: LANE = nested
# Of kvm-intel in Bochs, which is slower: a few tests, and nothing else beside it.
check-vmx: KIND = vmx
check check-nested check-vmx: $(BINS) $(O)/tests/run $(FUZZ_AGAIN) $(if $(filter 1,$(SAN)),,$(NESTED_FILES))
	@$(if $(JUNIT),mkdir -p $(JUNIT))
	@$(if $(filter 1,$(SAN)),echo '*** SKIPPED: the nested lane: not with SAN=1')
	@$(if $(filter 1nested,$(SAN)$(LANE)),exit 1)
	@$(O)/tests/run --build $(O) --lane $(LANE) --kind $(KIND) $(if $(filter 1,$(FULL)),--full) \
		$(if $(filter 1,$(V)),--verbose) $(if $(JUNIT),--junit $(JUNIT)/pvtlb$(filter-out -svm,-$(KIND)).xml) $(SUITES); \
	status=$$?; $(took); \
	[ $@$$status$(MAY_SKIP) = check-vmx771 ] || exit $$status

took	= s=$$(($$(date +%s) - $(BEGAN))); echo "make $@: $$((s / 60)) min $$((s % 60)) s, build included"

# Everything at full size, step by step; the summary of both lanes ends it.
FULLY	:= $(MAKE) --no-print-directory
check-all: $(FUZZ)/.deps
	@sh vmm/nested/install-deps.sh gdb zsh mandoc
	@echo '== a build with clang'
	+@$(FULLY) O=$(O)/clang CC=clang $(O)/clang/pvtlb $(O)/clang/guest-pv.elf \
		$(O)/clang/guest-nopv.elf $(O)/clang/tests/run
	@echo '== the tests with ASan and UBSan'
	+@$(FULLY) SAN=1 FULL=1 JUNIT=$(if $(JUNIT),$(JUNIT)/san) check
	@echo '== mutants'
	+@$(FULLY) check-mutants
	@echo '== exercises'
	+@$(FULLY) check-course
	@echo '== pages'
	+@$(FULLY) check-pages
	@echo '== kernel trees'
	+@$(FULLY) MAY_SKIP=1 check-kernel
	@echo '== the matrix with ThreadSanitizer'
	+@$(FULLY) check-tsan
	@echo '== hostile guests'
	+@$(FULLY) hostile
	@echo '== random input'
	+@$(FULLY) RUNS=200000 fuzz
	@echo '== kvm-intel in an emulated machine'
	+@$(FULLY) MAY_SKIP=1 check-vmx
	@echo '== the tests, in full; the emulated machine has its own: make check-nested FULL=1'
	+@$(FULLY) FULL=1 LANE=here check
	@$(took)

# A guest that means harm (tests/hostile), with ASan and UBSan, for SECONDS.
SECONDS	:= 60
HOSTILE	:= $(O)/tests/hostile
HOSTILE_OBJ := $(patsubst %,$(O)/guest-pv/%.o,$(basename $(wildcard tests/hostile/guest/*.[cS])))
$(HOSTILE_OBJ): | $(DEPS)
$(HOSTILE)/guest.elf: $(PV_OBJ) $(HOSTILE_OBJ) guest/guest.lds
	@mkdir -p $(@D)
	$(call quiet,LD)$(CC) $(GUESTLDFLAGS) -o $@ $(filter %.o,$^) -l:libfdt.a
$(HOSTILE)/run.o: | $(DEPS)
$(HOSTILE)/run: $(HOSTILE)/run.o
	$(call quiet,LD)$(CC) $(HOSTCFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# MODE and SEED, as it prints them: that run again.
hostile:
	+@$(FULLY) SAN=1 hostile-here
hostile-here: $(BINS) $(HOSTILE)/guest.elf $(HOSTILE)/run
	@$(HOSTILE)/run $(O)/pvtlb $(HOSTILE)/guest.elf $(SECONDS) $(MODE) $(SEED)

# The whole matrix with ThreadSanitizer, run by run and side by side: it exits with 66 if it has
# found something. The first program has a race, which has to be found. Not in the sandbox: the
# sanitizer has a thread that makes system calls of its own.
check-tsan:
	+@$(FULLY) TSAN=1 check-tsan-here
$(O)/tests/tsan/race.o: | $(DEPS)
$(O)/tests/tsan/race: $(O)/tests/tsan/race.o
	$(call quiet,LD)$(CC) $(HOSTCFLAGS) $(LDFLAGS) -o $@ $^
check-tsan-here: $(BINS) $(O)/tests/tsan/race
	@$(O)/tests/tsan/race 2>/dev/null; [ $$? = 66 ] || \
		{ echo 'check-tsan: a race is not found: is this TSAN=1?'; exit 1; }
	@$(O)/pvtlb run --quiet --no-sandbox
	@$(O)/pvtlb run --quiet --no-sandbox -j 3
	@echo '  PASSED  the matrix, run by run and three side by side: no data race'

# What is printed of the traces in tests/traces: look at the difference before it is committed.
update-expected: $(O)/pvtlb
	@for trace in tests/traces/*.trace; do \
		$(O)/pvtlb check $$trace >$${trace%.trace}.expected || [ $$? = 1 ] || exit; \
	done
	@git diff --stat -- tests/traces

# Wrong variants of the code, each of which something must catch. MUTANTS="a b": only these.
MUTANTS	?=
check-mutants: $(DEPS)
	@sh tests/mutants/run.sh $(O) $(MUTANTS)

# The same, explored, with no hold rule: the table of docs/explore-mutants.md.
check-explore-mutants: $(DEPS)
	@sh tests/mutants/explore.sh $(O) $(MUTANTS)

# Every schedule of one switch, of every configuration: host process against /dev/kvm. It takes long;
# check-all has some of them.
check-explore: $(BINS) $(O)/tests/run
	@EVERY_SCHEDULE=1 $(O)/tests/run --build $(O) --full explore_same

# Images with kernel trees of Debian's packages, and wrong variants of their code. VERSIONS="6.12":
# only this one. REPEAT=20: each scenario so often instead, with the same verdicts. MAY_SKIP=1: where
# no tree can be had, or for check-vmx no Bochs, that is said, and is no error.
VERSIONS ?=
REPEAT	?= 0
MAY_SKIP ?= 0
check-kernel: $(BINS) $(KERNEL_OBJ) $(NESTED_FILES)
	@REPEAT=$(REPEAT) sh tests/kernel/check.sh $(O) $(VERSIONS) || \
		{ status=$$?; [ $$status = 77 ] && [ $(MAY_SKIP) = 1 ] || exit $$status; }

# The course's exercises (docs/course): EX=3 is the third one. FROM=FILE: grade this one. AGAIN=1:
# begin again, whatever has been done.
EX	?=
FROM	?=
AGAIN	?=
exercise: $(BINS)
	@sh docs/course/grade.sh start $(O) '$(EX)' $(if $(filter 1,$(AGAIN)),again)
grade: $(BINS)
	@sh docs/course/grade.sh grade $(O) '$(EX)' '$(FROM)'
check-course: $(BINS)
	@sh docs/course/grade.sh check $(O) '$(EX)'

course-figures: $(BINS)
	$(O)/pvtlb show shootdown --backend native --cpus 3 -o docs/course/1.svg
	$(O)/pvtlb show lazy-missed --cpus 3 -o docs/course/2.svg
	$(O)/pvtlb show collapse-vs-gup --cpus 2 -o docs/course/3.svg
	$(O)/pvtlb show collapse-vs-gup --backend xen --key on --cpus 2 -o docs/course/4.svg
	$(O)/pvtlb show preempted-walker --backend kvm --policy declared --cpus 3 -o docs/course/5.svg

# The pages of pvtlb show, in a real browser.
check-pages: $(BINS)
	@sh vmm/nested/install-deps.sh chromium
	@sh tests/page.sh $(O)

# Every tests/fuzz/*.c against libvmm, with coverage: RUNS inputs each, and a fiftieth of that for
# images, each of which is loaded as a whole. TARGETS="trace dtb": these.
# Needs clang, whatever CC is.
FUZZCC	:= clang
FUZZFLAGS := -std=gnu11 -O1 -g $(WARN) -pthread -fno-omit-frame-pointer \
	-fsanitize=address,undefined -fno-sanitize-recover=undefined
FUZZ_TARGETS := $(patsubst tests/fuzz/%.c,$(FUZZ)/%,$(wildcard tests/fuzz/*.c))
FUZZ_OBJ := $(LIB_SRC:%.c=$(FUZZ)/%.o)

$(FUZZ)/.deps: $(DEPS)
	@mkdir -p $(@D)
	@sh vmm/nested/install-deps.sh clang libclang-rt-dev
	@touch $@

$(FUZZ)/%.o: %.c | $(FUZZ)/.deps
	@mkdir -p $(@D)
	$(call quiet,FUZZCC)$(FUZZCC) $(CPPFLAGS) $(FUZZFLAGS) -fsanitize=fuzzer-no-link $(DEPEND) \
		-c -o $@ $<

$(FUZZ_TARGETS): $(FUZZ)/%: $(FUZZ)/tests/fuzz/%.o $(FUZZ_OBJ)
	$(call quiet,LD)$(FUZZCC) $(FUZZFLAGS) -fsanitize=fuzzer -o $@ $^ $(LDLIBS)

# Where the image target begins: without what describes the source, which is most of it.
$(FUZZ)/guest.elf: $(O)/guest-pv.elf
	@mkdir -p $(@D)
	@objcopy -g $< $@

# The same targets without a fuzzer, for the suite fuzzed: main() is tests/fuzz/replay/.
$(FUZZ_AGAIN:%=%.o) $(O)/tests/fuzz/replay/main.o: | $(DEPS)
$(FUZZ_AGAIN): %: %.o $(O)/tests/fuzz/replay/main.o $(LIB_OBJ)
	$(call quiet,LD)$(CC) $(HOSTCFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# What has been found to lead somewhere new stays in $(FUZZ)/corpus.
fuzz: $(FUZZ_TARGETS) $(FUZZ)/guest.elf
	@for target in $(if $(TARGETS),$(TARGETS:%=$(FUZZ)/%),$(FUZZ_TARGETS)); do \
		name=$${target##*/}; \
		runs=$(RUNS); \
		[ $$name != image ] || runs=$$(($(RUNS) / 50 + 1)); \
		seeds=; \
		for dir in tests/fuzz/corpus/$$name $$([ $$name != trace ] || echo tests/traces); do \
			[ ! -d $$dir ] || seeds="$$seeds $$dir"; \
		done; \
		mkdir -p $(FUZZ)/corpus/$$name; \
		if PVTLB_FUZZ_IMAGE=$(FUZZ)/guest.elf $$target -seed=1 -runs=$$runs -max_len=8192 \
			-timeout=10 -artifact_prefix=$$target- $(FUZZ)/corpus/$$name $$seeds \
			>$$target.log 2>&1; then \
			echo "  PASSED  $$name: $$runs inputs"; \
		else \
			tail -n 40 $$target.log; \
			echo "  FAILED  $${target##*/}: $$target.log, $$target-*"; \
			exit 1; \
		fi; \
	done

# The two files of a new backend; what to write into them is docs/new-backend.md.
new-backend:
	@echo '$(NAME)' | grep -Eqx '[a-z][a-z0-9-]{0,20}' || \
		{ echo 'make new-backend NAME=name: lower-case letters, digits, "-"'; exit 1; }
	@for side in guest vmm; do \
		to=$$side/pv/$(NAME).c; \
		[ ! -e $$to ] || { echo "$$to is there already"; exit 1; }; \
	done; \
	ident=$$(echo $(NAME) | tr - _); \
	for side in guest vmm; do \
		sed "s/@NAME@/$(NAME)/g; s/@IDENT@/$$ident/g; s/@CAPS@/$$(echo $$ident | tr a-z A-Z)/g" \
			docs/new-backend/$$side.c.in > $$side/pv/$(NAME).c && \
		echo "  NEW     $$side/pv/$(NAME).c"; \
	done

# ARGS="shootdown --cpus 8" runs that instead of the whole matrix.
ARGS	?=
# Only where that cannot run is it asked at length why.
run: $(BINS)
	@$(O)/pvtlb run $(ARGS); status=$$?; \
	[ $$status -eq 77 ] || exit $$status; \
	if $(O)/pvtlb doctor >$(O)/doctor.txt; then exit 77; fi; \
	sed -n 's/^problem: //p' $(O)/doctor.txt; \
	echo 'So: in an emulated machine with kvm-amd instead (kind svm, nested; docs/hosts.md).'; \
	$(MAKE) --no-print-directory nested && $(O)/pvtlb run --nested $(ARGS)

# All that `pvtlb run --nested` needs beside pvtlb.
nested: $(NESTED_FILES)

# What docs/matrix.md shows, from a run here.
readme: $(BINS)
	@$(O)/pvtlb run --matrix >$(O)/readme.md
	@{ sed '/^<!-- pvtlb run -->$$/q' docs/matrix.md; echo '```'; cat $(O)/readme.md; echo '```'; \
	sed -n '/^<!-- end of pvtlb run -->$$/,$$p' docs/matrix.md; } >$(O)/readme.new
	@mv $(O)/readme.new docs/matrix.md

# The pictures of README.md, from runs here.
pictures: $(BINS)
	@$(O)/pvtlb show collapse-vs-gup --cpus 2 --backend native -o docs/collapse-native.svg
	@$(O)/pvtlb show collapse-vs-gup --cpus 2 --backend xen --key on -o docs/collapse-xen.svg

# The tables of docs/policies.md: what breaks each policy under each backend. A test compares them.
policies: $(BINS)
	@$(O)/pvtlb policies --trials 2 >$(O)/policies.md
	@{ sed '/^<!-- pvtlb policies -->$$/q' docs/policies.md; cat $(O)/policies.md; \
	sed -n '/^<!-- end of pvtlb policies -->$$/,$$p' docs/policies.md; } >$(O)/policies.new
	@mv $(O)/policies.new docs/policies.md

# The table of docs/providers.md: what conformance finds, by each provider, here and in the
# emulated machine. One by one here: only what is asked for by name says why it is skipped.
providers: $(BINS) $(NESTED_FILES)
	@{ $(O)/pvtlb list | awk '$$2 == "hypervisor:" { sub(";", "", $$3); print $$1, $$3 }' | \
	while read -r backend by; do \
		[ $$by = none ] && by= || by="--provider $$by"; \
		$(O)/pvtlb run conformance --table --cpus 4 --backend $$backend $$by; \
	done; \
	$(O)/pvtlb run --nested conformance --table --cpus 4; } | awk ' \
	$$1 == "host:" { kind = $$2 ($$3 == "(nested)" ? " (nested)" : "") } \
	$$1 == "conformance" { \
		took = "-"; verdict = ""; \
		for (i = 6; i <= NF && !verdict; i++) { \
			if ($$i ~ /^[0-9]+\/[0-9]+$$/ && took == "-") took = $$i; \
			if ($$i ~ /^(pass|fail|skip|unknown)$$/) verdict = $$i; \
		} \
		why = ""; \
		if (verdict != "pass") for (; i <= NF; i++) why = why (why ? " " : ": ") $$i; \
		if (!rows++) print "| backend | hypervisor | INVLPGB | /dev/kvm | interrupted | verdict |\n" \
			"|---|---|---|---|---|---|"; \
		print "| " $$2 " | " $$3 " | " $$5 " | " kind " | " took " | " verdict why " |"; \
		bad += verdict == "fail" || verdict == "unknown"; \
	} \
	END { exit !rows || bad > 0 }'

# The table, and plots into docs/bench/. BENCH="--long growth": as pvtlb bench takes it.
BENCH	?=
PICTURES := docs/bench
bench: $(BINS)
	@sh vmm/nested/install-deps.sh gnuplot-nox
	@mkdir -p $(PICTURES)
	@$(O)/pvtlb bench -o $(O)/bench.gp $(BENCH)
	@cd $(PICTURES) && gnuplot $(abspath $(O)/bench.gp)

install: $(BINS) $(NESTED_FILES)
	install -D -m 755 $(O)/pvtlb $(DESTDIR)$(PREFIX)/bin/pvtlb
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/lib/pvtlb $(IMAGES)
	install -D -m 755 -t $(DESTDIR)$(PREFIX)/lib/pvtlb/nested $(filter-out %/tests,$(NESTED_FILES))
	install -D -m 644 docs/pvtlb.1 $(DESTDIR)$(PREFIX)/share/man/man1/pvtlb.1
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man7 $(PAGES)
	install -D -m 644 docs/completion/pvtlb.bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/pvtlb
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/zsh/site-functions docs/completion/_pvtlb

clean:
	rm -rf $(O)

help:
	@echo 'make            build build/pvtlb and the guest images'
	@echo 'make run        run everything, in 25 lines; ARGS="shootdown --cpus 8": that instead'
	@echo 'make check      the tests, here and in an emulated machine, in 3 minutes;'
	@echo '                JUNIT=dir: XML too; SUITES="unit_oracle": only these; FULL=1: at full size'
	@echo 'make check-all  everything at full size: clang, sanitizers, mutants, fuzz, the tests'
	@echo 'make check-nested  what check has of the emulated machine, alone; FULL=1: all of it'
	@echo 'make check-vmx  a few tests on kvm-intel, in an emulated machine (Bochs)'
	@echo 'make check-mutants  wrong variants of the code, one by one: is each caught?'
	@echo 'make check-explore  every schedule of one switch: host process against /dev/kvm'
	@echo 'make check-explore-mutants  is each mutant found by pvtlb explore, with no hold rule?'
	@echo 'make check-pages  the pages of pvtlb show in a real browser (chromium)'
	@echo 'make kernel-guest KERNEL=~/linux  a guest with that tree'"'"'s own code, for pvtlb run --mm kernel'
	@echo 'make check-kernel  such guests of two Debian kernels, and wrong variants of their code'
	@echo 'make exercise EX=1  a copy of the tree for an exercise of docs/course; make grade EX=1'
	@echo 'make check-course  each exercise fails as it begins, and passes when it is solved; no cheat passes'
	@echo 'make update-expected  tests/traces/*.expected, as pvtlb check prints it now'
	@echo 'make fuzz       tests/fuzz/* with clang, ASan and UBSan; RUNS=10000000: inputs each (1000000)'
	@echo 'make check-tsan  the whole matrix with ThreadSanitizer: no data race in the VMM'
	@echo 'make hostile    guests that mean harm, with ASan and UBSan; SECONDS=600: for so long (60)'
	@echo 'make readme     what pvtlb run --matrix prints, as docs/matrix.md has it'
	@echo 'make pictures   the pictures of README.md, by pvtlb show'
	@echo 'make policies   what breaks each policy: the tables of docs/policies.md'
	@echo 'make providers  who serves which backend, here and in the emulated machine: a table'
	@echo 'make nested     what pvtlb run --nested needs'
	@echo 'make new-backend NAME=x  the two files of a backend, to be filled in'
	@echo 'make bench      measure costs, with plots into docs/bench (docs/bench.md)'
	@echo 'make install    to $$(DESTDIR)$$(PREFIX), PREFIX=/usr/local'
	@echo 'make deps       install the Debian packages that are missing (all others do, too)'
	@echo 'make clean      remove $$(O)'
	@echo 'variables       O=dir (build), V=1 (show commands), SAN=1 (ASan, UBSan), CC=clang'
