/* The search, and the conf files that it needs. */
#include "check/libraries.h"

#include "base/arena.h"
#include "base/auto.h"
#include "base/directory.h"
#include "base/error.h"
#include "base/file.h"
#include "check/elf.h"

#include <elf.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#define CONF_BYTES_MAX 65536
#define CONF_DEPTH_MAX 4
#define CONF_FILES_MAX 256
#define CONF_BLANK " \t\r,:"

#if defined(__x86_64__)
#define TRIPLET "x86_64-linux-gnu"
#define MUSL_CONF "/etc/ld-musl-x86_64.path"
#define PLATFORM "x86_64"
#else
#define TRIPLET "aarch64-linux-gnu"
#define MUSL_CONF "/etc/ld-musl-aarch64.path"
#define PLATFORM "aarch64"
#endif

static const char *const default_directories[] = { "/lib/" TRIPLET, "/usr/lib/" TRIPLET, "/lib64",
	"/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib" };

static int
add_directory(struct libraries *libraries, const char *path, size_t length)
{
	const char *copy;

	if (libraries->count == LIBRARIES_DIRECTORIES_MAX || length == 0)
		return 0;
	copy = arena_printf(libraries->arena, "%.*s", (int)length, path);
	if (!copy)
		return -1;
	libraries->directories[libraries->count++] = copy;
	return 0;
}

/* ---- ld.so.conf */

static int read_conf(struct libraries *libraries, const char *path, unsigned depth);

struct included {
	struct libraries *libraries;
	const char *directory;
	const char *pattern;
	unsigned depth;
};

static int
include_one(const char *name, void *context)
{
	const struct included *included = context;
	char path[PATH_MAX];

	if (fnmatch(included->pattern, name, FNM_PERIOD) != 0 ||
	    snprintf(path, sizeof(path), "%s/%s", included->directory, name) >= (int)sizeof(path))
		return 0;
	return read_conf(included->libraries, path, included->depth);
}

/* include PATTERN: shell patterns in the last component, as everybody writes them. */
static int
include_pattern(struct libraries *libraries, const char *pattern, size_t length, unsigned depth)
{
	char full[PATH_MAX];
	struct place place;
	struct included included = { .libraries = libraries, .depth = depth };
	char *slash;
	int result = 0;

	if (snprintf(full, sizeof(full), "%s%.*s", pattern[0] == '/' ? "" : "/etc/", (int)length,
		pattern) >= (int)sizeof(full))
		return 0;
	slash = strrchr(full, '/'); /* there is one */
	*slash = '\0';
	included.directory = full;
	included.pattern = slash + 1;
	if (place_open(libraries->places, *full ? full : "/", &place) == PLACE_FOUND &&
	    place.fd >= 0 && S_ISDIR(place.status.st_mode) &&
	    directory_each(place.fd, include_one, &included) < 0 && errno == ENOMEM)
		result = -1;
	if (place.fd >= 0)
		(void)close(place.fd); /* read only */
	return result;
}

/* One word of a line: a directory, or a pattern where the line is an include. */
static int
read_word(
    struct libraries *libraries, const char *word, size_t length, int is_include, unsigned depth)
{
	if (is_include)
		return include_pattern(libraries, word, length, depth);
	return word[0] == '/' ? add_directory(libraries, word, length) : 0;
}

/* One line, up to its comment: "include PATTERN", or directories. */
static int
read_line(struct libraries *libraries, const char *line, size_t length, unsigned depth)
{
	const char *end = line + length;
	int is_include = 0;

	while (line < end) {
		size_t word = 0;

		while (line + word < end && !strchr(CONF_BLANK, line[word]))
			word++;
		if (word == 7 && strncmp(line, "include", 7) == 0)
			is_include = 1;
		else if (word && read_word(libraries, line, word, is_include, depth) < 0)
			return -1;
		line += word ? word : 1;
	}
	return 0;
}

