/* Names of what system calls take as arguments: data only. Values are the kernel's, names those of
 * its headers and man pages. For this folder only. */
#ifndef OSLESS_CONTAINER_CALL_TERMS_H
#define OSLESS_CONTAINER_CALL_TERMS_H

#include <stddef.h>
#include <stdint.h>

struct term {
	uint32_t value;
	const char *name;
};

/* One word, in the bits of mask, and any flags, in the others. */
struct terms {
	uint32_t mask;
	const struct term *words;
	size_t words_count;
	const struct term *flags;
	size_t flags_count;
};

extern const struct terms terms_arch_prctl;
extern const struct terms terms_bpf;
extern const struct terms terms_clock;
extern const struct terms terms_clone; /* its mask is the exit signal's; no words */
extern const struct terms terms_family;
extern const struct terms terms_fcntl;
extern const struct terms terms_ioctl;
extern const struct terms terms_kcmp;
extern const struct terms terms_keyctl;
extern const struct terms terms_mount;
extern const struct terms terms_netlink;
extern const struct terms terms_personality;
extern const struct terms terms_pipe;
extern const struct terms terms_prctl;
extern const struct terms terms_protocol; /* of AF_INET and AF_INET6 */
extern const struct terms terms_ptrace;
extern const struct terms terms_resource;
extern const struct terms terms_scheduler;
extern const struct terms terms_seccomp;
extern const struct terms terms_socket_type;
extern const struct terms terms_umount;
extern const struct terms terms_unshare;

/* The name of a value among words or flags; NULL where it has none. */
const char *terms_find(const struct term *list, size_t count, uint32_t value);

/* Whether name is in a list of names with a space before and after each. */
int terms_has_name(const char *list, const char *name);

#endif
