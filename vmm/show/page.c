/* SPDX-License-Identifier: GPL-2.0-only */
/* The page that shows a run, taken in whole when this is assembled: the page needs no network. */
#include "base/take_in.h"
#include "show/page.h"

TAKE_IN(show_page_js, "vmm/show/page.js");
TAKE_IN(show_page_css, "vmm/show/page.css");
