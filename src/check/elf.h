/* What an ELF file says of itself: machine, interpreter, libraries, imported functions (elf(5)).
 * Pure: reads a range of bytes and believes none of them. Every offset is checked against the
 * range, nothing is read but byte by byte, and the work is bounded by the range's size. 64-bit
 * little-endian only, which both machines are; others are told apart, not read. */
#ifndef OSLESS_CHECK_ELF_H
#define OSLESS_CHECK_ELF_H

#include <stddef.h>
#include <stdint.h>

enum elf_result {
	ELF_GOOD,
	ELF_NONE,  /* no ELF file at all */
	ELF_OTHER, /* 32-bit or big-endian; machine is set */
	ELF_DAMAGED,
};

/* The machine that osless was built for (EM_X86_64 or EM_AARCH64). */
unsigned elf_native_machine(void);

/* "x86_64" ...; "another machine" for one that has no name here. */
const char *elf_machine_word(unsigned machine);

struct elf {
	const unsigned char *data; /* the caller's, and must outlive this */
	size_t size;
	unsigned machine;
	const char *interpreter; /* inside data; NULL = none */
	uint64_t headers;        /* program headers: offset, how many */
	unsigned header_count;
	uint64_t dynamic; /* the dynamic table: offset, bytes; 0 bytes = static */
	uint64_t dynamic_size;
	uint64_t strings; /* the dynamic strings: offset, bytes */
	uint64_t strings_size;
	uint64_t symbols; /* the dynamic symbols: offset, how many */
	uint64_t symbol_count;
};

enum elf_result elf_read(const void *data, size_t size, struct elf *elf);

enum elf_text {
	ELF_NEEDED,  /* DT_NEEDED: libraries */
	ELF_RPATH,   /* DT_RPATH: directories, with colons */
	ELF_RUNPATH, /* DT_RUNPATH */
	ELF_SONAME,
	ELF_IMPORTS, /* undefined dynamic symbols */
};

/* Calls each with every text of this sort until it returns other than 0. Texts lie in the file's
 * bytes. Returns what each returned, or 0. */
typedef int elf_each_function(const char *text, void *context);
int elf_each(const struct elf *elf, enum elf_text sort, elf_each_function *each, void *context);

/* The file's bytes that are executable, a piece at a time: piece 0, 1, ... NULL: there is none. */
const unsigned char *elf_code(const struct elf *elf, unsigned piece, size_t *size);

/* How many pieces there may be; some are empty. */
#define ELF_HEADERS_MAX 128

#endif
