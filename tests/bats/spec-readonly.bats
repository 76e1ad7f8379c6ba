# linux.readonlyPaths: what is there, and not to be changed. root.readonly is in spec-root.bats.

load spec-helpers

readonly_paths() {
	bundle_config --argjson paths "$(jq -nc '$ARGS.positional' --args -- "$@")" '.linux.readonlyPaths = $paths'
}

setup() {
	test_setup
	writable_root
}

@test "a file and a directory" {
	mkdir -p "$BUNDLE/rootfs/data/below"
	readonly_paths /etc/passwd /data
	inside '(echo >/etc/passwd) 2>&1; (echo >/data/below/file) 2>&1; rm -r /data/below 2>&1; echo >/etc/other; cat /etc/passwd | wc -l'
	[ "$(grep -c "Read-only file system" <<<"$output")" = 3 ]
	[ "${lines[3]}" = 2 ]
	[ -e "$BUNDLE/rootfs/etc/other" ]
}

@test "mounts below it as well" {
	add_mount tmpfs tmpfs /data/below
	readonly_paths /data
	inside '(echo >/data/below/file) 2>&1; cat /proc/self/mountinfo'
	[[ ${lines[0]} == *"Read-only file system"* ]]
	assert_mount_has options /data/below ro
}

@test "the mount's other options stay" {
	add_mount tmpfs tmpfs /data nosuid nodev noexec noatime
	readonly_paths /data
	inside 'cat /proc/self/mountinfo'
	assert_mount options /data ro,nosuid,nodev,noexec,noatime
}

@test "the host's own mount stays writable" {
	mkdir "$BATS_TEST_TMPDIR/data"
	bind "$BATS_TEST_TMPDIR/data" /data
	readonly_paths /data
	bundle_args sleep 100
	run_osless -0 run -d -b "$BUNDLE" "$ID"
	touch "$BATS_TEST_TMPDIR/data/file" "$BUNDLE/rootfs/file"
}

@test "the default ones of procfs" {
	inside 'for path in /proc/sys/kernel/domainname /proc/sys/net/ipv4/ip_forward /proc/sysrq-trigger /proc/irq/default_smp_affinity; do
		[ ! -e $path ] || (echo 0 >$path) 2>&1; done; true'
	[ ${#lines[@]} -ge 2 ]
	! grep -v "Read-only file system" <<<"$output" || fail "something could be written"
}

@test "missing ones are passed over" {
	readonly_paths /nowhere /no/where /etc/passwd/x /proc/nothing
	inside 'ls -d /nowhere /no 2>/dev/null; echo >/etc/new; echo ran'
	assert_output ran
}

@test "a symlink: what it points to inside the root" {
	mkdir "$BUNDLE/rootfs/real"
	ln -s /real "$BUNDLE/rootfs/absolute"
	ln -s ../../../../../../etc "$BUNDLE/rootfs/climbing"
	readonly_paths /absolute /climbing
	inside '(echo >/real/file) 2>&1; (echo >/etc/file) 2>&1; true'
	[ "$(grep -c "Read-only file system" <<<"$output")" = 2 ]
}

@test "also masked: nothing is to be seen" {
	mkdir "$BUNDLE/rootfs/data"
	touch "$BUNDLE/rootfs/data/file"
	readonly_paths /data
	bundle_config '.linux.maskedPaths = ["/data"]'
	inside 'ls -A /data'
	assert_output ""
}

@test "they hold after the program tries to take them away" {
	readonly_paths /etc
	inside 'umount /etc 2>/dev/null; mount -o remount,rw /etc 2>/dev/null; (echo >/etc/new) 2>&1 || true'
	[[ $output == *"Read-only file system"* ]]
}

@test "an empty list; a relative path is refused" {
	readonly_paths
	inside 'cat /proc/self/mountinfo'
	! mount_field type /proc/sys || fail "/proc/sys is read-only"
	readonly_paths etc
	refused 'linux.readonlyPaths[0]' etc
}
