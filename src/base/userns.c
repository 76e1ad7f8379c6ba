/* One read of /proc/self/uid_map, whose one line in the host's namespace is "0 0 4294967295". */
#include "base/userns.h"

#include "base/auto.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define ALL_IDS 4294967295UL

int
userns_is_host(void)
{
	AUTO_FD int fd = open("/proc/self/uid_map", O_RDONLY | O_CLOEXEC);
	char text[128];
	char *at = text;
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	unsigned long first[3];

	if (length < 0)
		return 1;
	text[length] = '\0';
	for (int i = 0; i < 3; i++)
		first[i] = strtoul(at, &at, 10);
	return first[0] == 0 && first[1] == 0 && first[2] == ALL_IDS;
}
