/* Headers, the dynamic table, strings and symbols of an ELF file. */
#include "check/elf.h"

#include <elf.h>
#include <string.h>

#define DYNAMIC_MAX 4096 /* entries looked at; real files have some 30 */
#define SYMBOLS_MAX (1u << 20)
#define TEXT_MAX 4096 /* longer names are not believed */
#define SECTIONS_MAX 4096

struct machine_word {
	unsigned machine;
	const char *word;
};

static const struct machine_word machines[] = {
	{ EM_386, "i386" },
	{ EM_ARM, "arm" },
	{ EM_X86_64, "x86_64" },
	{ EM_AARCH64, "aarch64" },
	{ EM_RISCV, "riscv" },
	{ EM_PPC64, "ppc64" },
	{ EM_S390, "s390x" },
	{ EM_MIPS, "mips" },
};

unsigned
elf_native_machine(void)
{
#if defined(__x86_64__)
	return EM_X86_64;
#else
	return EM_AARCH64; /* profile_data.c refuses to compile for any third */
#endif
}

const char *
elf_machine_word(unsigned machine)
{
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
		if (machines[i].machine == machine)
			return machines[i].word;
	return "another machine";
}

/* 1: bytes at offset lie in the file. */
static int
inside(const struct elf *elf, uint64_t offset, uint64_t bytes)
{
	return offset <= elf->size && bytes <= elf->size - offset;
}

/* The little-endian number of so many bytes at offset; 0 where it is not inside. */
static uint64_t
number_at(const struct elf *elf, uint64_t offset, unsigned bytes)
{
	uint64_t number = 0;

	if (!inside(elf, offset, bytes))
		return 0;
	for (unsigned i = bytes; i > 0; i--)
		number = number << 8 | elf->data[offset + i - 1];
	return number;
}

#define FIELD(elf, at, type, member) \
	number_at(elf, (at) + offsetof(type, member), sizeof(((type *)0)->member))

/* The text at offset, which ends before limit bytes; NULL where it does not. */
static const char *
text_at(const struct elf *elf, uint64_t offset, uint64_t limit)
{
	if (limit > TEXT_MAX)
		limit = TEXT_MAX;
	if (limit == 0 || !inside(elf, offset, limit) ||
	    !memchr(elf->data + offset, '\0', (size_t)limit))
		return NULL;
	return (const char *)elf->data + offset;
}

static uint64_t
header_at(const struct elf *elf, unsigned index)
{
	return elf->headers + (uint64_t)index * sizeof(Elf64_Phdr);
}

/* Where in the file the address is that the program would find it at; -1: nowhere. */
static int
file_offset(const struct elf *elf, uint64_t address, uint64_t *offset)
{
	for (unsigned i = 0; i < elf->header_count; i++) {
		uint64_t at = header_at(elf, i);
		uint64_t start = FIELD(elf, at, Elf64_Phdr, p_vaddr);
		uint64_t bytes = FIELD(elf, at, Elf64_Phdr, p_filesz);
		uint64_t from = FIELD(elf, at, Elf64_Phdr, p_offset);

		if (FIELD(elf, at, Elf64_Phdr, p_type) != PT_LOAD || address < start ||
		    address - start >= bytes)
			continue;
		if (!inside(elf, from, bytes))
			return -1;
		*offset = from + (address - start);
		return 0;
	}
	return -1;
}

/* The value of the first dynamic entry with this tag; 0 = none. */
static uint64_t
dynamic_value(const struct elf *elf, int64_t tag)
{
	for (uint64_t at = 0; at + sizeof(Elf64_Dyn) <= elf->dynamic_size;
	     at += sizeof(Elf64_Dyn)) {
		int64_t found = (int64_t)FIELD(elf, elf->dynamic + at, Elf64_Dyn, d_tag);

		if (found == DT_NULL)
			break;
		if (found == tag)
			return FIELD(elf, elf->dynamic + at, Elf64_Dyn, d_un);
	}
	return 0;
}

