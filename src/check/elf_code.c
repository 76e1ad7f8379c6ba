/* Looks for the instruction, then backwards for the nearest load of the register. */
#include "check/elf_code.h"

#include <elf.h>
#include <string.h>

#define LOOK_BACK 40u     /* bytes of x86_64 code: some eight instructions */
#define LOOK_BACK_SVC 64u /* of aarch64: sixteen */
#define NOT_FOUND UINT32_MAX

int
elf_calls_has(const struct elf_calls *calls, unsigned number)
{
	return number < ELF_CALLS_MAX && (calls->bits[number / 64] >> number % 64 & 1);
}

static void
add_site(struct elf_calls *calls, uint32_t number)
{
	calls->sites++;
	if (number < ELF_CALLS_MAX)
		calls->bits[number / 64] |= UINT64_C(1) << number % 64;
	else
		calls->unknown++;
}

static uint32_t
word_at(const unsigned char *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

/* What the instruction at `at` loads into eax, if it is such a one and ends within left bytes. */
static uint32_t
load_of(const unsigned char *at, size_t left)
{
	if (left >= 5 && at[0] == 0xb8) /* mov $imm32,%eax */
		return word_at(at + 1);
	if (left >= 7 && at[0] == 0x48 && at[1] == 0xc7 && at[2] == 0xc0) /* mov $imm32,%rax */
		return word_at(at + 3);
	if (left >= 3 && at[0] == 0x6a && at[2] == 0x58) /* push $imm8; pop %rax */
		return at[1];
	if (left >= 2 && (at[0] == 0x31 || at[0] == 0x33) && at[1] == 0xc0) /* xor %eax,%eax */
		return 0;
	return NOT_FOUND;
}

static uint32_t
number_before(const unsigned char *code, size_t site)
{
	size_t first = site > LOOK_BACK ? site - LOOK_BACK : 0;

	for (size_t at = site; at > first; at--) {
		uint32_t number = load_of(code + at - 1, site - (at - 1));

		if (number < ELF_CALLS_MAX)
			return number;
	}
	return NOT_FOUND;
}

/* Not an instruction but part of a longer one's address: a call or jump begins right before it, or
 * it goes on with the zero bytes of a short distance, which no code has. */
static int
is_address(const unsigned char *code, size_t size, size_t site)
{
	for (size_t back = 1; back <= 3 && back <= site; back++)
		if (code[site - back] == 0xe8 || code[site - back] == 0xe9)
			return 1;
	return site + 2 < size && code[site + 2] == 0x00;
}

static void
scan_x86_64(const unsigned char *code, size_t size, struct elf_calls *calls)
{
	for (size_t at = 0; at + 1 < size; at++) {
		const unsigned char *found = memchr(code + at, 0x0f, size - 1 - at);

		if (!found)
			break;
		at = (size_t)(found - code);
		if (code[at + 1] == 0x05 && !is_address(code, size, at)) /* syscall */
			add_site(calls, number_before(code, at));
	}
}

static uint32_t
number_before_svc(const unsigned char *code, size_t site)
{
	for (size_t back = 4; back <= LOOK_BACK_SVC && back <= site; back += 4) {
		uint32_t word = word_at(code + site - back);

		if ((word & 0x7fe0001f) == 0x52800008) /* movz w8 or x8, #imm16 */
			return word >> 5 & 0xffff;
	}
	return NOT_FOUND;
}

static void
scan_aarch64(const unsigned char *code, size_t size, struct elf_calls *calls)
{
	for (size_t at = 0; at + 4 <= size; at += 4)
		if (word_at(code + at) == 0xd4000001) /* svc #0 */
			add_site(calls, number_before_svc(code, at));
}

void
elf_code_calls(const struct elf *elf, struct elf_calls *calls)
{
	size_t left = elf->size, size; /* headers may name the same bytes again and again */
	const unsigned char *code;

	for (unsigned piece = 0; (code = elf_code(elf, piece, &size)); piece++) {
		if (size > left)
			break;
		left -= size;
		if (elf->machine == EM_X86_64)
			scan_x86_64(code, size, calls);
		else if (elf->machine == EM_AARCH64)
			scan_aarch64(code, size, calls);
	}
}
