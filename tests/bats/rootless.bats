# An ordinary user: no rights over cgroups, a user namespace of the container's own with his one id, or
# with the ranges that newuidmap and newgidmap give him, and state where login made him a directory.

load helpers

USER_ID=12345
SUB_FIRST=100000

setup_file() {
	file_setup
	[ "$(id -u)" = 0 ] || return 0
	# Not among bats' directories, which are closed to others.
	HOME_DIR=$(mktemp -d "/tmp/$TAG-home-XXXXXX")
	export HOME_DIR
	mkdir "$HOME_DIR/run"
	cp "$OSLESS" "$HOME_DIR/osless"
	chmod 755 "$HOME_DIR" "$HOME_DIR/osless"
	write_ids
	chown -R $USER_ID:$USER_ID "$HOME_DIR"
	chmod 700 "$HOME_DIR/run"
}

teardown_file() {
	[ -z "${HOME_DIR:-}" ] || rm -rf --one-file-system "$HOME_DIR"
}

setup() {
	[ "$(id -u)" = 0 ] || skip "needs root, to become somebody else"
	ID=$TAG-$BATS_SUITE_TEST_NUMBER
	ROOT=$HOME_DIR/run/osless
	CALLS=0
	HAS_RANGES=
	BUNDLE=$HOME_DIR/bundle-$BATS_SUITE_TEST_NUMBER
	mkdir "$BUNDLE"
	cp -a "$BATS_FILE_TMPDIR/rootfs" "$BUNDLE/rootfs"
	chown -R $USER_ID:$USER_ID "$BUNDLE"
	run_osless -0 spec --rootless -b "$BUNDLE"
	leaks_snapshot
}

# The user's entries, for newuidmap: bound over the host's files where it is to run.
write_ids() {
	local name
	mkdir "$HOME_DIR/etc"
	for name in passwd group; do
		grep -v ":$USER_ID:" "/etc/$name" >"$HOME_DIR/etc/$name"
	done
	echo "tester:x:$USER_ID:$USER_ID::/:/bin/sh" >>"$HOME_DIR/etc/passwd"
	echo "tester:x:$USER_ID:" >>"$HOME_DIR/etc/group"
	echo "tester:$SUB_FIRST:65536" | tee "$HOME_DIR/etc/subuid" >"$HOME_DIR/etc/subgid"
}

# In the place of helpers.bash's: as the user, with the default root.
osless() {
	local script="exec \"\$@\""
	[ -z "$HAS_RANGES" ] || script="for name in passwd group subuid subgid; do
		mount --bind $HOME_DIR/etc/\$name /etc/\$name || exit; done; $script"
	(
		cd / # the test's own directory may be closed to the user
		unshare --mount --propagation slave sh -c "$script" sh \
			setpriv --reuid $USER_ID --regid $USER_ID --clear-groups --inh-caps=-all \
			env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin XDG_RUNTIME_DIR="$HOME_DIR/run" OSLESS_TEST="$ID" \
			timeout -k 5 "$OSLESS_TIMEOUT" "$HOME_DIR/osless" "$@" 3>&- 4>&-
	)
}