/* How many symbols there are, where a section header tells; 0 = it does not. */
static uint64_t
count_from_sections(const struct elf *elf)
{
	uint64_t sections = FIELD(elf, 0, Elf64_Ehdr, e_shoff);
	uint64_t count = FIELD(elf, 0, Elf64_Ehdr, e_shnum);

	if (FIELD(elf, 0, Elf64_Ehdr, e_shentsize) != sizeof(Elf64_Shdr) || count > SECTIONS_MAX ||
	    !inside(elf, sections, count * sizeof(Elf64_Shdr)))
		return 0;
	for (uint64_t i = 0; i < count; i++) {
		uint64_t at = sections + i * sizeof(Elf64_Shdr);

		if (FIELD(elf, at, Elf64_Shdr, sh_type) == SHT_DYNSYM &&
		    FIELD(elf, at, Elf64_Shdr, sh_offset) == elf->symbols)
			return FIELD(elf, at, Elf64_Shdr, sh_size) / sizeof(Elf64_Sym);
	}
	return 0;
}

/* The dynamic table does not say: a section header may, DT_HASH does, and else the strings follow
 * the symbols with at most some tables between, whose garbage names no function. */
static uint64_t
count_symbols(const struct elf *elf)
{
	uint64_t count = count_from_sections(elf);
	uint64_t most = (elf->size - elf->symbols) / sizeof(Elf64_Sym);
	uint64_t hash;

	if (count == 0 && file_offset(elf, dynamic_value(elf, DT_HASH), &hash) == 0)
		count = number_at(elf, hash + 4, 4);
	if (count == 0 && elf->strings > elf->symbols)
		count = (elf->strings - elf->symbols) / sizeof(Elf64_Sym);
	if (count > SYMBOLS_MAX)
		count = SYMBOLS_MAX;
	return count < most ? count : most;
}

static enum elf_result
read_dynamic(struct elf *elf, uint64_t at)
{
	uint64_t offset = FIELD(elf, at, Elf64_Phdr, p_offset);
	uint64_t bytes = FIELD(elf, at, Elf64_Phdr, p_filesz);

	if (!inside(elf, offset, bytes))
		return ELF_DAMAGED;
	if (bytes > DYNAMIC_MAX * sizeof(Elf64_Dyn))
		bytes = DYNAMIC_MAX * sizeof(Elf64_Dyn);
	elf->dynamic = offset;
	elf->dynamic_size = bytes;
	if (file_offset(elf, dynamic_value(elf, DT_STRTAB), &elf->strings) < 0)
		return ELF_GOOD; /* static-pie may have none */
	elf->strings_size = dynamic_value(elf, DT_STRSZ);
	if (!inside(elf, elf->strings, elf->strings_size))
		return ELF_DAMAGED;
	if (file_offset(elf, dynamic_value(elf, DT_SYMTAB), &elf->symbols) == 0)
		elf->symbol_count = count_symbols(elf);
	return ELF_GOOD;
}

static enum elf_result
read_header(struct elf *elf, unsigned index)
{
	uint64_t at = header_at(elf, index);

	switch (FIELD(elf, at, Elf64_Phdr, p_type)) {
	case PT_INTERP:
		elf->interpreter = text_at(elf, FIELD(elf, at, Elf64_Phdr, p_offset),
		    FIELD(elf, at, Elf64_Phdr, p_filesz));
		return elf->interpreter ? ELF_GOOD : ELF_DAMAGED;
	case PT_DYNAMIC:
		return read_dynamic(elf, at);
	default:
		return ELF_GOOD;
	}
}