static char *
read_text(struct libraries *libraries, const char *path, size_t *length)
{
	struct error ignored; /* no file, no directories */
	struct place place;
	char *text = NULL;

	if (libraries->files++ >= CONF_FILES_MAX)
		return NULL;
	if (place_open(libraries->places, path, &place) == PLACE_FOUND && place.fd >= 0 &&
	    S_ISREG(place.status.st_mode))
		text = file_read_fd(place.fd, path, CONF_BYTES_MAX, length, &ignored);
	if (place.fd >= 0)
		(void)close(place.fd); /* read only */
	return text;
}

/* Recursive by include, to a bounded depth. */
static int
read_conf(struct libraries *libraries, const char *path, unsigned depth)
{
	size_t length = 0;
	AUTO_FREE char *text = depth < CONF_DEPTH_MAX ? read_text(libraries, path, &length) : NULL;

	for (const char *line = text; line && *line;) {
		size_t all = strcspn(line, "\n");
		size_t useful = strcspn(line, "#\n");

		if (read_line(libraries, line, useful, depth + 1) < 0) {
			errno = ENOMEM;
			return -1;
		}
		line += all + (line[all] == '\n');
	}
	return 0;
}

int
libraries_load(struct libraries *libraries, const struct places *places, struct arena *arena)
{
	*libraries = (struct libraries) { .places = places, .arena = arena };
	if (read_conf(libraries, "/etc/ld.so.conf", 0) < 0 ||
	    read_conf(libraries, MUSL_CONF, 0) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(default_directories) / sizeof(default_directories[0]); i++)
		if (add_directory(
			libraries, default_directories[i], strlen(default_directories[i])) < 0)
			return -1;
	return 0;
}

/* ---- the search */

/* Whether the file is one that the dynamic linker would take: for this machine, 64 bits. */
static int
is_fitting(const struct place *place)
{
	unsigned char head[sizeof(Elf64_Ehdr)];
	ssize_t got = pread(place->fd, head, sizeof(head), 0);
	struct elf elf;

	if (got != (ssize_t)sizeof(head))
		return 0;
	return elf_read(head, sizeof(head), &elf) != ELF_NONE && head[EI_CLASS] == ELFCLASS64 &&
	       elf.machine == elf_native_machine();
}

static enum libraries_result
try_path(const struct libraries *libraries, const char *path)
{
	enum libraries_result result = LIBRARIES_MISSING;
	struct place place;
	enum place_result opened = place_open(libraries->places, path, &place);

	if (opened == PLACE_HIDDEN || opened == PLACE_DENIED)
		result = LIBRARIES_HIDDEN;
	else if (place.fd >= 0 && S_ISREG(place.status.st_mode) && is_fitting(&place))
		result = LIBRARIES_FOUND;
	if (place.fd >= 0)
		(void)close(place.fd); /* read only */
	return result;
}

/* 1: name ($ORIGIN or ${ORIGIN}) stands at text; *length gets its bytes. */
static int
is_token(const char *text, const char *name, size_t *length)
{
	size_t bytes = strlen(name);
	int braces = text[1] == '{';

	*length = 1 + bytes + (braces ? 2 : 0);
	return strncmp(text + 1 + braces, name, bytes) == 0 && (!braces || text[2 + bytes] == '}');
}

/* What the dynamic token at text stands for; NULL: it is none. */
static const char *
expand_token(const char *text, const char *origin, size_t *length)
{
	if (is_token(text, "ORIGIN", length))
		return origin;
	if (is_token(text, "LIB", length))
		return "lib/" TRIPLET;
	if (is_token(text, "PLATFORM", length))
		return PLATFORM;
	return NULL;
}

