/* For the tests of src/spec: configs written with ' for ", and the samples' folder. */
#ifndef OSLESS_TESTS_SPEC_HELP_H
#define OSLESS_TESTS_SPEC_HELP_H

#include "base/arena.h"
#include "base/error.h"
#include "spec/spec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A config in which everything stands that has to; members come after a comma. */
#define CONFIG(members) "{'ociVersion':'1.0.2','root':{'path':'rootfs'}" members "}"
#define WITH_PROCESS(members) \
	CONFIG(",'process':{'args':['sh'],'cwd':'/','user':{'uid':0,'gid':0}" members "}")
#define WITH_LINUX(members) \
	CONFIG(",'linux':{'namespaces':[{'type':'mount'},{'type':'uts'}]" members "}")
#define WITH_RESOURCES(members) WITH_LINUX(",'resources':{" members "}")
#define WITH_RDT(members) WITH_LINUX(",'intelRdt':{" members "}")
#define WITH_DEVICES(devices) \
	CONFIG(",'linux':{'namespaces':[{'type':'network'}],'netDevices':" devices "}")
#define WITH_MOUNT(members) \
	CONFIG(",'linux':{'namespaces':[{'type':'mount'}]},'mounts':[{'destination':'/m'," members \
	       "}]")

/* A copy with " for ', in the arena. */
static inline char *
spec_quotes(struct arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text);

	for (char *at = copy; at && *at; at++)
		*at = *at == '\'' ? '"' : *at;
	return copy;
}

/* Parses it as config.json of bundle /b. NULL: it is fine; else the error's text. */
static inline const char *
spec_try(struct arena *arena, const char *config, struct spec *spec)
{
	char *text = spec_quotes(arena, config);
	struct error err;

	if (!text)
		return "out of memory";
	if (spec_parse("config.json", text, strlen(text), "/b", arena, spec, &err) == 0)
		return NULL;
	return arena_strdup(arena, err.text);
}

static inline const char *
spec_samples(void)
{
	const char *dir = getenv("OSLESS_SAMPLES");

	return dir ? dir : "tests/samples";
}

#endif
