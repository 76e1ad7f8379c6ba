/* osless, its commit, the specification it implements, then its libraries as they are at run time.
 */
#include "cli/version.h"

#include "base/version.h"

#include <seccomp.h>
#include <sys/capability.h>
#include <yajl/yajl_version.h>

#define SPEC_VERSION "1.3.0"

const char version_number[] = PACKAGE_VERSION;
const char version_commit[] = OSLESS_COMMIT;

void
version_print(FILE *out)
{
	const struct scmp_version *seccomp = seccomp_version();
	int yajl = yajl_version();

	fprintf(out, "osless version %s\ncommit: %s\nspec: %s\n", version_number, version_commit,
	    SPEC_VERSION);
	fprintf(out, "libseccomp: %u.%u.%u\n", seccomp->major, seccomp->minor, seccomp->micro);
	fprintf(out, "yajl: %d.%d.%d\n", yajl / 10000, yajl / 100 % 100, yajl % 100);
#ifdef LIBCAP_MAJOR /* libcap cannot be asked at run time */
	fprintf(out, "libcap: %d.%d\n", LIBCAP_MAJOR, LIBCAP_MINOR);
#endif
}
