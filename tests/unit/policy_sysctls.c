/* Names of sysctls: both spellings, whose they are, and the ones that are not plain. */
#include "policy_help.h"
#include "tap.h"

#define ALL_OWN UINT32_MAX
#define WITHOUT(ns) (ALL_OWN & ~(1u << (ns)))

static const struct row {
	const char *key;
	uint32_t own;     /* bit n: namespace n is the container's own */
	const char *path; /* NULL: refused */
	const char *want; /* part of the error */
} rows[] = {
	{ "net.core.somaxconn", ALL_OWN, "net/core/somaxconn", NULL },
	{ "net/core/somaxconn", ALL_OWN, "net/core/somaxconn", NULL },
	{ "net.ipv4.conf.eth0/1.forwarding", ALL_OWN, "net/ipv4/conf/eth0.1/forwarding", NULL },
	{ "net/ipv4/conf/eth0.1/forwarding", ALL_OWN, "net/ipv4/conf/eth0.1/forwarding", NULL },
	{ "net.core.somaxconn", WITHOUT(PLAN_NS_NET), NULL, "host's network namespace" },
	{ "kernel.msgmax", ALL_OWN, "kernel/msgmax", NULL },
	{ "kernel.shm_rmid_forced", ALL_OWN, "kernel/shm_rmid_forced", NULL },
	{ "kernel.sem", WITHOUT(PLAN_NS_IPC), NULL, "host's ipc namespace" },
	{ "fs.mqueue.queues_max", ALL_OWN, "fs/mqueue/queues_max", NULL },
	{ "fs.mqueue.queues_max", WITHOUT(PLAN_NS_IPC), NULL, "host's ipc namespace" },
	{ "kernel.domainname", ALL_OWN, "kernel/domainname", NULL },
	{ "kernel.domainname", WITHOUT(PLAN_NS_UTS), NULL, "host's uts namespace" },
	{ "kernel.hostname", ALL_OWN, NULL, "conflicts with the OCI \"hostname\" field" },
	{ "kernel/hostname", ALL_OWN, NULL, "conflicts with the OCI \"hostname\" field" },
	{ "kernel.core_pattern", ALL_OWN, NULL, "not in a separate kernel namespace" },
	{ "kernel.msgmaximum", ALL_OWN, NULL, "not in a separate kernel namespace" },
	{ "vm.swappiness", ALL_OWN, NULL, "not in a separate kernel namespace" },
	{ "network.x", ALL_OWN, NULL, "not in a separate kernel namespace" },
	{ "net", ALL_OWN, NULL, "not in a separate kernel namespace" },
	{ "net.core.somaxconn+kernel.core_pattern", ALL_OWN, NULL, "not a plain name" },
	{ "net.core.x=1", ALL_OWN, NULL, "not a plain name" },
	{ "net/../kernel/core_pattern", ALL_OWN, NULL, "not a plain name" },
	{ "net.//.kernel.core_pattern", ALL_OWN, NULL, "not a plain name" },
	{ "net/./core", ALL_OWN, NULL, "not a plain name" },
	{ "net..core", ALL_OWN, NULL, "not a plain name" },
	{ "/net/core", ALL_OWN, NULL, "not a plain name" },
	{ "net.core.", ALL_OWN, NULL, "not a plain name" },
	{ "", ALL_OWN, NULL, "not a plain name" },
};

static void
test_row(const struct row *row)
{
	struct plan_pair sysctl = { row->key, "1" };
	struct bench b;

	bench_start(&b);
	BENCH_ONE(&b.spec.sysctls, &sysctl);
	for (uint32_t i = 0; i < PLAN_NS_MNT; i++)
		b.spec.namespaces[i].mode = (row->own & 1u << i) ? PLAN_NS_NEW : PLAN_NS_HOST;
	EQ_INT(bench_compile(&b), row->path ? 0 : -1, row->key);
	if (row->path) {
		EQ_STR(b.plan.sysctls.items[0].key, row->path, "path");
		EQ_STR(b.plan.sysctls.items[0].value, "1", "value");
	} else {
		HAS_STR(b.err.text, row->want, "why");
	}
	EQ_STR(sysctl.key, row->key, "the spec is untouched");
	bench_end(&b);
}

static void
test_joined(void)
{
	struct plan_pair sysctl = { "net.ipv4.ip_forward", "1" };
	struct bench b;

	bench_start(&b);
	BENCH_ONE(&b.spec.sysctls, &sysctl);
	b.spec.namespaces[PLAN_NS_NET] =
	    (struct plan_namespace) { .mode = PLAN_NS_JOIN, .path = "/run/netns/x" };
	EQ_INT(
	    bench_compile(&b), 0, "a joined namespace is not the host's, as far as can be known");
	bench_end(&b);
}

int
main(void)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		test_row(&rows[i]);
	test_joined();
	DONE();
}
