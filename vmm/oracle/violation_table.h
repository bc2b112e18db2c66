/* SPDX-License-Identifier: GPL-2.0-only */
/* The violations: one table that is the enum, the union, the sentences, the report, the JSON. */
#ifndef VMM_ORACLE_VIOLATION_TABLE_H
#define VMM_ORACLE_VIOLATION_TABLE_H

#include "pvtlb/event.h"

/*
 * F(KIND, field), of a kind that events' arguments have, or of one of these: K(ID, type). An
 * event that is named by its number, SEQ, is there unless that is 0.
 */
#define VIOLATION_FIELD_KINDS(K)                                                                   \
	K(LEAF, uint64_t) /* an entry that maps a page, or does not */                             \
	K(RELEASE, uint64_t) /* enum release */                                                    \
	K(SAID, uint64_t) /* enum said_what */                                                     \
	K(SOURCE, struct pvtlb_source) /* the line that emitted the part's event */

/* How a table was put to another use: R(ID, value, name). */
#define VIOLATION_RELEASES(R)                                                                      \
	R(RELEASED_FREED, 0, freed)                                                                \
	R(RELEASED_DEPOSITED, 1, deposited)                                                        \
	R(RELEASED_UNSHARED, 2, unshared)

/* What a CPU says that it has done: S(ID, value, name). */
#define VIOLATION_SAID(S)                                                                          \
	S(SAID_SWITCHED, 0, switched) /* loaded an mm */                                           \
	S(SAID_LAZY, 1, lazy)	      /* kept one, and uses none of it */                          \
	S(SAID_LEFT, 2, left)	      /* went to init_mm for a flush that found it lazy */         \
	S(SAID_NOT_LOADED, 3, not_loaded)                                                          \
	S(SAID_FULL, 4, full)	      /* flushed everything */                                     \
	S(SAID_PARTIAL, 5, partial)   /* flushed a range */                                        \
	S(SAID_ADOPTED, 6, adopted)   /* every CPU has the mm's global ASID */                     \
	S(SAID_SERVED, 7, served)     /* the VMM: the CPU was flushed before it went on */

/* What every violation has. cpu: whose it is; trial and step count from 0. */
#define VIOLATION_HEAD(F) F(CPU, cpu) F(MM, mm) F(COUNT, trial) F(COUNT, step)

/*
 * What violations are made of: P(ID, part, "label", "line of the report", F(KIND, field) ...).
 * Lines are templates (oracle/template.h), empty where there is nothing to say. They find the
 * fields of their part, those of the head, and part.field of another part.
 */
