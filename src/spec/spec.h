/* What a config.json asks for, checked and in kernel terms: words are numbers, defaults of the OCI
 * text are filled in, paths are still as written. Nothing is decided yet: that is policy's part.
 * This folder is the only one that knows JSON.
 *
 * Everything hangs on the arena given to spec_load; strings may point into it. Parts that policy
 * passes on unchanged are plan structs already. */
#ifndef OSLESS_SPEC_SPEC_H
#define OSLESS_SPEC_SPEC_H

#include "plan/plan.h"

#include <stdint.h>

struct arena;
struct bundle_seccomp;
struct error;

/* process: config.json's or the document of `exec --process`. */
struct spec_process {
	uint32_t terminal;
	PLAN_LIST(const char *) args;
	PLAN_LIST(const char *) env;
	const char *cwd;
	uint32_t uid;
	uint32_t gid;
	PLAN_LIST(uint32_t) groups;
	uint32_t has_umask;
	uint32_t umask;
	uint32_t has_caps; /* 0: no capabilities object, which means none at all */
	struct plan_caps caps;
	uint32_t no_new_privs;
	uint32_t has_oom_score_adj;
	int32_t oom_score_adj;
	PLAN_LIST(struct plan_rlimit) rlimits;
	struct plan_scheduler scheduler;
	uint32_t io_class;
	uint32_t io_level;
	plan_bits exec_cpus_initial;
	plan_bits exec_cpus_final;
	const char *apparmor_profile;
	const char *selinux_label;
};

/* A field that is present and that this version does not act on: named in the plan's report. */
struct spec_unsupported {
	const char *path; /* "linux.intelRdt" */
	const char *why;
};

/* A supervisor or worker of a declared tree, with defaults filled in; but env is the worker's own
 * alone, and args, env and cwd are empty where they are not given. */
struct spec_child {
	const char *path; /* of its object in the document; "": the document itself */
	struct plan_child plan;
};

struct spec_tree {
	const char *source;                    /* "annotations[dev.osless.tree]" or "tree.json" */
	PLAN_LIST(struct spec_child) children; /* in the plan's order: item 0 is the root */
};

struct spec {
	const char *oci_version;
	const char *bundle; /* absolute, as given by the caller */
	uint32_t has_process;
	struct spec_process process;
	const char *rootfs; /* absolute: relative ones are taken from the bundle */
	uint32_t rootfs_readonly;
	const char *hostname;
	const char *domainname;
	PLAN_LIST(struct plan_mount)
	mounts; /* options split into attributes and file system options */
	plan_hooks hooks_prestart;
	plan_hooks hooks_create_runtime;
	plan_hooks hooks_create_container;
	plan_hooks hooks_start_container;
	plan_hooks hooks_poststart;
	plan_hooks hooks_poststop;
	PLAN_LIST(struct plan_pair) annotations;

	struct plan_namespace namespaces[PLAN_NS_COUNT];
	plan_idmaps uid_map;
	plan_idmaps gid_map;
	PLAN_LIST(struct plan_pair) time_offsets;
	PLAN_LIST(struct plan_device) devices;
	PLAN_LIST(struct plan_net_device) net_devices;
	PLAN_LIST(const char *) masked_paths;
	PLAN_LIST(const char *) readonly_paths;
	PLAN_LIST(struct plan_pair) sysctls; /* keys as written: "net.core.somaxconn" */
	uint64_t rootfs_propagation;
	const char *mount_label;
	const char *cgroups_path;
	struct plan_resources resources;
	uint32_t has_personality;
	uint32_t personality;
	struct plan_memory_policy memory_policy;
	struct plan_rdt rdt;            /* group NULL: the container's id is to be its name */
	struct bundle_seccomp *seccomp; /* NULL: no profile of its own */
	struct spec_tree *tree;         /* NULL: none is declared */
	uint32_t tree_file_ignored;     /* 1: there is a tree.json besides the annotation */
	PLAN_LIST(struct spec_unsupported) unsupported;
};

/* Reads BUNDLE/config.json (bundle: absolute path, directory fd bundle_fd), and tree.json beside it
 * where there is one, into *spec. -1: err
 * names file, JSON path, expectation, finding, line and column, or the meaning that is broken
 * (unknown namespace, cwd not absolute ...). */
int spec_load(
    int bundle_fd, const char *bundle, struct arena *arena, struct spec *spec, struct error *err);

/* The same from a text in memory; name is what errors call the document. For tests and fuzzers. */
int spec_parse(const char *name, const char *text, uint64_t length, const char *bundle,
    struct arena *arena, struct spec *spec, struct error *err);

/* The process document of `exec --process`: fills spec->process and what is unsupported, nothing
 * else. path is opened as it is, and named in errors. */
int spec_load_process(const char *path, struct arena *arena, struct spec *spec, struct error *err);

/* The lines of has, l3_cache (l3CacheSchema) and mem_bw (memBwSchema), each NULL where there is
 * none, as they are to be written, in the arena: of a resource that more than one names the last
 * counts. NULL: err says what is wrong with which. */
const char *spec_schemata(const char *has, const char *l3_cache, const char *mem_bw,
    struct arena *arena, struct error *err);

/* The document of `update --resources`, an object linux.resources: fills spec->resources and what
 * is unsupported, nothing else. path "-" is standard input, read to its end. */
int
spec_load_resources(const char *path, struct arena *arena, struct spec *spec, struct error *err);

/* The same from a text in memory. */
int spec_parse_resources(const char *name, const char *text, uint64_t length, struct arena *arena,
    struct spec *spec, struct error *err);

/* The document of `exec --process` from a text in memory. */
int spec_parse_process(const char *name, const char *text, uint64_t length, struct arena *arena,
    struct spec *spec, struct error *err);

#endif
