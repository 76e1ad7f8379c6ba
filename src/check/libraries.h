/* Where the dynamic linker would find a library (ld.so(8)): RPATH, LD_LIBRARY_PATH, RUNPATH, the
 * directories of ld.so.conf, the default ones. ld.so.cache is made from the same conf and is not
 * read. */
#ifndef OSLESS_CHECK_LIBRARIES_H
#define OSLESS_CHECK_LIBRARIES_H

#include "check/place.h"

struct arena;

#define LIBRARIES_DIRECTORIES_MAX 128

struct libraries {
	const struct places *places;
	struct arena *arena;
	const char
	    *directories[LIBRARIES_DIRECTORIES_MAX]; /* of the conf files, then the default */
	size_t count;
	unsigned files; /* conf files read */
};

/* Reads the conf files. -1 when memory is exhausted; a file that cannot be read has no
 * directories. */
int libraries_load(struct libraries *libraries, const struct places *places, struct arena *arena);

/* Who needs the library. Texts may be NULL. */
struct libraries_loader {
	const char *path;  /* the file that names it: $ORIGIN is its directory */
	const char *rpath; /* not looked at where it has a runpath */
	const char *runpath;
	const char *main_path; /* the program, whose RPATH holds for all that it loads */
	const char *main_rpath;
	const char *library_path; /* LD_LIBRARY_PATH */
	const char *interpreter;  /* musl's has the C library's parts in it */
};

enum libraries_result {
	LIBRARIES_FOUND,
	LIBRARIES_BUILT_IN, /* the dynamic linker is it */
	LIBRARIES_MISSING,
	LIBRARIES_HIDDEN, /* perhaps in a place that cannot be looked into */
};

/* Looks for name; path gets where it is. */
enum libraries_result libraries_find(const struct libraries *libraries,
    const struct libraries_loader *loader, const char *name, char path[PATH_MAX]);

#endif
