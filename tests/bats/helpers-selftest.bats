# The leak detector must detect, the cleaner must clean, and no helper may hang: without a runtime.

load helpers

# Runs the detector without grace, as a test that must fail.
detect() {
	LEAK_GRACE_MS=0 run assert_nothing_left
	echo "$output"
	[ "$status" = 1 ] && [[ $output != *bats-exec* ]]
}

a_cgroup_mount() {
	awk '/ - cgroup2? / { print $5; exit }' /proc/self/mountinfo
}

@test "a test that leaves nothing passes" {
	LEAK_GRACE_MS=0 run assert_nothing_left
	echo "$output"
	[ "$status" = 0 ]
}

@test "a container's state directory is detected and removed" {
	mkdir "$ROOT/$ID"
	detect
	[[ $output == *"state: $ROOT/$ID"* ]]
	leaks_remove
	[ ! -e "$ROOT/$ID" ]
}

@test "the cache of profiles in the root is expected" {
	mkdir -m 700 "$ROOT/.profiles"
	install -m 600 /dev/null "$ROOT/.profiles/0123456789abcdef"
	assert_nothing_left
	rm -r "$ROOT/.profiles"
}

@test "anything else in its place, beside it or in it is detected" {
	local name
	for name in .profiles .cache; do
		touch "$ROOT/$name"
		detect
		[[ $output == *"state: $ROOT/$name"* ]]
		rm "$ROOT/$name"
	done
	mkdir -m 755 "$ROOT/.profiles"
	detect
	chmod 700 "$ROOT/.profiles"
	for name in 0123456789abcdef.tmp 0123456789ABCDEF 0123456789abcde; do
		install -m 600 /dev/null "$ROOT/.profiles/$name"
		detect
		[[ $output == *"state: $ROOT/.profiles/$name"* ]]
		rm "$ROOT/.profiles/$name"
	done
	install -m 644 /dev/null "$ROOT/.profiles/0123456789abcdef"
	detect
	rm -r "$ROOT/.profiles"
}

@test "more profiles in the cache than it keeps are detected" {
	local i
	mkdir -m 700 "$ROOT/.profiles"
	for ((i = 0; i < 64; i++)); do
		install -m 600 /dev/null "$ROOT/.profiles/$(printf %016x "$i")"
	done
	assert_nothing_left
	install -m 600 /dev/null "$ROOT/.profiles/ffffffffffffffff"
	detect
	[[ $output == *".profiles has 65 files"* ]]
	rm -r "$ROOT/.profiles"
}

@test "a cgroup is detected in whichever hierarchy and removed" {
	local mount
	for mount in $(awk '/ - cgroup2? / { print $5 }' /proc/self/mountinfo); do
		mkdir -p "$mount/$ID/leaf"
		detect
		[[ $output == *"cgroups: $mount/$ID/leaf"* ]]
		leaks_remove
		[ ! -e "$mount/$ID" ]
	done
}

@test "a mount is detected and removed" {
	mkdir "$BATS_TEST_TMPDIR/mnt"
	mount -t tmpfs leak "$BATS_TEST_TMPDIR/mnt"
	detect
	[[ $output == *"mounts: $BATS_TEST_TMPDIR/mnt"* ]]
	leaks_remove
	! mountpoint -q "$BATS_TEST_TMPDIR/mnt" || fail "it is still there"
}

@test "a second mount on the same place is detected" {
	mkdir "$BATS_TEST_TMPDIR/mnt"
	mount -t tmpfs known "$BATS_TEST_TMPDIR/mnt"
	leaks_snapshot
	assert_nothing_left
	mount -t tmpfs leak "$BATS_TEST_TMPDIR/mnt"
	detect
	umount "$BATS_TEST_TMPDIR/mnt"
	assert_nothing_left
	umount "$BATS_TEST_TMPDIR/mnt"
}

@test "a child of the test is detected and removed" {
	sleep 1000 3>&- &
	detect
	[[ $output == *"processes: $! sleep 1000"* ]]
	leaks_remove
	wait_until 2 eval "! kill -0 $! 2>/dev/null"
}

@test "a daemonised process is detected by its environment and removed" {
	OSLESS_TEST=$ID setsid -f sleep 1001 3>&- >/dev/null
	detect
	[[ $output == *"sleep 1001"* ]]
	leaks_remove
	LEAK_GRACE_MS=1000 assert_nothing_left
}

@test "a daemonised process is detected by its cgroup and removed with it" {
	local group
	group=$(a_cgroup_mount)/$ID
	mkdir "$group"
	env -i setsid -f sh -c "echo \$\$ >'$group/cgroup.procs'; exec sleep 1002" 3>&- >/dev/null
	wait_until 2 grep -q . "$group/cgroup.procs"
	detect
	[[ $output == *"sleep 1002"* ]]
	leaks_remove
	[ ! -e "$group" ]
	LEAK_GRACE_MS=1000 assert_nothing_left
}

@test "what goes away within the grace time is no leak" {
	OSLESS_TEST=$ID setsid -f sleep 0.5 3>&- >/dev/null
	assert_nothing_left
}

@test "what names another run is not this run's leak" {
	local group
	group=$(a_cgroup_mount)/osl-OTHERS-1
	mkdir "$group"
	LEAK_GRACE_MS=0 run assert_nothing_left
	rmdir "$group"
	[ "$status" = 0 ]
}

@test "a command that hangs is ended and fails the test" {
	printf '#!/bin/sh\nexec sleep 1003\n' >"$BATS_TEST_TMPDIR/hangs"
	chmod +x "$BATS_TEST_TMPDIR/hangs"
	OSLESS=$BATS_TEST_TMPDIR/hangs
	OSLESS_TIMEOUT=0.3
	run run_osless run "$ID"
	[ "$status" = 1 ]
	[[ $output == *"still running after 0.3 s"* ]]
}

@test "a container that keeps its stdout does not hang the test" {
	printf '#!/bin/sh\nsetsid -f sh -c "sleep 1; echo late"\necho early\n' >"$BATS_TEST_TMPDIR/keeps"
	chmod +x "$BATS_TEST_TMPDIR/keeps"
	OSLESS=$BATS_TEST_TMPDIR/keeps
	run_osless -0 run --detach "$ID"
	assert_output early
	wait_until 5 grep -q late "$OUT"
}

@test "run_osless tells the exit status, and holds it against the wanted one" {
	OSLESS=$BATS_TEST_TMPDIR/fails
	printf '#!/bin/sh\necho out\necho sorry >&2\nexit 3\n' >"$OSLESS"
	chmod +x "$OSLESS"
	run_osless -3 state "$ID"
	assert_output out
	assert_one_line_error sorry
	run_osless ! state "$ID"
	run run_osless -0 state "$ID"
	[ "$status" = 1 ]
	[[ $output == *"exit status 3, want 0"* ]]
}

@test "the bundle can be edited" {
	bundle_args sh -c 'echo "a  b"' --flag
	bundle_config --arg name new '.hostname = $name'
	[ "$(jq -c .process.args "$BUNDLE/config.json")" = '["sh","-c","echo \"a  b\"","--flag"]' ]
	[ "$(jq -r .hostname "$BUNDLE/config.json")" = new ]
	[ "$(chroot "$BUNDLE/rootfs" /bin/echo works)" = works ]
}
