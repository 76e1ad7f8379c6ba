/* What the built-in filter answers to a refused call: the errno, in one of two ways.
 *
 *     SECCOMP_RET_ERRNO | errno                        without a word (what is probed routinely)
 *     ANSWER_ASK | errno | enum answer_bit             by whoever holds the listener
 *
 * The kernel does not pass a notification's low bits on (seccomp(2)); init, which holds the plan,
 * runs the filter once more over the call's numbers and finds them (base/bpf.h). Where nobody is to
 * be asked, answer_plain turns the second into the first. */
#ifndef OSLESS_PLAN_ANSWER_H
#define OSLESS_PLAN_ANSWER_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>

#define ANSWER_ERRNO 0x0fffu /* MAX_ERRNO is 4095 */

/* Unlike what a bundle's profile leaves to its own agent, which has no low bits. */
#define ANSWER_ASK (SECCOMP_RET_USER_NOTIF | 0x8000u)

enum answer_bit {
	ANSWER_WOULD = 0x1000,  /* audit: execute it, and tell what would have been answered */
	ANSWER_BUNDLE = 0x2000, /* it is the bundle's own profile that refuses */
};

static inline uint32_t
answer_plain(uint32_t answer)
{
	if ((answer & ANSWER_ASK) != ANSWER_ASK ||
	    (answer & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_USER_NOTIF)
		return answer;
	if (answer & ANSWER_WOULD)
		return SECCOMP_RET_LOG;
	return SECCOMP_RET_ERRNO | (answer & ANSWER_ERRNO);
}

/* The same for all that a filter returns. */
static inline void
answer_make_plain(struct sock_filter *code, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (code[i].code == (BPF_RET | BPF_K))
			code[i].k = answer_plain(code[i].k);
}

#endif
