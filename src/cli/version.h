/* What `--version` prints (CONTRACT: dockerd and podman read it). */
#ifndef OSLESS_CLI_VERSION_H
#define OSLESS_CLI_VERSION_H

#include <stdio.h>

extern const char version_number[];
extern const char version_commit[]; /* "unknown" where it was built from a tarball */

void version_print(FILE *out);

#endif