#define VIOLATION_PARTS(P, F)                                                                      \
	P(WALK, walk, "walk",                                                                      \
	  "{kind|rcu:RCU|gup-fast} by CPU {cpu} of {addr} of mm {mm}, IRQs {irqs_off|n:on|off}, "  \
	  "begun at {begin}, {end|0:not ended|ended at {end}}" VIOLATION_SOURCE,                   \
	  F(SEQ, begin) F(SEQ, end) F(GVA, addr) F(WALK, kind) F(BOOL, irqs_off) F(SOURCE, source)) \
	P(TABLE, table, "table",                                                                   \
	  "{table}, generation {gen}, through it {shift} are mapped",                              \
	  F(TABLE, table) F(COUNT, gen) F(SHIFT, shift))                                           \
	P(POINTER, pointer, "pointer",                                                             \
	  "{with_walk|n:loaded at|came with the walk,} {at}",                                      \
	  F(SEQ, at) F(BOOL, with_walk))                                                           \
	P(UNHOOK, unhook, "unhooked",                                                              \
	  "{at|0:never|at {at} by CPU {cpu}, from {addr} of mm {mm}}" VIOLATION_SOURCE,            \
	  F(SEQ, at) F(CPU, cpu) F(MM, mm) F(GVA, addr) F(SOURCE, source))                         \
	P(FLUSH, flush, "flush",                                                                   \
	  "{end|0:none since|{begin} to {end} by CPU {initiator}, of mm {mm}, tlb_gen {tlb_gen}, " \
	  "{tables|n:without|with} tables}",                                                       \
	  F(SEQ, begin) F(SEQ, end) F(CPU, initiator) F(MM, mm) F(COUNT, tlb_gen)                  \
	  F(BOOL, tables))                                                                         \
	P(SYNC, sync, "sync",                                                                      \
	  "{at|0:none by CPU {release.cpu} since|"                                                 \
	  "{at}{rcu|n:| (rcu)} by CPU {release.cpu}, {skipped|n:sent|skipped}"                     \
	  "{missed|n:|, but not to CPU {cpu}}}" VIOLATION_SOURCE,                                  \
	  F(SEQ, at) F(BOOL, rcu) F(BOOL, skipped) F(BOOL, missed) F(SOURCE, source))              \
	P(GRACE, grace, "grace",                                                                   \
	  "{walk.kind|rcu:period asked for {at|0:by CPU {release.cpu}: none since|"                \
	  "at {at} by CPU {release.cpu}}|}",                                                       \
	  F(SEQ, at))                                                                              \
	P(RELEASE, release, "{as}",                                                                \
	  "{as|unshared:left to mm {owner} alone, |}at {at} by CPU {cpu}" VIOLATION_SOURCE,        \
	  F(SEQ, at) F(CPU, cpu) F(RELEASE, as) F(MM, owner) F(SOURCE, source))                    \
	P(LATER, later, "later",                                                                   \
	  "{deposited|0:|deposited at {deposited}, }{freed|0:|freed at {freed}, }"                 \
	  "{allocated|0:|allocated again at {allocated}, }"                                        \
	  "{hooked|0:|hooked into mm {mm} at {hooked}, }",                                         \
	  F(SEQ, deposited) F(SEQ, freed) F(SEQ, allocated) F(SEQ, hooked) F(MM, mm))              \
	P(USE, use, "used",                                                                        \
	  "at {at} by CPU {cpu}, which read the entry {entry}"                                     \
	  "{poison|n:|, the poison of freed tables}" VIOLATION_SOURCE,                             \
	  F(SEQ, at) F(PTE, entry) F(BOOL, poison) F(SOURCE, source))                              \
	P(TOOK, took, "took", "page {page} at {at}" VIOLATION_SOURCE,                              \
	  F(SEQ, at) F(GPA, page) F(SOURCE, source))                                               \
	P(ACCESS, access, "access",                                                                \
	  "{at} by CPU {cpu}, begun after {since}, {op|write:write|read} of {addr} of mm {mm}: "   \
	  VIOLATION_OUTCOME("outcome", "page"),                                                    \
	  F(SEQ, at) F(SEQ, since) F(GVA, addr) F(ACCESS_OP, op) F(ACCESS_OUTCOME, outcome)        \
	  F(GPA, page))                                                                            \
	P(ENTRY, entry, "entry", "{pte}, since {set}" VIOLATION_SOURCE,                            \
	  F(LEAF, pte) F(SEQ, set) F(SOURCE, source))                                              \
	P(INTERRUPT, interrupt, "interrupt",                                                       \
	  "{at|0:none of CPU {cpu} meanwhile|of CPU {cpu} at {at}, vector {vector}}",              \
	  F(SEQ, at) F(HEX, vector))                                                               \
	P(FUNC, func, "part", "of CPU {cpu}, begun at {begin}, {end|0:never done|done at {end}}",  \
	  F(SEQ, begin) F(SEQ, end))                                                               \
	P(CACHED, cached, "cached",                                                                \
	  "{shift} from {start} as {table|n:page|page table} {target}, stored at {set}, "          \
	  "{done|0:there still|no longer there from {done} on}"                                    \
	  "{more|0:|; and {more} more entries}" VIOLATION_SOURCE,                                  \
	  F(GVA, start) F(SHIFT, shift) F(GPA, target) F(BOOL, table) F(SEQ, set) F(SEQ, done)     \
	  F(COUNT, more) F(SOURCE, source))                                                                          \
	P(CALL, call, "call",                                                                      \
	  "{call} by CPU {cpu} of {start} to {end} of mm {mm}, looked after {since}, returned at {at}", \
	  F(SEQ, at) F(SEQ, since) F(CPU, cpu) F(MM_CALL, call) F(GVA, start) F(END, end))         \
	P(FREED, freed, "given back", "page {page} at {at} by CPU {cpu}",                          \
	  F(SEQ, at) F(CPU, cpu) F(GPA, page))                                                     \
	P(BACK, back, "came back", "at {at}; due at {due}", F(SEQ, at) F(SEQ, due))                \
	P(ASK, ask, "asked",                                                                       \
	  "at {at}, of the space {space}{short_of|n:|, for less than the flush's range}",          \
	  F(SEQ, at) F(SPACE, space) F(BOOL, short_of))                                            \
	P(SERVED, served, "served",                                                                \
	  "{at|0:{other|0:{late|0:{begun|0:|begun at {begun}, and not done}|}|"                    \
	  "at {other}, but not on CPU {cpu}"                                                       \
	  "{begun|0:|, which {with_cpu|n:the hypervisor had left out|"                             \
	  "was to be flushed, and was not out of guest mode} ({begun})}{late|0:|; }}"              \
	  "{late|0:|only at {late}, after the flush had returned ({flush.end})}|"                  \
	  "at {at}, {start} to {end}{more|0:|, and {more} more}"                            \
	  "{of|0:|, {pages} of {of} pages}}",                                                      \
	  F(SEQ, at) F(GVA, start) F(END, end) F(COUNT, more) F(COUNT, pages) F(COUNT, of)         \
	  F(SEQ, other) F(SEQ, begun) F(BOOL, with_cpu) F(SEQ, late))                              \
	P(SAID, said, "said", "{what} at {at}; CR3 loaded at {loaded|0:no time that is known|{loaded}}", \
	  F(SEQ, at) F(SEQ, loaded) F(SAID, what))                                                 \
	P(TAG, tag, "tag", "{tag}, loaded for another mm at {loaded}, and kept at {at}",           \
	  F(SEQ, at) F(SEQ, loaded) F(COUNT, tag))                                                 \
	P(GRAB, grab, "reference", "taken at {at}", F(SEQ, at))                                    \
	P(HELD, held, "held",                                                                      \
	  "{from|0:|CPU {cpu} by the VMM, from {from} {to|0:on|to {to}}"                           \
	  "{more|0:|, and {more} times more}}",                                                    \
	  F(SEQ, from) F(SEQ, to) F(COUNT, more))

