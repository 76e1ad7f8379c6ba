/* The ELF reader on real files, and on damaged ones: whatever the bytes, it comes back. */
#include "check/elf.h"

#include "base/auto.h"
#include "base/error.h"
#include "base/file.h"
#include "check/elf_code.h"
#include "tap.h"

#include <elf.h>
#include <fcntl.h>
#include <limits.h>

static int
count_text(const char *text, void *count)
{
	*(size_t *)count += strlen(text) > 0;
	return 0;
}

static int
is_libc(const char *text, void *context)
{
	(void)context;
	return strncmp(text, "libc.", 5) == 0;
}

static int
is_open(const char *text, void *context)
{
	(void)context;
	return strncmp(text, "open", 4) == 0;
}

/* Everything that the reader can do with it. */
static size_t
exercise(const void *data, size_t size)
{
	struct elf_calls calls = { .sites = 0 };
	struct elf elf;
	size_t texts = 0;

	if (elf_read(data, size, &elf) != ELF_GOOD)
		return 0;
	for (int sort = ELF_NEEDED; sort <= ELF_IMPORTS; sort++)
		(void)elf_each(&elf, (enum elf_text)sort, count_text, &texts); /* always 0 */
	elf_code_calls(&elf, &calls);
	return texts + calls.sites + (elf.interpreter ? strlen(elf.interpreter) : 0);
}

/* A program of the machine: dynamic, as far as this test is. */
static char *
read_self(size_t *size)
{
	struct error err;
	char *data = file_read(AT_FDCWD, "/proc/self/exe", 64u << 20, size, &err);

	if (!data)
		printf("# %s\n", err.text);
	return data;
}

static void
test_real(const char *data, size_t size)
{
	struct elf elf;

	EQ_INT(elf_read(data, size, &elf), ELF_GOOD, "this program is a good ELF file");
	EQ_INT(elf.machine, elf_native_machine(), "for this machine");
	OK(strcmp(elf_machine_word(elf.machine), "another machine") != 0, "which has a name");
	if (!elf.interpreter) {
		SKIP("this program is static");
		return;
	}
	HAS_STR(elf.interpreter, "/ld-", "its dynamic linker");
	EQ_INT(elf_each(&elf, ELF_NEEDED, is_libc, NULL), 1, "it needs a C library");
	EQ_INT(elf_each(&elf, ELF_IMPORTS, is_open, NULL), 1, "it imports open");
	EQ_INT(elf_each(&elf, ELF_RUNPATH, is_libc, NULL), 0, "it has no such run path");
}

static void
test_cut(const char *data, size_t size)
{
	size_t total = 0;

	for (size_t length = 0; length < size && length < 8192; length++) {
		char *cut = malloc(length ? length : 1); /* of exactly this size, for sanitizers */

		if (!cut)
			return;
		memcpy(cut, data, length);
		total += exercise(cut, length);
		free(cut);
	}
	OK(total < SIZE_MAX, "cut anywhere in its first pages, it is read to an end");
}

static uint32_t
next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u; /* Numerical Recipes' */
	return *state >> 8;
}

static void
test_damaged(const char *data, size_t size)
{
	AUTO_FREE char *copy = malloc(size);
	uint32_t state = 7;
	unsigned unlike = 0;
	size_t good = exercise(data, size);

	for (unsigned round = 0; copy && round < 500; round++) {
		memcpy(copy, data, size);
		for (unsigned i = 0; i < 4; i++) /* headers lie in front */
			copy[next_random(&state) % 1024] = (char)next_random(&state);
		unlike += exercise(copy, size) != good;
	}
	OK(unlike > 0,
	    "bytes changed in its headers: it is read to an end, and tells another story");
}

/* A program header that says more than there is. */
static void
test_offsets(const char *data, size_t size)
{
	char *copy = malloc(size);
	struct elf elf;
	uint64_t huge = UINT64_MAX - 3;

	if (!copy)
		return;
	memcpy(copy, data, size);
	memcpy(copy + offsetof(Elf64_Ehdr, e_phoff), &huge, sizeof(huge));
	EQ_INT(elf_read(copy, size, &elf), ELF_DAMAGED, "program headers beyond the end");
	memcpy(copy, data, size);
	memset(copy + offsetof(Elf64_Ehdr, e_phnum), 0xff, 2);
	EQ_INT(elf_read(copy, size, &elf), ELF_DAMAGED, "more program headers than anybody has");
	copy[EI_CLASS] = ELFCLASS32;
	EQ_INT(elf_read(copy, size, &elf), ELF_OTHER, "32 bits are another machine's");
	copy[EI_MAG1] = 'X';
	EQ_INT(elf_read(copy, size, &elf), ELF_NONE, "no ELF file");
	EQ_INT(elf_read("\177ELF", 4, &elf), ELF_DAMAGED, "nothing but the magic number");
	EQ_INT(elf_read("", 0, &elf), ELF_NONE, "an empty file");
	free(copy);
}

