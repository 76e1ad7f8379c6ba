/* Glue, and nothing that knows what a document means. */
#include "spec/document.h"

#include "base/arena.h"
#include "base/auto.h"
#include "base/error.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

int
document_open(int dir, const char *name, const char *what, struct stat *status, struct error *err)
{
	AUTO_FD int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return error_sys(err, "open %s", what);
	if (fstat(fd, status) < 0)
		return error_sys(err, "stat %s", what);
	if (!S_ISREG(status->st_mode))
		return error_set(err, "open %s: not a regular file", what);
	return take_fd(&fd);
}

static void *
allocate(void *arena, size_t size)
{
	return arena_alloc(arena, size);
}

struct ocispec_memory
document_memory(struct arena *arena)
{
	return (struct ocispec_memory) { .alloc = allocate, .context = arena };
}

int
document_read(const char *name, const char *text, size_t length, enum ocispec_type type,
    struct arena *arena, void *out, struct error *err)
{
	struct ocispec_limits limits = { .document_bytes = DOCUMENT_MAX };
	struct ocispec_memory memory = document_memory(arena);
	struct ocispec_error why;

	if (ocispec_read(text, length, type, &limits, &memory, out, &why) < 0)
		return error_set(err, "%s: %s", name, why.text);
	return 0;
}

static int
append(void *stream, const char *text, size_t length)
{
	return fwrite(text, 1, length, stream) == length ? 0 : -1;
}

char *
document_write(const void *document, enum ocispec_type type, enum ocispec_style style,
    size_t *length, struct error *err)
{
	AUTO_FREE char *text = NULL;
	size_t written = 0;
	FILE *stream = open_memstream(&text, &written);
	struct ocispec_sink sink = { .write = append, .context = stream };
	struct ocispec_error why;
	int failed;

	if (!stream) {
		(void)error_sys(err, "allocate memory for JSON"); /* always -1 */
		return NULL;
	}
	failed = ocispec_write(document, type, style, &sink, &why);
	if (fclose(stream) != 0 || failed) {
		(void)error_set(err, "write JSON: %s", failed ? why.text : "out of memory");
		return NULL;
	}
	if (length)
		*length = written;
	return take_ptr(&text);
}
