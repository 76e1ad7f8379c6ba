# Tells what a test has left on the machine: containers' state, cgroups, mounts, processes.
#
# leaks_snapshot remembers what is there; assert_nothing_left fails with a list of what has come
# since. Other tests may run on the same machine: entries that name another run's tag are passed
# over, and what goes away by itself within LEAK_GRACE_MS is not a leak (the kernel removes network
# namespaces, and engines their own cgroups, some time later).
#
# Wants from helpers.bash: ID, ROOT.

LEAK_GRACE_MS=${LEAK_GRACE_MS:-$((3000 * ${SLOWNESS:-1}))}

# find_leaks VERB
find_leaks() {
	"$HELPERS_DIR/find-leaks" "$1" $$ "$ID" "$ROOT" "$BATS_TEST_TMPDIR" "${BATS_RUN_TMPDIR##*/}" "$LEAK_GRACE_MS"
}

leaks_snapshot() {
	find_leaks snapshot
}

assert_nothing_left() {
	local leaks
	leaks=$(find_leaks check) && return 0
	printf 'left behind:\n%s\n' "$leaks" >&2
	return 1
}

leaks_remove() {
	find_leaks remove
}

list_cgroups() {
	local mounts
	mapfile -t mounts < <(awk '/ - cgroup2? / { print $5 }' /proc/self/mountinfo)
	[ ${#mounts[@]} = 0 ] || find "${mounts[@]}" -mindepth 1 -type d 2>/dev/null || true
}