/* A file of one executable segment with this code. */
static size_t
wrap(unsigned machine, const void *code, size_t size, unsigned char *file)
{
	Elf64_Ehdr header = { .e_machine = (Elf64_Half)machine,
		.e_phoff = sizeof(header),
		.e_phnum = 1,
		.e_phentsize = sizeof(Elf64_Phdr) };
	Elf64_Phdr segment = { .p_type = PT_LOAD,
		.p_flags = PF_X | PF_R,
		.p_offset = sizeof(header) + sizeof(segment),
		.p_filesz = size };

	memcpy(header.e_ident, ELFMAG, SELFMAG);
	header.e_ident[EI_CLASS] = ELFCLASS64;
	header.e_ident[EI_DATA] = ELFDATA2LSB;
	memcpy(file, &header, sizeof(header));
	memcpy(file + sizeof(header), &segment, sizeof(segment));
	memcpy(file + sizeof(header) + sizeof(segment), code, size);
	return sizeof(header) + sizeof(segment) + size;
}

static struct elf_calls
calls_in(unsigned machine, const void *code, size_t size)
{
	struct elf_calls calls = { .sites = 0 };
	unsigned char file[512];
	struct elf elf;
	size_t length = wrap(machine, code, size, file);

	if (elf_read(file, length, &elf) == ELF_GOOD)
		elf_code_calls(&elf, &calls);
	return calls;
}

static void
test_x86_64(void)
{
	static const unsigned char ptrace[] = { 0xb8, 101, 0, 0, 0, 0x31, 0xff, 0x0f, 0x05, 0xc3 };
	static const unsigned char nearest[] = { 0xb8, 1, 0, 0, 0, 0x48, 0xc7, 0xc0, 161, 0, 0, 0,
		0x0f, 0x05, 0xc3 };
	static const unsigned char pushed[] = { 0x6a, 62, 0x58, 0x0f, 0x05, 0xc3 };
	static const unsigned char none[] = { 0x89, 0xf8, 0x0f, 0x05, 0xc3 };
	static const unsigned char call[] = { 0xb8, 101, 0, 0, 0, 0xe8, 0x10, 0x0f, 0x05, 0x00 };
	struct elf_calls calls = calls_in(EM_X86_64, ptrace, sizeof(ptrace));

	EQ_INT(calls.sites, 1, "x86_64: one system call");
	OK(elf_calls_has(&calls, 101), "mov $101,%eax");
	calls = calls_in(EM_X86_64, nearest, sizeof(nearest));
	OK(elf_calls_has(&calls, 161) && !elf_calls_has(&calls, 1), "the nearest load counts");
	calls = calls_in(EM_X86_64, pushed, sizeof(pushed));
	OK(elf_calls_has(&calls, 62), "push $62; pop %rax");
	calls = calls_in(EM_X86_64, none, sizeof(none));
	EQ_INT(calls.unknown, 1, "a number from elsewhere is unknown");
	calls = calls_in(EM_X86_64, call, sizeof(call));
	EQ_INT(calls.sites, 0, "a call's distance is no system call");
	calls = calls_in(EM_X86_64, ptrace, 8);
	EQ_INT(calls.sites, 0, "half an instruction at the end is none");
}

static void
test_aarch64(void)
{
	static const uint32_t code[] = { 0xd2800ea8, 0xaa0003e1, 0xd4000001 }; /* mov x8, #117 */
	static const uint32_t other[] = { 0x52800ea7, 0xd4000001 };            /* mov w7, #117 */
	struct elf_calls calls = calls_in(EM_AARCH64, code, sizeof(code));

	OK(elf_calls_has(&calls, 117) && calls.sites == 1, "aarch64: mov x8, #117; svc #0");
	calls = calls_in(EM_AARCH64, other, sizeof(other));
	EQ_INT(calls.unknown, 1, "another register is not the number's");
	calls = calls_in(EM_RISCV, code, sizeof(code));
	EQ_INT(calls.sites, 0, "of other machines nothing is said");
}

int
main(void)
{
	size_t size = 0;
	AUTO_FREE char *data = read_self(&size);

	OK(data, "this program can be read");
	if (data) {
		test_real(data, size);
		test_cut(data, size);
		test_damaged(data, size);
		test_offsets(data, size);
	}
	test_x86_64();
	test_aarch64();
	DONE();
}
