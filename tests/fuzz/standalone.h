/* A main for fuzz targets built without libFuzzer (-DFUZZ_STANDALONE): runs each file it is given
 * once, so that any compiler can replay a corpus. */
#ifndef OSLESS_TESTS_FUZZ_STANDALONE_H
#define OSLESS_TESTS_FUZZ_STANDALONE_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#ifdef FUZZ_STANDALONE

#include <stdio.h>
#include <stdlib.h>

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		FILE *in = fopen(argv[i], "rb");
		uint8_t *data = malloc(1u << 20);
		size_t size;

		if (!in || !data)
			return 2;
		size = fread(data, 1, 1u << 20, in);
		(void)fclose(in);
		(void)LLVMFuzzerTestOneInput(data, size);
		free(data);
	}
	return 0;
}

#endif
#endif
