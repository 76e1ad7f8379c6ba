/* Paths inside a tree that somebody else wrote (a rootfs): every resolution starts at a directory
 * fd and cannot leave the tree, whatever symlinks say (openat2(2), RESOLVE_IN_ROOT |
 * RESOLVE_NO_MAGICLINKS; CVE-2019-19921, CVE-2021-30465, CVE-2024-45310). Callers go on with the fd
 * that they got, never with the string. */
#ifndef OSLESS_BASE_PATH_H
#define OSLESS_BASE_PATH_H

#include <stdint.h>
#include <sys/types.h>

struct error;

/* Opens path below root with open(2)'s flags (O_CLOEXEC is added). Returns the fd; -1 with errno
 * set, err untouched, so that callers can tell ENOENT from the rest. */
int path_open(int root, const char *path, uint64_t flags);

/* The same, and a symlink anywhere in path is ELOOP. */
int path_open_nosymlink(int root, const char *path, uint64_t flags);

/* Below root, relative, without symlinks and without crossing a mount: for a /proc of our own. */
int path_open_plain(int root, const char *path, uint64_t flags);

enum path_kind { PATH_DIRECTORY, PATH_FILE };

/* An O_PATH fd of path below root; what is missing is made: directories with mode 0755, and at the
 * end a directory or an empty file (0644). What exists is taken as it is. -1 with err. */
int path_make(int root, const char *path, enum path_kind kind, struct error *err);

/* An O_PATH fd of the directory that holds path's last component, made where missing; *last points
 * to that component inside path. -1 with err ("." and ".." as last component are refused). */
int path_make_parent(int root, const char *path, const char **last, struct error *err);

#endif
