/* Opening a container only to look at it. */
#include "container/look.h"

#include "base/auto.h"
#include "container/container.h"
#include "kernel/cgroup_stats.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int64_t
look_now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail */
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* A journal that another plan was made for is of no use: its children are named by index. */
static int
check_children(const struct look *look, struct error *err)
{
	if (look->journal.children == look->plan->tree.children.count)
		return 0;
	return error_set(err, "the journal is not this plan's");
}

void
look_journal(struct look *look)
{
	AUTO_FD int fd = -1;

	journal_unmap(&look->journal);
	if (look->plan->supervision_mode == PLAN_MODE_OFF) {
		look->has_journal = LOOK_JOURNAL_OFF;
		return;
	}
	look->bad = (struct error) { .errnum = 0 };
	fd = state_open_journal(&look->dir, &look->bad);
	if (fd >= 0 && journal_map(&look->journal, fd, &look->bad) == 0 &&
	    check_children(look, &look->bad) == 0) {
		look->has_journal = LOOK_JOURNAL_THERE;
		return;
	}
	journal_unmap(&look->journal);
	look->has_journal = look->bad.errnum == ENODATA || look->bad.errnum == ENOENT
				? LOOK_JOURNAL_EMPTY
				: LOOK_JOURNAL_BAD;
}

const char *
look_no_journal(const struct look *look)
{
	switch (look->has_journal) {
	case LOOK_JOURNAL_OFF:
		return "supervision is off for this container: nobody watches its processes";
	case LOOK_JOURNAL_EMPTY:
		return "its init has written nothing to the journal yet";
	case LOOK_JOURNAL_BAD:
		return look->bad.text;
	case LOOK_JOURNAL_THERE:
		break;
	}
	return "";
}

/* Without a record it is being created, or its creator was killed. */
static int
read_record(struct look *look, struct error *err)
{
	if (state_read_record(&look->dir, &look->record, err) == 0) {
		look->status = state_status(&look->record, look->plan);
		look->init_alive = state_init_alive(&look->record);
		return 0;
	}
	if (err->errnum != ENOENT)
		return -1;
	look->status = STATE_CREATING;
	state_record_guess(&look->dir, &look->record);
	return 0;
}

int
look_oom_kills(const struct look *look, uint64_t *kills)
{
	int known = cgroup_stats_oom_kills(&look->cgroup, kills);
	struct journal_head head;

	if (!look->journal.head)
		return known;
	journal_read_head(&look->journal, &head);
	if (known < 0 || head.counters[JOURNAL_COUNT_OOM_KILLS] > *kills)
		*kills = head.counters[JOURNAL_COUNT_OOM_KILLS];
	return 0;
}

int
look_open(const struct container_host *host, const char *id, struct look *look, struct error *err)
{
	struct error gone;

	look->id = id;
	look->now_ns = look_now_ns();
	if (state_check_id(id, err) < 0 ||
	    state_open(host, id, STATE_UNLOCKED, &look->dir, err) < 0)
		return -1;
	look->plan = state_read_plan(&look->dir, &look->image, err);
	if (!look->plan)
		return error_in(
		    err, "container %s is being created, or only half made (delete it then)", id);
	if (read_record(look, err) < 0)
		return -1;
	if (look->plan->cgroup.dirs.count)
		(void)cgroup_open(NULL, &look->plan->cgroup, CGROUP_OPEN_LOOK, &look->cgroup,
		    &gone); /* a stopped container's may be gone */
	look_journal(look);
	return 0;
}

void
look_close(struct look *look)
{
	journal_unmap(&look->journal);
	cgroup_close(&look->cgroup);
	state_close(&look->dir);
	free(look->image);
	*look = LOOK_NONE;
}

/* ------------------------------------------------------------------------------------- IDs */

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int
look_ids(const char *root, char ***ids, size_t *count, struct error *err)
{
	DIR *listing = opendir(root);
	struct error not_an_id;
	struct dirent *entry;
	size_t capacity = 0;

	if (!listing)
		return errno == ENOENT ? 0 : error_sys(err, "open the state root %s", root);
	while ((entry = readdir(listing))) {
		if (state_check_id(entry->d_name, &not_an_id) < 0)
			continue;
		if (*count == capacity) {
			char **larger =
			    realloc(*ids, (capacity = capacity * 2 + 16) * sizeof(**ids));

			if (!larger)
				break;
			*ids = larger;
		}
		(*ids)[(*count)++] = strdup(entry->d_name);
	}
	(void)closedir(listing); /* read only */
	if (*count)
		qsort(*ids, *count, sizeof(**ids), compare_names);
	return 0;
}
