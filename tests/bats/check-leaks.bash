# Tells what a test has left on the machine: containers' state, cgroups, mounts, processes.
#
# leaks_snapshot remembers what is there; assert_nothing_left fails with a list of what has come
# since. Other tests may run on the same machine: entries that name another run's tag are passed
# over, and what goes away by itself within LEAK_GRACE_MS is not a leak (the kernel removes network
# namespaces, and engines their own cgroups, some time later).
#
# Wants from helpers.bash: TAG, ID, ROOT, wait_until. Bats runs all of this under set -e: `|| true`
# stands where a failure says no more than "nothing there" or "gone meanwhile".

LEAK_GRACE_MS=${LEAK_GRACE_MS:-3000}

# list_in_root DIR: all but the cache of profiles, and in that all but its own files.
list_in_root() {
	local own=(-user "$(id -u)" -regextype posix-extended) files
	find "$1" -mindepth 1 -maxdepth 1 ! \( -name .profiles -type d -perm 700 "${own[@]}" \)
	find "$1/.profiles" -mindepth 1 \
		! \( -type f -links 1 -perm 600 "${own[@]}" -regex '.*/[0-9a-f]{16}' \)
	files=$(find "$1/.profiles" -type f | wc -l)
	[ "$files" -le 64 ] || echo "$1/.profiles has $files files"
}

list_state() {
	{ list_in_root "$ROOT" && list_in_root /run/osless; } 2>/dev/null || true
}

list_cgroups() {
	local mounts
	mapfile -t mounts < <(awk '/ - cgroup2? / { print $5 }' /proc/self/mountinfo)
	[ ${#mounts[@]} = 0 ] || find "${mounts[@]}" -mindepth 1 -type d 2>/dev/null || true
}

list_mounts() {
	awk '{ print $5 }' /proc/self/mountinfo
}

# The shells from $BASHPID up to $$: those that ask.
list_askers() {
	local pid=$BASHPID
	while [ "$pid" -gt 1 ] && echo "$pid" && [ "$pid" != $$ ]; do
		read -r _ _ _ pid _ <"/proc/$pid/stat"
	done
}

# list_descendants PID ASKERS: its children, their children, and so on, without the askers.
list_descendants() {
	local children='' child
	# No newline ends the file, so read always fails.
	{ read -r children <"/proc/$1/task/$1/children"; } 2>/dev/null || true
	for child in $children; do
		[[ $2 != *$'\n'"$child"$'\n'* ]] || continue
		echo "$child"
		list_descendants "$child" "$2"
	done
}

# Processes that descend from the test, or whose cgroup, command line or environment names its ID
# (osless() sets OSLESS_TEST; the pattern comes from a file so that grep does not find itself).
list_processes() {
	printf '%s\n' "$ID" >"$BATS_TEST_TMPDIR/id"
	list_askers >"$BATS_TEST_TMPDIR/askers"
	list_descendants $$ $'\n'"$(<"$BATS_TEST_TMPDIR/askers")"$'\n'
	grep -lzFf "$BATS_TEST_TMPDIR/id" /proc/[0-9]*/{cgroup,cmdline,environ} 2>/dev/null |
		cut -d/ -f3 || true
}

# leaks_list PREFIX: one sorted file a kind.
leaks_list() {
	local kind
	# First, while this shell has no other children of its own.
	list_processes >"$1.unsorted"
	sort -u "$1.unsorted" >"$1.processes"
	for kind in state cgroups mounts; do
		"list_$kind" | sort >"$1.$kind"
	done
}

leaks_snapshot() {
	leaks_list "$BATS_TEST_TMPDIR/before"
}

# "PID command line" of a process that is still there and is no zombie of somebody else's.
describe_process() {
	local words
	words=$(tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline") || return 0
	[ -z "$words" ] || echo "$1 $words"
}

# What engines make for containers of theirs, slices, which are systemd's to remove, and podman and whoever
# runs this machine leave, and what the workloads' root file system is made with: those tests can go on beside.
OF_ENGINES='/osless-workloads/|/(docker|libpod[a-z_]*|ptest|conmon)(/|$)|[0-9a-f]{64}|process_api/[0-9a-f]{32}$|\.slice$|: /run/netns$'

# Drops lines that name other runs' tags or directories, a benchmark's, the quickstart's, or a trial's
# (check --trace; that none is left check.bats looks for itself).
drop_others() {
	local line
	while read -r line; do
		[[ ! $line =~ (osless-bench|quickstart|check)-[0-9]+ ]] || continue
		[[ ! $line =~ $OF_ENGINES ]] || continue
		[[ ! $line =~ bats-run-[A-Za-z0-9]{6} || $line == *"${BATS_RUN_TMPDIR##*/}"* ]] || continue
		[[ $line =~ osl-[A-Za-z0-9]{6}- && $line != *"$TAG"* ]] || echo "$line"
	done
}

# Prints "KIND NAME" for everything that has come since the snapshot.
leaks_print() {
	local kind name
	[ -e "$BATS_TEST_TMPDIR/before.mounts" ] || echo "error: no snapshot was taken"
	leaks_list "$BATS_TEST_TMPDIR/after"
	for kind in state cgroups mounts processes; do
		comm -13 "$BATS_TEST_TMPDIR/before.$kind" "$BATS_TEST_TMPDIR/after.$kind" |
			while read -r name; do
				[ $kind != processes ] || name=$(describe_process "$name")
				[ -z "$name" ] || echo "$kind: $name"
			done
	done | drop_others
}

assert_nothing_left() {
	local waited_ms=0 leaks
	while true; do
		leaks=$(leaks_print)
		[ -n "$leaks" ] || return 0
		[ $waited_ms -lt "$LEAK_GRACE_MS" ] || break
		sleep 0.1
		waited_ms=$((waited_ms + 100))
	done
	printf 'left behind:\n%s\n' "$leaks" >&2
	return 1
}

# Removes by force what bears the test's ID or lies in its directories: processes first, since they
# hold the rest. Nothing that could be somebody else's is touched.
leaks_remove() {
	local pid path
	list_processes >"$BATS_TEST_TMPDIR/kill"
	while read -r pid; do
		[ "$pid" = "$BASHPID" ] || kill -KILL "$pid" 2>/dev/null || true
	done <"$BATS_TEST_TMPDIR/kill"
	list_mounts | sort -r | while read -r path; do
		case $path in
		"$BATS_TEST_TMPDIR"/* | "$ROOT"/* | *"$ID"*) umount -l "$path" || true ;;
		esac
	done
	# Deepest first; a cgroup is busy until its killed processes are reaped.
	list_cgroups | { grep -F "$ID" || true; } | sort -r | while read -r path; do
		wait_until 2 rmdir "$path" 2>/dev/null || true
	done
	find "$ROOT" -mindepth 1 -maxdepth 1 -name "$ID*" -exec rm -rf --one-file-system {} +
}