# several_ranges: the user is root, and the rest is from /etc/subuid.
several_ranges() {
	command -v newuidmap newgidmap >/dev/null || skip "no newuidmap: package uidmap"
	[ -e /etc/subuid ] && [ -e /etc/subgid ] || skip "no /etc/subuid and subgid to bind over"
	HAS_RANGES=1
	bundle_config --argjson maps "[ { \"containerID\": 0, \"hostID\": $USER_ID, \"size\": 1 },
		{ \"containerID\": 1, \"hostID\": $SUB_FIRST, \"size\": 65536 } ]" \
		'.linux.uidMappings = $maps | .linux.gidMappings = $maps'
}

start_sleeping() {
	bundle_args "${@:-sleep 1000}"
	run_osless -0 run -d --pid-file "$BUNDLE/pid" -b "$BUNDLE" "$ID"
	PID=$(<"$BUNDLE/pid")
}

@test "run: output, exit status, and the user's id in place of root's" {
	bundle_args sh -c 'id -u; cat /proc/self/uid_map; echo to stderr >&2; exit 7'
	run_osless -7 run -b "$BUNDLE" "$ID"
	[ "$(xargs <<<"$output")" = "0 0 $USER_ID 1" ]
	[ "$stderr" = "to stderr" ]
}

@test "create, state, start, kill, delete; state is the user's own" {
	bundle_args sh -c 'trap "exit 5" TERM; echo ready; while :; do sleep 0.1; done'
	run_osless -0 create -b "$BUNDLE" "$ID"
	READY=$OUT
	status_is "$ID" created
	[ "$(stat -c '%u %a' "$ROOT" "$ROOT/$ID" | sort -u)" = "$USER_ID 700" ]
	run_osless -0 start "$ID"
	wait_until 5 grep -q ready "$READY"
	run_osless -0 list -q
	assert_output "$ID"
	run_osless -0 kill "$ID" TERM
	wait_status "$ID" stopped
	run_osless -0 explain "$ID"
	[[ $output == *"exit status 5"* ]]
	run_osless -0 delete "$ID"
	assert_nothing_left
}

@test "exec: status, identity, and what it leaves dies" {
	start_sleeping sleep 1000
	run_osless -6 exec "$ID" sh -c 'id -u; sleep 1001 & exit 6'
	assert_output 0
	run_osless -255 exec "$ID" no-such-program
	assert_stderr "executable file not found in \$PATH"
	wait_until 5 eval '! grep -lq 1001 /proc/[0-9]*/cmdline 2>/dev/null' || fail "it lives on"
	run_osless -0 delete --force "$ID"
	assert_nothing_left
}

orphan_killed() {
	osless events --no-follow "$ID" | jq -e 'select(.data.event == "orphan" and .data.action == "kill")' >/dev/null
}

@test "supervision: an orphan dies, and events tell" {
	start_sleeping sh -c 'sh -c "sleep 1001 & sleep 0.2"; sleep 1000'
	wait_until 5 orphan_killed || fail "no orphan was killed"
	run_osless -0 tree "$ID"
	[[ $output == *"sleep"* ]]
	run_osless -0 delete --force "$ID"
}

@test "limits and cgroups: those that he may not make are left out, limits with a warning each" {
	bundle_config '.linux.resources = { memory: { limit: 33554432 }, pids: { limit: 20 } }
		| .linux.cgroupsPath = "/osless-of-root"'
	bundle_args true
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_stderr "memory.limit is not applied: the caller may not make a cgroup"
	assert_stderr "pids.limit is not applied: the caller may not make a cgroup"
	run_osless ! --rootless false run -b "$BUNDLE" "$ID"
	assert_stderr "make cgroup"
	assert_stderr "permission denied"
}

@test "cgroups that are his are used" {
	local own
	own=$(awk '/ - cgroup .*pids/ { print $5; exit }' /proc/self/mountinfo)
	[ -n "$own" ] || skip "the pids controller is not on v1"
	own=$own/$ID
	mkdir "$own"
	chown -R $USER_ID "$own"
	bundle_config --arg path "/$ID/box" '.linux.cgroupsPath = $path | .linux.resources.pids = { limit: 20 }'
	start_sleeping sleep 1000
	[ "$(cat "$own/box/pids.max")" -ge 20 ]
	grep -qx "$PID" "$own/box/cgroup.procs"
	[ "$stderr" = "" ]
	run_osless -0 delete --force "$ID"
	[ ! -e "$own/box" ]
	rmdir "$own"
}

@test "several ranges, by newuidmap and newgidmap" {
	several_ranges
	bundle_args sh -c 'cat /proc/self/uid_map /proc/self/gid_map; id -u'
	run_osless -0 run -b "$BUNDLE" "$ID"
	[ "$(xargs <<<"$output")" = "0 $USER_ID 1 1 $SUB_FIRST 65536 0 $USER_ID 1 1 $SUB_FIRST 65536 0" ]
}

@test "several ranges: the payload of a config that grants DAC_OVERRIDE is nobody" {
	several_ranges
	bundle_config '.process.capabilities |= map_values(. + [ "CAP_DAC_OVERRIDE" ])'
	start_sleeping sleep 1000
	run_osless -0 exec "$ID" id -u
	assert_output 65534
	[ "$(awk '/^Uid:/ { print $2 }' "/proc/$(pgrep -P "$PID")/status")" = $((SUB_FIRST + 65533)) ]
	run_osless -0 delete --force "$ID"
}

@test "ranges that are not his are refused, with newuidmap's own words" {
	several_ranges
	bundle_config '.linux.uidMappings[1].hostID = 300000'
	bundle_args true
	run_osless ! run -b "$BUNDLE" "$ID"
	assert_one_line_error "newuidmap (are the ranges in /etc/subuid?): exit status 1"
	assert_stderr "not allowed"
	assert_nothing_left
}

@test "binds are those that the user may see; the host's /sys is read-only" {
	mkdir "$BUNDLE/data" "$BUNDLE/closed"
	echo mine >"$BUNDLE/data/file"
	chown -R $USER_ID "$BUNDLE/data"
	chmod 700 "$BUNDLE/data" "$BUNDLE/closed"
	chown 0 "$BUNDLE/closed"
	bundle_config --arg source "$BUNDLE/data" '.mounts += [
		{ destination: "/tmp", type: "bind", source: $source, options: [ "rbind", "rw" ] } ]'
	bundle_args sh -c 'cat /tmp/file; echo new >/tmp/new; mkdir /sys/x 2>/dev/null || echo read-only'
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_output $'mine\nread-only'
	[ "$(stat -c %u "$BUNDLE/data/new")" = $USER_ID ]
	bundle_config --arg source "$BUNDLE/closed/x" '.mounts[-1].source = $source'
	run_osless ! run -b "$BUNDLE" "$ID"
	assert_stderr "permission denied"
}

@test "root of a user namespace that somebody made for himself: as that user" {
	bundle_config 'del(.linux.uidMappings, .linux.gidMappings)
		| .linux.namespaces |= map(select(.type != "user"))'
	bundle_config '.process.capabilities |= map_values(. + [ "CAP_DAC_OVERRIDE" ])' # nobody, if there were one
	bundle_args sh -c 'id -u; echo x >/dev/null && stat -c %t:%T /dev/null'
	status=0
	output=$(cd / && setpriv --reuid $USER_ID --regid $USER_ID --clear-groups \
		env -i PATH=/usr/bin:/bin XDG_RUNTIME_DIR="$HOME_DIR/run" OSLESS_TEST="$ID" \
		unshare --user --map-root-user --mount \
		timeout -k 5 "$OSLESS_TIMEOUT" "$HOME_DIR/osless" run -b "$BUNDLE" "$ID" 2>&1 3>&- 4>&-) || status=$?
	[ "$status" = 0 ] || fail "status $status"
	assert_output $'0\n1:3'
}
