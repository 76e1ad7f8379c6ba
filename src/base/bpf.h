/* Runs seccomp filters outside of the kernel: what will seccomp(2) answer? For the instructions
 * that osless' own filters and libseccomp's consist of: words of struct seccomp_data, AND,
 * comparisons with constants, jumps forward, returns of constants. Pure. */
#ifndef OSLESS_BASE_BPF_H
#define OSLESS_BASE_BPF_H

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>

/* What seccomp_data.arch is for this machine's own entry point. */
#if defined(__x86_64__)
#define BPF_NATIVE AUDIT_ARCH_X86_64
#else
#define BPF_NATIVE AUDIT_ARCH_AARCH64
#endif

/* Whether it can be run here, and ends on every way; what the kernel would refuse to load is not
 * plain. */
int bpf_is_plain(const struct sock_filter *code, size_t length);

/* The answer to a call; the filter is plain. */
uint32_t bpf_answer(const struct sock_filter *code, const struct seccomp_data *data);

/* 1 if the answer to the call with this number is the same whatever its arguments are: *answer gets
 * it. The kernel answers such calls from a cache where it is SECCOMP_RET_ALLOW (Linux 5.11). The
 * filter is plain. */
int bpf_constant(const struct sock_filter *code, uint32_t arch, int number, uint32_t *answer);

#endif
