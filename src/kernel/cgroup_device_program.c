/* Device rules to instructions. Every rule ends the program by itself: no jump is longer than one
 * rule, so there may be any number of them.
 *
 * The kernel's verifier walks all ways through a program, and leaves one off where it knows as much
 * as on an earlier one. So nothing is compared in place: what it would learn (a number, which
 * rights are left) would make it walk all that follows anew for each rule (a thousand: 3 s, as
 * against 70 ms). */
#include "kernel/cgroup_device_program.h"

#include "kernel/cgroup_devices.h"

#include <stddef.h>

#define HEAD_LENGTH 6
#define CONDITIONS_MAX 3
#define CONDITION_LENGTH 3
#define ALLOW_LENGTH 7
#define DENY_LENGTH 5
#define TAIL_LENGTH 2
#define RULE_LENGTH_MAX (CONDITIONS_MAX * CONDITION_LENGTH + ALLOW_LENGTH)

/* Registers: the answer and the argument are where the kernel has them. */
enum {
	ANSWER = BPF_REG_0,
	CONTEXT = BPF_REG_1,
	WANTED = BPF_REG_2, /* rights that no rule has answered for yet */
	TYPE = BPF_REG_3,
	MAJOR = BPF_REG_4,
	MINOR = BPF_REG_5,
	SCRATCH = BPF_REG_6,
};

/* Type and rights share a word: the type's half is the lower. */
enum {
	TYPE_MASK = 0xffff,
	ACCESS_SHIFT = 16,
};

static void
add(struct cgroup_device_program *program, uint8_t code, uint8_t target, int16_t jump,
    int32_t value)
{
	program->code[program->length++] =
	    (struct bpf_insn) { .code = code, .dst_reg = target, .off = jump, .imm = value };
}

static void
add_load(struct cgroup_device_program *program, uint8_t target, size_t offset)
{
	program->code[program->length++] = (struct bpf_insn) {
		.code = BPF_LDX | BPF_W | BPF_MEM,
		.dst_reg = target,
		.src_reg = CONTEXT,
		.off = (int16_t)offset,
	};
}

static void
add_head(struct cgroup_device_program *program)
{
	add_load(program, WANTED, offsetof(struct bpf_cgroup_dev_ctx, access_type));
	add_load(program, TYPE, offsetof(struct bpf_cgroup_dev_ctx, access_type));
	add(program, BPF_ALU64 | BPF_RSH | BPF_K, WANTED, 0, ACCESS_SHIFT);
	add(program, BPF_ALU64 | BPF_AND | BPF_K, TYPE, 0, TYPE_MASK);
	add_load(program, MAJOR, offsetof(struct bpf_cgroup_dev_ctx, major));
	add_load(program, MINOR, offsetof(struct bpf_cgroup_dev_ctx, minor));
}

static void
add_with(struct cgroup_device_program *program, uint8_t operation, uint8_t target, uint8_t source)
{
	program->code[program->length++] = (struct bpf_insn) {
		.code = BPF_ALU64 | operation | BPF_X,
		.dst_reg = target,
		.src_reg = source,
	};
}

static void
add_answer(struct cgroup_device_program *program, int32_t allow)
{
	add(program, BPF_ALU64 | BPF_MOV | BPF_K, ANSWER, 0, allow);
	add(program, BPF_JMP | BPF_EXIT, 0, 0, 0);
}

static int32_t
kernel_access(const struct plan_device_rule *rule)
{
	return (rule->access & PLAN_DEVICE_READ ? BPF_DEVCG_ACC_READ : 0) |
	       (rule->access & PLAN_DEVICE_WRITE ? BPF_DEVCG_ACC_WRITE : 0) |
	       (rule->access & PLAN_DEVICE_MKNOD ? BPF_DEVCG_ACC_MKNOD : 0);
}

struct condition {
	uint8_t what; /* register */
	int32_t value;
};

/* What must be so for the rule to be about a device. Returns how many conditions. */
static int
list_conditions(const struct plan_device_rule *rule, struct condition conditions[CONDITIONS_MAX])
{
	int count = 0;

	if (rule->type != 'a')
		conditions[count++] = (struct condition) { TYPE,
			rule->type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR };
	if (rule->major != -1)
		conditions[count++] = (struct condition) { MAJOR, (int32_t)rule->major };
	if (rule->minor != -1)
		conditions[count++] = (struct condition) { MINOR, (int32_t)rule->minor };
	return count;
}

/* Both jump to the next rule where rights are left to be judged. The XORs change nothing but what
 * the verifier knows. */
static void
add_allow(struct cgroup_device_program *program, int32_t access)
{
	add(program, BPF_ALU64 | BPF_AND | BPF_K, WANTED, 0, ~access);
	add_with(program, BPF_MOV, SCRATCH, WANTED);
	add_with(program, BPF_XOR, WANTED, MAJOR);
	add_with(program, BPF_XOR, WANTED, MAJOR);
	add(program, BPF_JMP | BPF_JNE | BPF_K, SCRATCH, 2, 0);
	add_answer(program, 1);
}

static void
add_deny(struct cgroup_device_program *program, int32_t access)
{
	add_with(program, BPF_MOV, SCRATCH, WANTED);
	add(program, BPF_ALU64 | BPF_AND | BPF_K, SCRATCH, 0, access);
	add(program, BPF_JMP | BPF_JEQ | BPF_K, SCRATCH, 2, 0);
	add_answer(program, 0);
}

/* No device has such a number; and an instruction holds no larger one. */
static int
is_about_none(const struct plan_device_rule *rule)
{
	return rule->major > INT32_MAX || rule->minor > INT32_MAX;
}

static void
add_condition(
    struct cgroup_device_program *program, const struct condition *condition, int length_after)
{
	add_with(program, BPF_MOV, SCRATCH, condition->what);
	add(program, BPF_ALU64 | BPF_XOR | BPF_K, SCRATCH, 0, condition->value);
	add(program, BPF_JMP | BPF_JNE | BPF_K, SCRATCH, (int16_t)length_after, 0);
}

static void
add_rule(struct cgroup_device_program *program, const struct plan_device_rule *rule)
{
	struct condition conditions[CONDITIONS_MAX];
	int count = list_conditions(rule, conditions);
	int verdict = rule->allow ? ALLOW_LENGTH : DENY_LENGTH;

	if (is_about_none(rule))
		return;
	for (int i = 0; i < count; i++)
		add_condition(
		    program, &conditions[i], (count - 1 - i) * CONDITION_LENGTH + verdict);
	if (rule->allow)
		add_allow(program, kernel_access(rule));
	else
		add_deny(program, kernel_access(rule));
}

int
cgroup_device_program(const struct plan_resources *resources, struct arena *arena,
    struct cgroup_device_program *out, struct error *err)
{
	enum cgroup_devices_default initial;
	uint64_t start = cgroup_devices_start(resources, &initial);
	uint64_t rules = resources->devices.count - start;

	*out = (struct cgroup_device_program) {
		.code = arena_array(
		    arena, HEAD_LENGTH + rules * RULE_LENGTH_MAX + TAIL_LENGTH, sizeof(*out->code)),
		.allows_all = initial != CGROUP_DEVICES_DENY,
	};
	if (!out->code)
		return error_set(err, "device rules: out of memory");
	add_head(out);
	for (uint64_t i = resources->devices.count; i > start; i--) {
		add_rule(out, &resources->devices.items[i - 1]);
		out->allows_all &= resources->devices.items[i - 1].allow != 0;
	}
	add_answer(out, initial != CGROUP_DEVICES_DENY);
	return 0;
}
