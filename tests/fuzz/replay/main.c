/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A fuzz target without a fuzzer: every file of the directories, and so many changes of each,
 * the same in every run.
 *
 *	TARGET CHANGES DIRECTORY...
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 65536u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static uint64_t state = 0x5eed;

static uint64_t rnd_below(uint64_t n)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1dull % n;
}

/* One change of so many bytes, which have room for as many again; returns how many there are. */
static size_t change(uint8_t *data, size_t len)
{
	size_t at = len ? rnd_below(len) : 0, n = 1 + rnd_below(8);

	if (n > len - at)
		n = len - at;
	switch (len ? rnd_below(5) : 3) {
	case 0:
		data[at] ^= 1 << rnd_below(8);
		return len;
	case 1:
		data[at] = rnd_below(256);
		return len;
	case 2:
		memmove(data + at, data + at + n, len - at - n);
		return len - n;
	case 3:
		n = 1 + rnd_below(16);
		memmove(data + at + n, data + at, len - at);
		for (size_t i = 0; i < n; i++)
			data[at + i] = rnd_below(256);
		return len + n;
	default:
		memmove(data + at, data + rnd_below(len - n + 1), n);
		return len;
	}
}

static unsigned int try(const uint8_t *file, size_t len, unsigned int changes)
{
	static uint8_t data[2 * MOST];

	LLVMFuzzerTestOneInput(file, len);
	for (unsigned int i = 0; i < changes; i++) {
		size_t n = len;

		memcpy(data, file, len);
		for (uint64_t k = 1 + rnd_below(6); k; k--)
			n = change(data, n);
		LLVMFuzzerTestOneInput(data, n);
	}
	return 1 + changes;
}

int main(int argc, char **argv)
{
	unsigned int inputs = 0, changes = argc > 1 ? atoi(argv[1]) : 0;
	static uint8_t file[MOST];

	inputs += try(file, 0, changes);
	for (int i = 2; i < argc; i++) {
		struct dirent **entry;
		int nr = scandir(argv[i], &entry, NULL, alphasort);

		for (int k = 0; k < nr; k++) {
			char path[512];
			FILE *from;

			snprintf(path, sizeof(path), "%s/%s", argv[i], entry[k]->d_name);
			from = *entry[k]->d_name == '.' ? NULL : fopen(path, "rb");
			if (from)
				inputs += try(file, fread(file, 1, MOST / 2, from), changes);
			if (from)
				fclose(from);
			free(entry[k]);
		}
		if (nr >= 0)
			free(entry);
	}
	printf("%u inputs\n", inputs);
	return 0;
}
