/* Counts a container's processes from the host until they are what they should be.
 *
 *     census NAME CGROUP WITHIN_MS OTHERS[:AT_REST] [PID...]
 *
 * Succeeds once, of all processes in CGROUP (its cgroup.procs) or called NAME (comm), exactly
 * OTHERS are there besides the PIDs, and all of them run: no zombie, nothing stopped, unless
 * AT_REST says how many are. Prints how long that took. After WITHIN_MS (0: one look) prints who is
 * there, and fails. Looks into /proc itself, since cgroup.procs leaves zombies out. A process whose
 * first thread has ended looks like a zombie, and is none as long as it has other threads. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LOOK_MS 2
#define MOST 4096 /* processes of one container */

struct process {
	int pid;
	int parent;
	int threads;
	char state;
	char name[32];
};

struct census {
	const char *name;
	const char *cgroup;
	char **spare; /* pids, NULL-terminated */
	int members[MOST];
	int member_count;
	int others;  /* not among the spare */
	int at_rest; /* zombies and stopped ones, the spare included */
	char list[8192];
	size_t list_length;
};

static long
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A cgroup that is gone has no members. */
static void
read_members(struct census *census)
{
	char path[4096];
	FILE *file;

	census->member_count = 0;
	snprintf(path, sizeof(path), "%s/cgroup.procs", census->cgroup);
	file = fopen(path, "r");
	if (!file)
		return;
	while (census->member_count < MOST &&
	       fscanf(file, "%d", &census->members[census->member_count]) == 1)
		census->member_count++;
	fclose(file);
}

/* 0, or -1: gone meanwhile. */
static int
read_process(int pid, struct process *process)
{
	char path[64], text[1024], *open, *close;
	size_t length;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "r");
	if (!file)
		return -1;
	length = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[length] = '\0';
	open = strchr(text, '(');
	close = strrchr(text, ')');
	if (!open || !close || close - open > (long)sizeof(process->name))
		return -1;
	*close = '\0';
	snprintf(process->name, sizeof(process->name), "%s", open + 1);
	process->pid = pid;
	return sscanf(close + 2,
		   "%c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %d",
		   &process->state, &process->parent, &process->threads) == 3
		   ? 0
		   : -1;
}

static int
is_member(const struct census *census, int pid)
{
	for (int i = 0; i < census->member_count; i++)
		if (census->members[i] == pid)
			return 1;
	return 0;
}

static int
is_spare(const struct census *census, int pid)
{
	for (char **spare = census->spare; *spare; spare++)
		if (atoi(*spare) == pid)
			return 1;
	return 0;
}

static int
is_at_rest(const struct process *process)
{
	if (process->state == 'Z' || process->state == 'X')
		return process->threads <= 1;
	return process->state == 'T' || process->state == 't';
}

static void
list_process(struct census *census, const struct process *process)
{
	size_t room = sizeof(census->list) - census->list_length;
	int length = snprintf(census->list + census->list_length, room, "%d %c parent %d %s\n",
	    process->pid, process->state, process->parent, process->name);

	if (length > 0 && (size_t)length < room)
		census->list_length += (size_t)length;
}

static void
count_process(struct census *census, const struct process *process)
{
	census->others += !is_spare(census, process->pid);
	census->at_rest += is_at_rest(process);
	list_process(census, process);
}

/* One that has gone between the list and the look counts: it may have left a child that has not
 * been listed, as moving bombs do. The next census tells. */
static void
count_members(struct census *census)
{
	read_members(census);
	for (int i = 0; i < census->member_count; i++) {
		struct process process;

		if (read_process(census->members[i], &process) < 0)
			process = (struct process) { .pid = census->members[i], .state = '?' };
		count_process(census, &process);
	}
}

/* Zombies, and who has got out of the cgroup. */
static void
count_namesakes(struct census *census)
{
	DIR *proc = opendir("/proc");
	struct process process;
	struct dirent *entry;

	while (proc && (entry = readdir(proc)) != NULL) {
		int pid = atoi(entry->d_name);

		if (pid > 0 && !is_member(census, pid) && read_process(pid, &process) == 0 &&
		    strcmp(process.name, census->name) == 0)
			count_process(census, &process);
	}
	if (proc)
		closedir(proc);
}

static void
take_census(struct census *census)
{
	census->others = census->at_rest = 0;
	census->list_length = 0;
	census->list[0] = '\0';
	count_members(census);
	count_namesakes(census);
}

int
main(int argc, char **argv)
{
	static struct census census;
	long start = now_ms(), within_ms;
	int others, at_rest = 0;

	if (argc < 5)
		return 2;
	census.name = argv[1];
	census.cgroup = argv[2];
	within_ms = atol(argv[3]);
	if (sscanf(argv[4], "%d:%d", &others, &at_rest) < 1)
		return 2;
	census.spare = argv + 5;
	for (;;) {
		take_census(&census);
		if (census.others == others && census.at_rest == at_rest) {
			printf("%ld ms\n", now_ms() - start);
			return 0;
		}
		if (now_ms() - start >= within_ms)
			break;
		usleep(LOOK_MS * 1000);
	}
	printf("after %ld ms %d others, not %d; %d zombies or stopped, not %d\n%s",
	    now_ms() - start, census.others, others, census.at_rest, at_rest, census.list);
	return 1;
}
