/* One error type for both programs: the caller owns it, nothing is allocated, so it is safe after
 * clone(2).
 *
 * A function that can fail takes `struct error *err` last and returns 0, an fd, or -1 with err
 * filled (or a pointer or NULL). Callers prepend what they were doing with error_in, so that the
 * text reads outermost first:
 *
 *     create web: mounts: mount /data: no such file or directory
 */
#ifndef OSLESS_BASE_ERROR_H
#define OSLESS_BASE_ERROR_H

#define ERROR_TEXT_MAX 1024

struct error {
	int errnum; /* errno behind the failure; 0 where the text says it all */
	char text[ERROR_TEXT_MAX];
};

/* Failed system call: takes errno. Returns -1, so that callers can `return error_sys(...)`. */
int error_sys(struct error *err, const char *act, ...) __attribute__((format(printf, 2, 3)));

/* A failure with an errno that is not in errno (a negative result, a child's report). Returns -1.
 */
int error_num(struct error *err, int errnum, const char *act, ...)
    __attribute__((format(printf, 3, 4)));

/* A failure that has no errno: bad input, a broken promise. Returns -1. */
int error_set(struct error *err, const char *text, ...) __attribute__((format(printf, 2, 3)));

/* Puts "context: " before the text that err already has. Returns -1. */
int error_in(struct error *err, const char *context, ...) __attribute__((format(printf, 2, 3)));

/* "text: strerror", written to at most size bytes, NUL-terminated. The errno's words start in lower
 * case, as engines match them (CONTRACT: `no such file or directory`, `permission denied`). Returns
 * out. */
char *error_words(const struct error *err, char *out, unsigned long size);

#endif
