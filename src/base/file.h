/* Whole files, bounded. Everything opens relative to a directory fd, close-on-exec. */
#ifndef OSLESS_BASE_FILE_H
#define OSLESS_BASE_FILE_H

#include <stddef.h>
#include <sys/types.h>

struct error;
struct stat;

/* Whether it is the caller's, and closed to all others. */
int file_is_private(const struct stat *info);

/* Reads the open file to its end into memory from malloc(3), NUL-terminated, which the caller
 * frees; *length gets the bytes. More than max bytes is an error: what is read may be the
 * payload's. NULL: err says why; what names the file. */
char *file_read_fd(int fd, const char *what, size_t max, size_t *length, struct error *err);

/* The same, opening dir/name first. */
char *file_read(int dir, const char *name, size_t max, size_t *length, struct error *err);

/* write(2) until all is written. -1: errno. */
int file_write_all(int fd, const void *data, size_t length);

/* Writes a small kernel file (cgroup, proc, sysfs) in one write(2), without creating it. */
int file_put(int dir, const char *name, const char *text, struct error *err);

/* Makes dir/name, which must not be there, with data in it: one open, one write. On failure it is
 * gone again. For directories that a lock guards; readers without it see an empty file for a
 * moment. */
int file_create(
    int dir, const char *name, const void *data, size_t length, mode_t mode, struct error *err);

/* Replaces dir/name as a whole: writes a temporary file beside it, then renames. Mode 0600 less
 * umask where mode is 0600. On failure the temporary file is gone. */
int file_replace(
    int dir, const char *name, const void *data, size_t length, mode_t mode, struct error *err);

/* A memfd that holds data, sealed against every change (memfd_create(2), F_ADD_SEALS).
 * Close-on-exec, readable from its start. executable: for programs (vm.memfd_noexec). -1: err
 * filled. */
enum file_memfd { FILE_DATA, FILE_PROGRAM };
int file_sealed_memfd(
    const char *name, enum file_memfd kind, const void *data, size_t length, struct error *err);

/* The same, executable, of the open file's content, which starts where fd stands: at most max
 * bytes. For programs that lie where nothing may be executed. */
int file_sealed_program(int fd, const char *name, size_t max, struct error *err);

#endif