static enum elf_result
read_headers(struct elf *elf)
{
	enum elf_result result = ELF_GOOD;
	uint64_t count = FIELD(elf, 0, Elf64_Ehdr, e_phnum);

	elf->headers = FIELD(elf, 0, Elf64_Ehdr, e_phoff);
	if (count > ELF_HEADERS_MAX ||
	    FIELD(elf, 0, Elf64_Ehdr, e_phentsize) != sizeof(Elf64_Phdr) ||
	    !inside(elf, elf->headers, count * sizeof(Elf64_Phdr)))
		return ELF_DAMAGED;
	elf->header_count = (unsigned)count;
	for (unsigned i = 0; i < elf->header_count && result == ELF_GOOD; i++)
		result = read_header(elf, i);
	return result;
}

enum elf_result
elf_read(const void *data, size_t size, struct elf *elf)
{
	*elf = (struct elf) { .data = data, .size = size };
	if (size < SELFMAG || memcmp(data, ELFMAG, SELFMAG) != 0)
		return ELF_NONE;
	if (size < EI_NIDENT + 4)
		return ELF_DAMAGED;
	elf->machine = (unsigned)FIELD(elf, 0, Elf64_Ehdr, e_machine);
	if (elf->data[EI_DATA] == ELFDATA2MSB)
		elf->machine = elf->machine >> 8 | (elf->machine & 0xff) << 8;
	if (elf->data[EI_CLASS] != ELFCLASS64 || elf->data[EI_DATA] != ELFDATA2LSB)
		return ELF_OTHER;
	if (size < sizeof(Elf64_Ehdr))
		return ELF_DAMAGED;
	return read_headers(elf);
}

static const char *
string_at(const struct elf *elf, uint64_t offset)
{
	if (offset >= elf->strings_size)
		return NULL;
	return text_at(elf, elf->strings + offset, elf->strings_size - offset);
}

static int
each_import(const struct elf *elf, elf_each_function *each, void *context)
{
	int result = 0;

	for (uint64_t i = 1; i < elf->symbol_count && result == 0; i++) {
		uint64_t at = elf->symbols + i * sizeof(Elf64_Sym);
		const char *name = string_at(elf, FIELD(elf, at, Elf64_Sym, st_name));

		if (name && *name && FIELD(elf, at, Elf64_Sym, st_shndx) == SHN_UNDEF)
			result = each(name, context);
	}
	return result;
}

static int
each_dynamic(const struct elf *elf, int64_t tag, elf_each_function *each, void *context)
{
	int result = 0;

	for (uint64_t at = 0; at + sizeof(Elf64_Dyn) <= elf->dynamic_size && result == 0;
	     at += sizeof(Elf64_Dyn)) {
		int64_t found = (int64_t)FIELD(elf, elf->dynamic + at, Elf64_Dyn, d_tag);
		const char *text;

		if (found == DT_NULL)
			break;
		if (found != tag)
			continue;
		text = string_at(elf, FIELD(elf, elf->dynamic + at, Elf64_Dyn, d_un));
		if (text)
			result = each(text, context);
	}
	return result;
}

int
elf_each(const struct elf *elf, enum elf_text sort, elf_each_function *each, void *context)
{
	static const int64_t tags[] = {
		[ELF_NEEDED] = DT_NEEDED,
		[ELF_RPATH] = DT_RPATH,
		[ELF_RUNPATH] = DT_RUNPATH,
		[ELF_SONAME] = DT_SONAME,
	};

	if (sort == ELF_IMPORTS)
		return each_import(elf, each, context);
	return each_dynamic(elf, tags[sort], each, context);
}

const unsigned char *
elf_code(const struct elf *elf, unsigned piece, size_t *size)
{
	uint64_t at = header_at(elf, piece);
	uint64_t offset = FIELD(elf, at, Elf64_Phdr, p_offset);
	uint64_t bytes = FIELD(elf, at, Elf64_Phdr, p_filesz);

	if (piece >= elf->header_count)
		return NULL;
	*size = 0;
	if (FIELD(elf, at, Elf64_Phdr, p_type) == PT_LOAD &&
	    (FIELD(elf, at, Elf64_Phdr, p_flags) & PF_X) && inside(elf, offset, bytes))
		*size = (size_t)bytes;
	return elf->data + (*size ? offset : 0);
}
