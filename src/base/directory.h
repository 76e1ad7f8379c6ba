/* Directories: names in one, without opendir(3), as init allocates nothing; and those of our own.
 */
#ifndef OSLESS_BASE_DIRECTORY_H
#define OSLESS_BASE_DIRECTORY_H

/* Calls each with every name in the directory open at fd (to be read from its start) but "." and
 * "..", until it returns other than 0. Returns that, or 0; -1 with errno when reading fails
 * (getdents64(2)). */
int directory_each(int fd, int (*each)(const char *name, void *context), void *context);

/* Opens parent/name, which is made, mode 0700, where it is not there. Returns its fd, or -1 with
 * errno; EPERM where it is another user's, or others can make names in it. */
int directory_open_own(int parent, const char *name);

#endif
