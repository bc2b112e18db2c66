/* SPDX-License-Identifier: GPL-2.0-only */
/* The page that shows a run, taken in whole when this is assembled: the page needs no network. */
#include "show/page.h"

#define TAKE_IN(name, path)                                                                        \
	__asm__(".pushsection .rodata\n"                                                           \
		".globl " #name "\n" #name ":\n"                                                   \
		".incbin \"" path "\"\n"                                                           \
		".byte 0\n"                                                                        \
		".popsection\n")

TAKE_IN(show_page_js, "vmm/show/page.js");
TAKE_IN(show_page_css, "vmm/show/page.css");
