#include "profile/bundle_words.h"

#include "base/syscalls.h"

#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>

/* What an architecture's word is called by libseccomp depends on the word alone, and which it knows
 * on its version: asked for by name. */
#define ASK_LIBSECCOMP 0

struct word {
	const char *text;
	uint32_t value;
};

static const struct word actions[] = {
	{ "SCMP_ACT_KILL", SCMP_ACT_KILL },
	{ "SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS },
	{ "SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD },
	{ "SCMP_ACT_TRAP", SCMP_ACT_TRAP },
	{ "SCMP_ACT_ERRNO", SCMP_ACT_ERRNO(0) },
	{ "SCMP_ACT_TRACE", SCMP_ACT_TRACE(0) },
	{ "SCMP_ACT_ALLOW", SCMP_ACT_ALLOW },
	{ "SCMP_ACT_LOG", SCMP_ACT_LOG },
	{ "SCMP_ACT_NOTIFY", SCMP_ACT_NOTIFY },
	{ NULL, 0 },
};

static const struct word operators[] = {
	{ "SCMP_CMP_NE", SCMP_CMP_NE },
	{ "SCMP_CMP_LT", SCMP_CMP_LT },
	{ "SCMP_CMP_LE", SCMP_CMP_LE },
	{ "SCMP_CMP_EQ", SCMP_CMP_EQ },
	{ "SCMP_CMP_GE", SCMP_CMP_GE },
	{ "SCMP_CMP_GT", SCMP_CMP_GT },
	{ "SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ },
	{ NULL, 0 },
};

static const struct word architectures[] = {
	{ "SCMP_ARCH_X86", ASK_LIBSECCOMP },
	{ "SCMP_ARCH_X86_64", ASK_LIBSECCOMP },
	{ "SCMP_ARCH_X32", ASK_LIBSECCOMP },
	{ "SCMP_ARCH_ARM", ASK_LIBSECCOMP },
	{ "SCMP_ARCH_AARCH64", ASK_LIBSECCOMP },
	{ "SCMP_ARCH_MIPS", ASK_LIBSECCOMP },
	{ "SCMP_ARCH_MIPS64", ASK_LIBSECCOMP },
	{ "SCMP_ARCH_MIPS64N32", ASK_LIBSECCOMP },
	{ "SCMP_ARCH_MIPSEL", ASK_LIBSECCOMP },
	{ "SCMP_ARCH_MIPSEL64", ASK_LIBSECCOMP },
	{ "SCMP_ARCH_MIPSEL64N32", ASK_LIBSECCOMP },
	{ "SCMP_ARCH_PPC", ASK_LIBSECCOMP },
	{ "SCMP_ARCH_PPC64", ASK_LIBSECCOMP },
	{ "SCMP_ARCH_PPC64LE", ASK_LIBSECCOMP },
	{ "SCMP_ARCH_S390", ASK_LIBSECCOMP },
	{ "SCMP_ARCH_S390X", ASK_LIBSECCOMP },
	{ "SCMP_ARCH_PARISC", ASK_LIBSECCOMP },
	{ "SCMP_ARCH_PARISC64", ASK_LIBSECCOMP },
	{ "SCMP_ARCH_RISCV64", ASK_LIBSECCOMP },
	{ "SCMP_ARCH_LOONGARCH64", ASK_LIBSECCOMP },
	{ "SCMP_ARCH_M68K", ASK_LIBSECCOMP },
	{ "SCMP_ARCH_SH", ASK_LIBSECCOMP },
	{ "SCMP_ARCH_SHEB", ASK_LIBSECCOMP },
	{ NULL, 0 },
};

/* TSYNC gives the filter to all threads: the process that loads it has one. */
static const struct word flags[] = {
	{ "SECCOMP_FILTER_FLAG_TSYNC", 0 },
	{ "SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG },
	{ "SECCOMP_FILTER_FLAG_SPEC_ALLOW", SECCOMP_FILTER_FLAG_SPEC_ALLOW },
	{ "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV },
	{ NULL, 0 },
};

static const struct {
	const struct word *words;
	const char *what;
	size_t prefix; /* of its words, left out where the known ones are listed */
} lists[] = {
	[BUNDLE_ACTIONS] = { actions, "action", sizeof("SCMP_ACT_") - 1 },
	[BUNDLE_OPERATORS] = { operators, "operator", sizeof("SCMP_CMP_") - 1 },
	[BUNDLE_ARCHITECTURES] = { architectures, "architecture", sizeof("SCMP_ARCH_") - 1 },
	[BUNDLE_FLAGS] = { flags, "flag", sizeof("SECCOMP_FILTER_FLAG_") - 1 },
};

const char *
bundle_known_word(enum bundle_list list, size_t index)
{
	const struct word *words = lists[list].words;

	for (size_t i = 0; i < index; i++)
		if (!words[i].text)
			return NULL;
	return words[index].text;
}

static int
refuse_word(enum bundle_list list, const char *word, struct error *err)
{
	const struct word *words = lists[list].words;
	char known[512];
	size_t used = 0;

	known[0] = '\0';
	for (size_t i = 0; words[i].text && used < sizeof(known); i++)
		used += (size_t)snprintf(known + used, sizeof(known) - used, "%s%s", i ? ", " : "",
		    words[i].text + (i ? lists[list].prefix : 0));
	return error_set(err, "unknown %s \"%s\": known are %s", lists[list].what, word, known);
}

/* libseccomp's name of an architecture is the word's last part in lower case. */
static int
ask_architecture(const char *word, uint32_t *value, struct error *err)
{
	char name[32];
	size_t length = 0;

	word += lists[BUNDLE_ARCHITECTURES].prefix;
	for (; length < sizeof(name) - 1 && word[length]; length++)
		name[length] =
		    (char)(word[length] >= 'A' && word[length] <= 'Z' ? word[length] - 'A' + 'a'
								      : word[length]);
	name[length] = '\0';
	*value = seccomp_arch_resolve_name(name);
	if (*value == 0)
		return error_set(err,
		    "architecture %s is not known to this libseccomp: leave SCMP_ARCH_%s out", name,
		    word);
	return 0;
}

int
bundle_word(enum bundle_list list, const char *word, uint32_t *value, struct error *err)
{
	const struct word *words = lists[list].words;

	if (!word)
		return error_set(err, "%s is missing", lists[list].what);
	for (size_t i = 0; words[i].text; i++) {
		if (strcmp(words[i].text, word) != 0)
			continue;
		if (list == BUNDLE_ARCHITECTURES)
			return ask_architecture(word, value, err);
		*value = words[i].value;
		return 0;
	}
	return refuse_word(list, word, err);
}
