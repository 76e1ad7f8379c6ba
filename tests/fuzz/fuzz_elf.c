/* Fuzzes what check reads of a rootfs: as an ELF file, as a #! line and as a shell script. The
 * sanitizers judge, and the time limit: no input may take long. With libFuzzer, or alone with
 * -DFUZZ_STANDALONE. */
#include "standalone.h"

#include "base/arena.h"
#include "check/elf.h"
#include "check/judge.h"
#include "check/script.h"

#include <stdlib.h>
#include <string.h>

static int
use_text(const char *text, void *context)
{
	*(size_t *)context += strlen(text);
	return 0;
}

static int
use_word(const char *word, enum follow_how how, const struct follow_args *args, void *context)
{
	(void)how;
	*(size_t *)context += strlen(word) + args->count;
	return (int)(strlen(word) % 2);
}

static void
as_elf(const uint8_t *data, size_t size)
{
	static const struct check_rules rules = { .tier = PROFILE_MINIMAL,
		.calls_enforced = 1,
		.identity_enforced = 1,
		.supervision_enforced = 1 };
	struct arena arena = { .limit = 16u << 20 };
	struct findings findings = { .arena = &arena };
	const struct judge judge = { &rules, &findings };
	const struct judged file = { "/bin/x", NULL, JUDGE_ENTRY };
	struct elf elf;
	size_t used = 0;

	if (elf_read(data, size, &elf) == ELF_GOOD) {
		for (int sort = ELF_NEEDED; sort <= ELF_IMPORTS; sort++)
			(void)elf_each(&elf, (enum elf_text)sort, use_text, &used); /* always 0 */
		if (judge_elf(&judge, &file, &elf) < 0 && arena.used < arena.limit / 2)
			abort();
	}
	arena_free(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const words[] = { "/entry.sh", "nginx" };
	const struct follow_args args = { words, 2 };
	char *text = malloc(size ? size : 1); /* of exactly this size: nothing ends it */
	struct script script;
	size_t used = 0;

	if (!text)
		return 0;
	memcpy(text, data, size);
	as_elf((const uint8_t *)text, size);
	(void)script_read(text, size, &script); /* any answer will do */
	if (follow_text(text, size, &args, use_word, &used) != 0)
		abort();
	free(text);
	return 0;
}
