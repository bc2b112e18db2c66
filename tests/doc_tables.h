/* SPDX-License-Identifier: GPL-2.0-only */
/* Tables that a page of docs/ has from a command: compared by cell, as the tree may have more. */
#ifndef TESTS_DOC_TABLES_H
#define TESTS_DOC_TABLES_H

#include <stdbool.h>

/* What lies between "<!-- mark -->" and "<!-- end of mark -->" in the file; to be freed. */
char *doc_tables(const char *path, const char *mark);

/*
 * Hold each cell of the tables in `made` (Markdown) against that of the page's table with the
 * same place, row and column. A row or a column that the page has not is said and left alone;
 * one that only the page has is, too. In a cell that names things in backquotes, behind their
 * kind and a colon, only those count that are known. Returns how many cells have been compared.
 */
unsigned int doc_cells_agree(const char *made, const char *page, bool (*known)(const char *name));

#endif
