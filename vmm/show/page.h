/* SPDX-License-Identifier: GPL-2.0-only */
/* The page that shows a run: its parts as they are in page.js and page.css. */
#ifndef VMM_SHOW_PAGE_H
#define VMM_SHOW_PAGE_H

extern const char show_page_js[], show_page_css[]; /* NUL-terminated */

#endif
