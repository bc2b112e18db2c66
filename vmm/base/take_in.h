/* SPDX-License-Identifier: GPL-2.0-only */
/* A file of the tree taken in whole, as a string, when what includes this is assembled. */
#ifndef VMM_TAKE_IN_H
#define VMM_TAKE_IN_H

/* name: to be declared as extern const char name[]; path: from the top of the tree. */
#define TAKE_IN(name, path)                                                                        \
	__asm__(".pushsection .rodata\n"                                                           \
		".globl " #name "\n" #name ":\n"                                                   \
		".incbin \"" path "\"\n"                                                           \
		".byte 0\n"                                                                        \
		".popsection\n")

#endif
