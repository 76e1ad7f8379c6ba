/* PID 1 of the floor's `supervised` shape: builds the container around itself, then forks the
 * payload, reaps whatever ends, and passes the payload's exit status on.
 *
 *     floor-init ROOTFS HIERARCHIES PROGRAM [ARGUMENT...]
 */
#include <sys/wait.h>

#include "box.h"

int
main(int argc, char **argv)
{
	int status = 0;
	pid_t payload;

	if (argc < 4)
		return 127;
	box_enter(argv[1], argv[2]);
	payload = must(fork(), "fork");
	if (payload == 0) {
		execv(argv[3], argv + 3);
		must(-1, argv[3]);
	}
	while (must(wait(&status), "wait") != payload)
		;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
