/* Device rules as a program: run by an interpreter of the few instructions that it consists of, it
 * must answer as the list of rules reads. */
#include "kernel/cgroup_device_program.h"

#include "tests/unit/tap.h"

#include <stdlib.h>

#define ROUNDS 4000
#define RULES_MAX 12
#define ASKED 40 /* requests a list */

enum {
	R = PLAN_DEVICE_READ,
	W = PLAN_DEVICE_WRITE,
	M = PLAN_DEVICE_MKNOD,
	RWM = R | W | M,
};

struct request {
	uint32_t type; /* 'b' or 'c' */
	uint32_t major;
	uint32_t minor;
	uint32_t access; /* PLAN_DEVICE_*; 0: access(2) with F_OK */
};

/* ------------------------------------------------------------------------ interpreter */

static uint32_t
kernel_access(uint32_t access)
{
	return (access & R ? BPF_DEVCG_ACC_READ : 0) | (access & W ? BPF_DEVCG_ACC_WRITE : 0) |
	       (access & M ? BPF_DEVCG_ACC_MKNOD : 0);
}

static int
jumps(const struct bpf_insn *at, uint64_t value)
{
	uint64_t operand = (uint64_t)(int64_t)at->imm;

	switch (BPF_OP(at->code)) {
	case BPF_JEQ:
		return value == operand;
	case BPF_JNE:
		return value != operand;
	default:
		printf("# jump %#x is not known\n", at->code);
		exit(99);
	}
}

static void
calculate(const struct bpf_insn *at, uint64_t *target, uint64_t source)
{
	uint64_t operand = BPF_SRC(at->code) == BPF_X ? source : (uint64_t)(int64_t)at->imm;

	switch (BPF_OP(at->code)) {
	case BPF_XOR:
		*target ^= operand;
		break;
	case BPF_MOV:
		*target = operand;
		break;
	case BPF_AND:
		*target &= operand;
		break;
	case BPF_RSH:
		*target >>= operand;
		break;
	default:
		printf("# operation %#x is not known\n", at->code);
		exit(99);
	}
}

static uint64_t
load(const struct bpf_insn *at, const struct bpf_cgroup_dev_ctx *context)
{
	uint32_t word;

	if (at->code != (BPF_LDX | BPF_W | BPF_MEM) || at->src_reg != BPF_REG_1 || at->off < 0 ||
	    (size_t)at->off + sizeof(word) > sizeof(*context))
		exit(99);
	memcpy(&word, (const char *)context + at->off, sizeof(word));
	return word;
}

/* Forward only, and never past the end: what the kernel's verifier asks for, too. */
static uint64_t
run(const struct cgroup_device_program *program, const struct bpf_cgroup_dev_ctx *context)
{
	uint64_t registers[BPF_REG_10] = { 0 };

	for (uint32_t pc = 0; pc < program->length; pc++) {
		const struct bpf_insn *at = &program->code[pc];

		switch (BPF_CLASS(at->code)) {
		case BPF_LDX:
			registers[at->dst_reg] = load(at, context);
			break;
		case BPF_ALU64:
			calculate(at, &registers[at->dst_reg], registers[at->src_reg]);
			break;
		case BPF_JMP:
			if (at->code == (BPF_JMP | BPF_EXIT))
				return registers[BPF_REG_0];
			if (at->off < 0)
				exit(99);
			if (jumps(at, registers[at->dst_reg]))
				pc += (uint32_t)at->off;
			break;
		default:
			printf("# instruction %#x is not known\n", at->code);
			exit(99);
		}
	}
	printf("# ran past the end\n");
	exit(99);
}

/* ------------------------------------------------------------------------------- model */

static int
is_about(const struct plan_device_rule *rule, const struct request *request)
{
	return (rule->type == 'a' || rule->type == request->type) &&
	       (rule->major == -1 || rule->major == request->major) &&
	       (rule->minor == -1 || rule->minor == request->minor);
}

/* What the last rule about the device and the right says. Nothing said: what the rule about all
 * devices says, or yes, since then the cgroups above decide. */
static int
allows_right(const struct plan_resources *resources, const struct request *request, uint32_t right)
{
	int allows = 1;

	for (uint64_t i = 0; i < resources->devices.count; i++) {
		const struct plan_device_rule *rule = &resources->devices.items[i];

		if (is_about(rule, request) && (rule->access & right))
			allows = rule->allow != 0;
	}
	return allows;
}

/* Each right is decided by itself. */
static int
model(const struct plan_resources *resources, const struct request *request)
{
	for (uint32_t right = R; right <= M; right <<= 1)
		if ((request->access & right) && !allows_right(resources, request, right))
			return 0;
	return 1;
}

/* ------------------------------------------------------------------------------- tests */