/* What several lines and sentences say. */
#define VIOLATION_SOURCE "{source|unknown:| @ {source}}"
#define VIOLATION_OUTCOME(outcome, page)                                                           \
	"{" outcome "|ok:reached page {" page "}|not_present:found nothing mapped|"                \
	"protected:found it write-protected|?}"

/* The union's members: S(shape, P(ID, part) ...), parts in the report's order. */
#define VIOLATION_SHAPES(S, P)                                                                     \
	S(target, P(FLUSH, flush) P(INTERRUPT, interrupt) P(HELD, held))                           \
	S(not_served, P(FLUSH, flush) P(SERVED, served) P(INTERRUPT, interrupt) P(HELD, held))     \
	S(served, P(FLUSH, flush) P(HELD, held))                                                   \
	S(ack, P(FLUSH, flush) P(FUNC, func) P(HELD, held))                                        \
	S(stale, P(ACCESS, access) P(FLUSH, flush) P(ENTRY, entry) P(HELD, held))                  \
	S(walker, P(WALK, walk) P(TABLE, table) P(UNHOOK, unhook) P(FLUSH, flush)                  \
	  P(SYNC, sync) P(RELEASE, release) P(HELD, held))                                         \
	S(use_after, P(WALK, walk) P(TABLE, table) P(POINTER, pointer)                             \
	  P(UNHOOK, unhook) P(FLUSH, flush) P(SYNC, sync) P(GRACE, grace) P(RELEASE, release)      \
	  P(LATER, later) P(USE, use) P(HELD, held))                                               \
	S(wrong_page, P(WALK, walk) P(TOOK, took) P(ENTRY, entry) P(HELD, held))                   \
	S(walk_interrupted, P(WALK, walk) P(INTERRUPT, interrupt) P(HELD, held))                   \
	S(missed, P(FLUSH, flush) P(SERVED, served) P(CACHED, cached) P(INTERRUPT, interrupt)      \
	  P(HELD, held))                                                                           \
	S(unflushed, P(CALL, call) P(CACHED, cached) P(HELD, held))                                \
	S(page_early, P(FREED, freed) P(CACHED, cached) P(HELD, held))                             \
	S(table_early, P(RELEASE, release) P(CACHED, cached) P(HELD, held))                        \
	S(came_back, P(BACK, back) P(CACHED, cached) P(HELD, held))                                \
	S(asked, P(FLUSH, flush) P(ASK, ask))                                                      \
	S(served_short, P(FLUSH, flush) P(ASK, ask) P(SERVED, served)) /* begins as asked */       \
	S(not_done, P(SAID, said) P(HELD, held))                                                   \
	S(tag_reused, P(TAG, tag) P(HELD, held))                                                   \
	S(grabbed, P(WALK, walk) P(GRAB, grab) P(TOOK, took) P(ENTRY, entry) P(HELD, held))        \
	S(model, P(ACCESS, access) P(HELD, held))                                                  \
	S(not_flushed, P(TABLE, table) P(UNHOOK, unhook) P(FLUSH, flush) P(SYNC, sync)             \
	  P(RELEASE, release))