/* One directory of a search path, its tokens expanded, and /name. -1: it does not fit. */
static int
expand(
    const char *directory, size_t length, const char *origin, const char *name, char path[PATH_MAX])
{
	size_t used = 0;

	for (size_t at = 0; at < length;) {
		size_t token = 1;
		const char *put =
		    directory[at] == '$' ? expand_token(directory + at, origin, &token) : NULL;
		int printed;

		if (!put)
			token = 1;
		printed = put ? snprintf(path + used, PATH_MAX - used, "%s", put)
			      : snprintf(path + used, PATH_MAX - used, "%c", directory[at]);
		used += (size_t)printed;
		if (used >= PATH_MAX)
			return -1;
		at += token;
	}
	return snprintf(path + used, PATH_MAX - used, "/%s", name) < (int)(PATH_MAX - used) ? 0
											    : -1;
}

/* Searches the colon-separated list; *hidden is set where something could not be looked into. */
static int
search_list(const struct libraries *libraries, const char *list, const char *loader_path,
    const char *name, char path[PATH_MAX], int *hidden)
{
	char origin[PATH_MAX];
	char *slash;

	(void)snprintf(origin, sizeof(origin), "%s", loader_path ? loader_path : "/");
	slash = strrchr(origin, '/');
	if (slash)
		*slash = '\0';
	while (list && *list) {
		size_t length = strcspn(list, ":;");

		if (length && expand(list, length, origin, name, path) == 0 && path[0] == '/') {
			enum libraries_result result = try_path(libraries, path);

			if (result == LIBRARIES_FOUND)
				return 1;
			*hidden |= result == LIBRARIES_HIDDEN;
		}
		list += length + (list[length] != '\0');
	}
	return 0;
}

static int
search_directories(
    const struct libraries *libraries, const char *name, char path[PATH_MAX], int *hidden)
{
	for (size_t i = 0; i < libraries->count; i++) {
		enum libraries_result result;

		if (snprintf(path, PATH_MAX, "%s/%s", libraries->directories[i], name) >= PATH_MAX)
			continue;
		result = try_path(libraries, path);
		if (result == LIBRARIES_FOUND)
			return 1;
		*hidden |= result == LIBRARIES_HIDDEN;
	}
	return 0;
}

/* musl's dynamic linker is the C library, under any of its names. */
static int
is_built_in(const char *interpreter, const char *name)
{
	static const char *const parts[] = { "libc.", "libpthread.", "librt.", "libm.", "libdl.",
		"libutil.", "libxnet." };

	if (!interpreter || !strstr(interpreter, "/ld-musl-"))
		return 0;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strncmp(name, parts[i], strlen(parts[i])) == 0)
			return 1;
	return 0;
}

static int
search_all(const struct libraries *libraries, const struct libraries_loader *loader,
    const char *name, char path[PATH_MAX], int *hidden)
{
	const char *rpath = loader->runpath ? NULL : loader->rpath;
	const char *main_rpath = loader->runpath ? NULL : loader->main_rpath;

	return search_list(libraries, rpath, loader->path, name, path, hidden) ||
	       search_list(libraries, main_rpath, loader->main_path, name, path, hidden) ||
	       search_list(libraries, loader->library_path, loader->path, name, path, hidden) ||
	       search_list(libraries, loader->runpath, loader->path, name, path, hidden) ||
	       search_directories(libraries, name, path, hidden);
}

enum libraries_result
libraries_find(const struct libraries *libraries, const struct libraries_loader *loader,
    const char *name, char path[PATH_MAX])
{
	int hidden = 0;

	if (is_built_in(loader->interpreter, name))
		return LIBRARIES_BUILT_IN;
	if (strchr(name, '/')) {
		(void)snprintf(path, PATH_MAX, "%s", name); /* cut, it is not found */
		return name[0] == '/' ? try_path(libraries, path) : LIBRARIES_HIDDEN;
	}
	if (search_all(libraries, loader, name, path, &hidden))
		return LIBRARIES_FOUND;
	return hidden ? LIBRARIES_HIDDEN : LIBRARIES_MISSING;
}