static int
answer(const struct plan_resources *resources, const struct request *request, struct arena *arena)
{
	struct bpf_cgroup_dev_ctx context = {
		.access_type = kernel_access(request->access) << 16 |
			       (request->type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR),
		.major = request->major,
		.minor = request->minor,
	};
	struct cgroup_device_program program;
	struct error err;

	if (cgroup_device_program(resources, arena, &program, &err) < 0)
		exit(99);
	return (int)run(&program, &context);
}

static uint32_t
below(uint32_t limit)
{
	static uint64_t state = 20261129;

	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 33) % limit;
}

/* Few numbers, so that rules meet; a rule about all among ten. */
static struct plan_device_rule
random_rule(void)
{
	struct plan_device_rule rule = {
		.allow = below(2),
		.type = (uint32_t) "abc"[below(3)],
		.major = (int64_t)below(4) - 1,
		.minor = (int64_t)below(4) - 1,
		.access = 1 + below(RWM),
	};

	if (below(10) == 0)
		rule = (struct plan_device_rule) { rule.allow, 'a', -1, -1, RWM };
	if (below(50) == 0)
		rule.major = INT64_MAX - (int64_t)below(9);
	return rule;
}

static struct request
random_request(void)
{
	return (struct request) {
		.type = (uint32_t) "bc"[below(2)],
		.major = below(4),
		.minor = below(4),
		.access = 1 + below(RWM),
	};
}

static void
print_rules(const struct plan_resources *resources, const struct request *request)
{
	for (uint64_t i = 0; i < resources->devices.count; i++) {
		const struct plan_device_rule *rule = &resources->devices.items[i];

		printf("#   %s %c %lld:%lld %u\n", rule->allow ? "allow" : "deny", (char)rule->type,
		    (long long)rule->major, (long long)rule->minor, rule->access);
	}
	printf("#   asked %c %u:%u %u\n", (char)request->type, request->major, request->minor,
	    request->access);
}

/* Where the program says that it allows all, the model must. */
static int
agree(const struct plan_resources *resources)
{
	struct arena arena = { 0 };
	struct cgroup_device_program program;
	struct error err;
	int same = cgroup_device_program(resources, &arena, &program, &err) == 0;

	for (int i = 0; same && i < ASKED; i++) {
		struct request request = random_request();
		int wanted = model(resources, &request);

		same = answer(resources, &request, &arena) == wanted &&
		       (wanted || !program.allows_all);
		if (!same)
			print_rules(resources, &request);
	}
	arena_free(&arena);
	return same;
}

static void
test_random(void)
{
	struct plan_device_rule rules[RULES_MAX];
	struct plan_resources resources = { .devices = { rules, 0 } };
	int agreed = 0, empty = 0;

	for (; agreed < ROUNDS; agreed++) {
		resources.devices.count = below(RULES_MAX + 1);
		empty += resources.devices.count == 0;
		for (uint64_t i = 0; i < resources.devices.count; i++)
			rules[i] = random_rule();
		if (!agree(&resources))
			break;
	}
	EQ_INT(agreed, ROUNDS, "random rules, random requests: as the list reads");
	OK(empty, "no rules among them");
}

static void
test_known(void)
{
	struct plan_device_rule docker[] = {
		{ 0, 'a', -1, -1, RWM },
		{ 1, 'c', 1, 3, RWM },
		{ 1, 'c', -1, -1, M },
		{ 1, 'b', -1, -1, M },
	};
	struct plan_device_rule privileged[] = {
		{ 0, 'a', -1, -1, RWM },
		{ 1, 'a', -1, -1, RWM },
	};
	struct plan_resources resources = { .devices = { docker, 4 } };
	struct arena arena = { 0 };
	struct cgroup_device_program program;
	struct error err;

	EQ_INT(answer(&resources, &(struct request) { 'c', 1, 3, R | W }, &arena), 1, "/dev/null");
	EQ_INT(answer(&resources, &(struct request) { 'c', 1, 1, R }, &arena), 0, "/dev/mem");
	EQ_INT(answer(&resources, &(struct request) { 'c', 1, 1, M }, &arena), 1, "mknod of it");
	EQ_INT(answer(&resources, &(struct request) { 'b', 1, 3, R }, &arena), 0, "other type");
	EQ_INT(answer(&resources, &(struct request) { 'c', 1, 3, 0 }, &arena), 1, "is it there");
	EQ_INT(answer(&resources, &(struct request) { 'c', 1, 3, RWM }, &arena), 1,
	    "a right that two rules give");
	EQ_INT(cgroup_device_program(&resources, &arena, &program, &err), 0, "docker's");
	EQ_INT(program.allows_all, 0, "refuses something");
	resources.devices.items = privileged;
	resources.devices.count = 2;
	EQ_INT(cgroup_device_program(&resources, &arena, &program, &err), 0, "privileged");
	EQ_INT(program.allows_all, 1, "refuses nothing");
	EQ_INT(program.length, 8, "what a rule about all makes void is left out");
	arena_free(&arena);
}

int
main(void)
{
	test_known();
	test_random();
	DONE();
}
