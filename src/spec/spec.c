/* config.json as a whole. The order of the sections matters once: namespaces (linux.c) come before
 * what needs one. What needs a namespace is checked last, when all is known. */
#include "spec/spec.h"

#include "spec/convert.h"
#include "spec/document.h"
#include "spec/tree.h"

#include "base/arena.h"
#include "base/auto.h"
#include "base/error.h"
#include "base/file.h"

#include <ctype.h>
#include <string.h>
#include <sys/stat.h>

#define HOST_NAME_BYTES 64u /* __NEW_UTS_LEN: sethostname(2), setdomainname(2) */

/* Any 1.x, also "1.0.2-dev". */
static int
check_version(struct convert *c, const char *version)
{
	if (strncmp(version, "1.", 2) == 0 && isdigit((unsigned char)version[2]))
		return 0;
	return convert_refuse(
	    c, "ociVersion: %s is not supported: osless reads 1.x", convert_quote(c, version));
}

static int
convert_root(struct convert *c, const struct ocispec_root *from)
{
	struct spec *spec = c->spec;

	if (!from)
		return convert_refuse(
		    c, "root: missing: name the container's root file system in root.path");
	if (from->path[0] == '\0')
		return convert_refuse(
		    c, "root.path: empty: name a directory, absolute or relative to the bundle");
	spec->rootfs = from->path;
	if (from->path[0] != '/')
		spec->rootfs = arena_printf(c->arena, "%s/%s", spec->bundle, from->path);
	spec->rootfs_readonly = from->readonly;
	return spec->rootfs ? 0 : convert_no_memory(c);
}

/* hostname and domainname. */
static int
check_uts(struct convert *c, const char *path, const char *name)
{
	if (!name)
		return 0;
	if (strlen(name) > HOST_NAME_BYTES)
		return convert_refuse(
		    c, "%s: longer than the %u bytes that Linux takes", path, HOST_NAME_BYTES);
	if (c->spec->namespaces[PLAN_NS_UTS].mode != PLAN_NS_HOST)
		return 0;
	return convert_refuse(c,
	    "%s: unable to set %s without a private UTS namespace: add {\"type\": \"uts\"} to "
	    "linux.namespaces",
	    path, path);
}

static int
check_mount_namespace(struct convert *c)
{
	static const char hidden[] = "unable to restrict sys entries";
	const struct spec *spec = c->spec;
	const struct {
		uint64_t count;
		const char *path;
		const char *what;
	} rows[] = {
		{ spec->mounts.count, "mounts", "unable to mount" },
		{ spec->masked_paths.count, "linux.maskedPaths", hidden },
		{ spec->readonly_paths.count, "linux.readonlyPaths", hidden },
	};

	if (spec->namespaces[PLAN_NS_MNT].mode != PLAN_NS_HOST)
		return 0;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].count)
			return convert_refuse(c,
			    "%s: %s without a private MNT namespace: add {\"type\": \"mount\"} to "
			    "linux.namespaces",
			    rows[i].path, rows[i].what);
	}
	return 0;
}

/* An idmapped mount without maps takes the container's. */
static int
check_idmapped_mounts(struct convert *c)
{
	const struct spec *spec = c->spec;

	if (spec->namespaces[PLAN_NS_USER].mode != PLAN_NS_HOST)
		return 0;
	for (uint64_t i = 0; i < spec->mounts.count; i++) {
		const struct plan_mount *mount = &spec->mounts.items[i];

		if (mount->flags & PLAN_MOUNT_IDMAP && mount->uid_map.count == 0)
			return convert_refuse(c,
			    "mounts[%zu].options: idmap without uidMappings and gidMappings needs "
			    "the maps of a user namespace: give the mount its own",
			    (size_t)i);
	}
	return 0;
}

/* What one section promises another. */
static int
check_sections(struct convert *c)
{
	if (check_uts(c, "hostname", c->spec->hostname) < 0 ||
	    check_uts(c, "domainname", c->spec->domainname) < 0)
		return -1;
	if (check_mount_namespace(c) < 0)
		return -1;
	return check_idmapped_mounts(c);
}

static int
convert_config(struct convert *c, const struct ocispec_config *from)
{
	struct spec *spec = c->spec;

	if (check_version(c, from->oci_version) < 0)
		return -1;
	spec->oci_version = from->oci_version;
	spec->hostname = convert_text(from->hostname);
	spec->domainname = convert_text(from->domainname);
	if (convert_root(c, from->root) < 0)
		return -1;
	if (from->process && convert_process(c, from->process) < 0)
		return -1;
	if (convert_mounts(c, from) < 0)
		return -1;
	if (from->hooks && convert_hooks(c, from->hooks) < 0)
		return -1;
	if (CONVERT_PAIRS(c, &from->annotations, &spec->annotations) < 0)
		return -1;
	if (convert_linux(c, from->linux) < 0)
		return -1;
	return check_sections(c);
}

int
spec_parse(const char *name, const char *text, uint64_t length, const char *bundle,
    struct arena *arena, struct spec *spec, struct error *err)
{
	struct convert c = { .name = name, .arena = arena, .spec = spec, .err = err };
	struct ocispec_config config;

	*spec = (struct spec) { .bundle = bundle };
	if (document_read(name, text, length, OCISPEC_CONFIG, arena, &config, err) < 0)
		return -1;
	if (convert_config(&c, &config) < 0)
		return -1;
	return spec_tree_from_annotation(name, arena, spec, err);
}

int
spec_load(
    int bundle_fd, const char *bundle, struct arena *arena, struct spec *spec, struct error *err)
{
	const char *name = arena_printf(arena, "%s/config.json", bundle);
	AUTO_FREE char *text = NULL;
	struct stat status;
	size_t length;
	AUTO_FD int fd = -1;

	if (!name)
		return error_set(err, "%s: out of memory", bundle);
	fd = document_open(bundle_fd, "config.json", name, &status, err);
	if (fd < 0 && err->errnum == ENOENT)
		return error_in(err, "not a bundle (osless spec makes its config.json)");
	if (fd < 0)
		return -1;
	text = file_read_fd(fd, name, DOCUMENT_MAX, &length, err);
	if (!text)
		return -1;
	if (spec_parse(name, text, length, bundle, arena, spec, err) < 0)
		return -1;
	return spec_tree_from_file(bundle_fd, arena, spec, err);
}
