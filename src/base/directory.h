/* Names in a directory, without opendir(3): init allocates nothing. */
#ifndef OSLESS_BASE_DIRECTORY_H
#define OSLESS_BASE_DIRECTORY_H

/* Calls each with every name in the directory open at fd (to be read from its start) but "." and
 * "..", until it returns other than 0. Returns that, or 0; -1 with errno when reading fails
 * (getdents64(2)). */
int directory_each(int fd, int (*each)(const char *name, void *context), void *context);

#endif
