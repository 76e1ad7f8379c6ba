/* System-call numbers in machine code: what stands in the number's register shortly before a
 * syscall (x86_64) or svc (aarch64) instruction. Pure. A guess by nature: it sees numbers written
 * beside the instruction, not those handed to a function that makes the call, and data that looks
 * like both may add one. */
#ifndef OSLESS_CHECK_ELF_CODE_H
#define OSLESS_CHECK_ELF_CODE_H

#include "check/elf.h"

#define ELF_CALLS_MAX 512 /* numbers; the kernel's end below 480 */

struct elf_calls {
	uint64_t bits[ELF_CALLS_MAX / 64];
	unsigned sites;   /* system-call instructions */
	unsigned unknown; /* those whose number does not stand beside them */
};

/* Adds what the file's code has to *calls. Looks at as many bytes as the file has, at most. */
void elf_code_calls(const struct elf *elf, struct elf_calls *calls);

int elf_calls_has(const struct elf_calls *calls, unsigned number);

#endif