/*
 * V(ID, name, shape, what the CPU did, first event listed, last one, sentence).
 * The sentence is a template, too, which names parts: {flush.begin}.
 */
#define VIOLATIONS(V)                                                                              \
	/* of the delivered column */                                                              \
	V(NOT_INTERRUPTED, "not-interrupted", target,                                              \
	  "was not interrupted by a flush that it was a target of", "flush.begin", "flush.end",    \
	  "CPU {cpu} did not take an interrupt between the start and the return of "               \
	  VIOLATION_FLUSH ", which it was a target of")                                            \
	V(INTERRUPTED, "interrupted", target,                                                      \
	  "was interrupted in the course of a flush that was to interrupt nobody",                 \
	  "flush.begin", "flush.end",                                                              \
	  "CPU {cpu} took an interrupt between the start and the return of "                       \
	  VIOLATION_FLUSH ", which it was a target of")                                            \
	V(ACK_EARLY, "ack-early", ack,                                                             \
	  "had not done its part of a flush when that returned", "flush.begin", "flush.end",       \
	  VIOLATION_FLUSH " returned before CPU {cpu}, which had begun its part at {func.begin}, " \
	  "had done it")                                                                           \
	V(NOT_SERVED, "not-served", not_served,                                                    \
	  "was neither interrupted by a flush nor flushed, for its whole range, by the hypervisor", \
	  "flush.begin", "flush.end",                                                              \
	  VIOLATION_FLUSH " was for CPU {cpu}, which was not interrupted, and when it returned "   \
	  "the hypervisor had not served all of its range there")                                             \
	V(OVER_SERVED, "over-served", served,                                                      \
	  "was flushed by the hypervisor for a flush that was not for it",                         \
	  "flush.begin", "flush.end",                                                              \
	  VIOLATION_FLUSH " was not for CPU {cpu}, and the hypervisor was asked to flush it all "  \
	  "the same")                                                                              \
	V(WALKER_NOT_INTERRUPTED, "walker-not-interrupted", walker,                                \
	  "was in a walk that nothing had waited for when a page table was released",              \
	  "walk.begin", "release.at",                                                              \
	  VIOLATION_RELEASED ", unhooked at {unhook.at}, with "                                    \
	  "{sync.at|0:no sync|sync {sync.at} {sync.skipped|n:sent|skipped}}, while CPU {cpu} was " \
	  "still in its walk {walk.begin} of mm {mm} and had not been interrupted")                \
	/* of the safe column */                                                                   \
	V(STALE, "stale", stale, "used a translation that a flush had ended",                      \
	  "flush.begin", "access.at",                                                              \
	  "CPU {cpu} {access.op|write:wrote to|read} {access.addr} of mm {mm} and "                \
	  VIOLATION_OUTCOME("access.outcome", "access.page") " ({access.at}), though it is "       \
	  "{entry.pte} since {entry.set} and CPU {flush.initiator}'s flush {flush.begin} to "      \
	  "{flush.end} had returned")                                                              \
	V(USE_AFTER_FREE, "use-after-free", use_after,                                             \
	  "walked through a page table that had been freed", "pointer.at", "use.at",               \
	  VIOLATION_USED)                                                                          \
	V(USE_AFTER_DEPOSIT, "use-after-deposit", use_after,                                       \
	  "walked through a page table that had been put aside to be used again",                  \
	  "pointer.at", "use.at", VIOLATION_USED)                                                  \
	V(USE_AFTER_UNSHARE, "use-after-unshare", use_after,                                       \
	  "walked through a page table that was another mm's alone", "pointer.at", "use.at",       \
	  VIOLATION_USED)                                                                          \
	V(WRONG_PAGE, "wrong-page", wrong_page,                                                    \
	  "took a page, by a walk, that was not mapped there meanwhile", "walk.begin", "took.at",  \
	  VIOLATION_WALK " took page {took.page} ({took.at}), which was not mapped there at any "  \
	  "time since it began; it is {entry.pte} since {entry.set}")                              \
	V(WALK_INTERRUPTED, "walk-interrupted", walk_interrupted,                                  \
	  "was interrupted in a walk that was to run with IRQs off",                               \
	  "walk.begin", "interrupt.at",                                                            \
	  VIOLATION_WALK ", which was to run with IRQs off, was interrupted ({interrupt.at}, "     \
	  "vector {interrupt.vector})")                                                            \
	V(NOT_FLUSHED, "not-flushed", not_flushed,                                                 \
	  "released a page table that hardware may still walk through", "unhook.at", "release.at", \
	  VIOLATION_RELEASED ", unhooked from {unhook.addr} of mm {unhook.mm} at {unhook.at}, "    \
	  "though no flush of that had returned: hardware may still walk through it") \
	V(GRABBED, "walk-unhooked", grabbed,                                                       \
	  "took a reference to a page that was not mapped there any more",                         \
	  "walk.begin", "took.at",                                                                 \
	  VIOLATION_WALK " took page {took.page} ({took.at}), which was not mapped there any "     \
	  "more when it had its reference ({grab.at}); it is {entry.pte} since {entry.set}")       \
	/* of what CPUs may have cached */                                                         \
	V(MISSED_FLUSH, "missed-flush", missed,                                                    \
	  "may still use what a flush was to remove", "flush.begin", "flush.end",                  \
	  VIOLATION_FLUSH " has returned, and CPU {cpu} may still use " VIOLATION_CACHED)          \
	V(UNFLUSHED, "unflushed", unflushed,                                                       \
	  "may still use what a call was to take away", "call.since", "call.at",                   \
	  "CPU {call.cpu}'s {call.call} of {call.start} to {call.end} of mm {mm} has returned "    \
	  "({call.at}), and CPU {cpu} may still use " VIOLATION_CACHED)                            \
	V(PAGE_EARLY, "page-early", page_early,                                                    \
	  "may still use a page that was given back", "cached.set", "freed.at",                    \
	  "CPU {freed.cpu} gave page {freed.page} back ({freed.at}), and CPU {cpu} may still use " \
	  VIOLATION_CACHED)                                                                        \
	V(TABLE_EARLY, "table-early", table_early,                                                 \
	  "may still walk through a page table that was put to another use",                       \
	  "cached.set", "release.at",                                                              \
	  "CPU {release.cpu} {release.as} page table {cached.target} ({release.at}), and CPU "     \
	  "{cpu} may still use " VIOLATION_CACHED)                                                 \
	V(CAME_BACK, "came-back", came_back,                                                       \
	  "came back, and may still use what had to be gone meanwhile", "back.due", "back.at",     \
	  "CPU {cpu} came back ({back.at}), and may still use " VIOLATION_CACHED ", which had to " \
	  "be gone at {back.due}")                                                                 \
	V(ASKED_WRONG, "asked-wrong", asked,                                                       \
	  "asked its hypervisor for another flush than it was to make",                            \
	  "flush.begin", "flush.end",                                                              \
	  VIOLATION_FLUSH " asked its hypervisor ({ask.at}) for "                                  \
	  "{ask.short_of|n:the space {ask.space}, which is not what the mm goes by|less than its range}")     \
	V(SERVED_SHORT, "served-short", served_short,                                              \
	  "was not flushed by the hypervisor as it was asked", "flush.begin", "flush.end",         \
	  VIOLATION_FLUSH " asked its hypervisor ({ask.at}), which said that it was done, and has " \
	  "not served all of it on CPU {cpu}")                                                     \
	V(NOT_DONE, "not-done", not_done,                                                          \
	  "has not done what it says", "said.loaded", "said.at",                                       \
	  "{said.what|served:CPU {cpu} went on ({said.at}) and was not flushed before, though its " \
	  "hypervisor had said so: FLUSHED came after later events of CPU {cpu}, or not at all|"   \
	  "CPU {cpu} says ({said.at}) that "                                                       \
	  "{said.what|switched:it has mm {mm} loaded|lazy:it is lazy, with mm {mm} loaded|"        \
	  "left:it has left mm {mm}, for it was lazy|not_loaded:it has not loaded mm {mm}|"        \
	  "full:it has flushed all of mm {mm}|partial:it has flushed a range of mm {mm}|"          \
	  "adopted:every CPU that has mm {mm} loaded has its global ASID|?}, "                     \
	  "and that is not so}")                                                                   \
	V(TAG_REUSED, "tag-reused", tag_reused,                                                    \
	  "loaded an mm under a tag that has another one's entries", "tag.loaded", "tag.at",       \
	  "CPU {cpu} loaded mm {mm} under tag {tag.tag} ({tag.at}) and kept what it has cached "   \
	  "under that of another mm, loaded at {tag.loaded}")                                      \
	V(MODEL_FAULT, "model-fault", model,                                                       \
	  "found what no TLB is permitted to have: the model is wrong, or this host's KVM is, or " \
	  "the guest wrote into a page table without saying so",                                   \
	  "access.since", "access.at",                                                             \
	  "CPU {cpu} {access.op|write:wrote to|read} {access.addr} of mm {mm} and "                \
	  VIOLATION_OUTCOME("access.outcome", "access.page") " ({access.at}), which no TLB is "    \
	  "permitted to have: the model is wrong, or this host's KVM is, or the guest wrote into " \
	  "a page table without saying so")

/* What several sentences say. */
#define VIOLATION_FLUSH                                                                            \
	"CPU {flush.initiator}'s flush {flush.begin} to {flush.end} of mm {mm}"
#define VIOLATION_CACHED                                                                           \
	"{cached.start} of mm {mm} as {cached.table|n:page|page table} {cached.target} (stored at " \
	"{cached.set}, {cached.done|0:there still|gone at {cached.done}})"
#define VIOLATION_WALK	   "CPU {cpu}'s walk {walk.begin} of {walk.addr} of mm {mm}"
#define VIOLATION_RELEASED                                                                         \
	"CPU {release.cpu} {release.as} page table {table.table} ({release.at})"
#define VIOLATION_USED                                                                             \
	VIOLATION_WALK " read page table {table.table} ({use.at}) through a pointer from "         \
	"{pointer.at}, though CPU {release.cpu} {release.as} it at {release.at}"

#endif
