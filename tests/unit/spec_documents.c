/* The documents that this folder writes: state, features, the config.json to start from. */
#include "spec/features.h"
#include "spec/state.h"
#include "spec/template.h"

#include "base/auto.h"
#include "spec_help.h"
#include "tap.h"

static const char stopped[] =
    "{\"ociVersion\":\"1.3.0\",\"id\":\"web\",\"pid\":0,\"status\":\"stopped\",\"bundle\":\"/b\","
    "\"annotations\":{\"a\":\"1\",\"b\":\"2\"}}";

static void
test_state(void)
{
	struct plan_pair pairs[] = { { "a", "1" }, { "b", "2" } };
	struct state_doc doc = { .oci_version = "1.3.0",
		.id = "web",
		.status = "stopped",
		.bundle = "/b",
		.annotations = { pairs, 2 } };
	struct error err;
	size_t length = 0;
	AUTO_FREE char *text = state_doc_write(&doc, STATE_COMPACT, &length, &err);
	AUTO_FREE char *pretty = state_doc_write(&doc, STATE_PRETTY, NULL, &err);
	AUTO_FREE char *broken = NULL;

	EQ_STR(text, stopped, "state for hooks: one line, pid always");
	EQ_INT(length, strlen(stopped), "its length");
	HAS_STR(pretty, "\n    \"id\": \"web\",\n", "state for people: indented");
	doc.id = NULL;
	broken = state_doc_write(&doc, STATE_COMPACT, NULL, &err);
	OK(broken == NULL, "a state without id is not written");
	HAS_STR(err.text, "write JSON: id", "the error names it");
}

static const char *const feature_parts[] = {
	"\"ociVersionMin\": \"1.0.0\"",
	"\"ociVersionMax\": \"1.3.0\"",
	"\"createContainer\"",
	"\"rro\"",
	"\"time\"",
	"\"CAP_CHECKPOINT_RESTORE\"",
	"\"SCMP_ACT_ERRNO\"",
	"\"SCMP_CMP_MASKED_EQ\"",
	"\"SCMP_ARCH_X86_64\"",
	"\"SECCOMP_FILTER_FLAG_LOG\"",
	"\"dev.osless.version\": \"9\"",
	"\"dev.osless.tier\"",
	"\"mountExtensions\"",
	"\"intelRdt\"",
};

static void
test_features(void)
{
	const struct plan_pair annotations[] = { { "dev.osless.version", "9" } };
	const char *const unsafe[] = { "dev.osless.tier" };
	const struct features_facts facts = { annotations, 1, unsafe, 1, 1 };
	const struct features_facts none = { 0 };
	struct error err;
	AUTO_FREE char *text = features_write(&facts, &err);
	AUTO_FREE char *bare = features_write(&none, &err);

	for (size_t i = 0; i < sizeof(feature_parts) / sizeof(feature_parts[0]); i++)
		HAS_STR(text, feature_parts[i], feature_parts[i]);
	OK(text && !strstr(text, "\"remount\""), "no remount");
	HAS_STR(text, "\"systemd\": true", "the systemd manager, where it is built");
	HAS_STR(bare, "\"systemd\": false", "else not; and without facts, too");
}

static void
test_template(void)
{
	struct arena arena = { 0 };
	struct error err;
	struct spec spec = { 0 };
	AUTO_FREE char *root = template_write(TEMPLATE_ROOT, 0, 0, &err);
	AUTO_FREE char *rootless = template_write(TEMPLATE_ROOTLESS, 1000, 1001, &err);

	EQ_STR(spec_try(&arena, root ? root : "", &spec), NULL, "our own template is read");
	EQ_INT(spec.process.terminal, 0, "no terminal");
	EQ_INT(spec.process.no_new_privs, 1, "no new privileges");
	EQ_INT(spec.process.caps.ambient, 1 << 29 | 1 << 5 | 1 << 10, "three capabilities");
	EQ_INT(spec.mounts.count, 5, "neither devpts nor mqueue");
	EQ_INT(spec.resources.devices.count, 1, "no devices by default");
	EQ_INT(spec.unsupported.count, 0, "all of it is acted on");
	EQ_STR(spec_try(&arena, rootless ? rootless : "", &spec), NULL, "so is the rootless one");
	EQ_INT(spec.namespaces[PLAN_NS_USER].mode, PLAN_NS_NEW, "in a user namespace");
	EQ_INT(spec.namespaces[PLAN_NS_NET].mode, PLAN_NS_HOST, "on the host's network");
	EQ_INT(spec.uid_map.items[0].host_id, 1000, "root is the caller");
	EQ_INT(spec.gid_map.items[0].host_id, 1001, "group, too");
	EQ_INT(spec.mounts.items[3].flags, PLAN_MOUNT_BIND | PLAN_MOUNT_BIND_REC, "/sys is bound");
	arena_free(&arena);
}

int
main(void)
{
	test_state();
	test_features();
	test_template();
	DONE();
}
