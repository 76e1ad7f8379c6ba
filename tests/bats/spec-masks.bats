# linux.maskedPaths: what is there, and not to be seen.

load spec-helpers

# mask PATH...: instead of the default ones.
mask() {
	bundle_config --argjson paths "$(jq -nc '$ARGS.positional' --args -- "$@")" '.linux.maskedPaths = $paths'
}

@test "a file: empty, and what is written to it is gone" {
	echo secret >"$BUNDLE/rootfs/etc/secret"
	mask /etc/secret
	inside 'cat /etc/secret; echo new >/etc/secret; cat /etc/secret; [ -c /etc/secret ] && echo a device'
	assert_output "a device"
	[ "$(<"$BUNDLE/rootfs/etc/secret")" = secret ]
}

@test "a directory: empty, and nothing can be made in it" {
	mkdir -p "$BUNDLE/rootfs/secrets/below"
	echo secret >"$BUNDLE/rootfs/secrets/below/file"
	writable_root
	mask /secrets
	inside 'ls -A /secrets; cat /secrets/below/file 2>&1; mkdir /secrets/new 2>&1; cat /proc/self/mountinfo'
	[[ ${lines[0]} == *"No such file"* ]]
	[[ ${lines[1]} == *"Read-only file system"* ]]
	assert_mount_has options /secrets ro nosuid nodev noexec
	[ "$(<"$BUNDLE/rootfs/secrets/below/file")" = secret ]
}

@test "several: files and directories, one below another" {
	mkdir -p "$BUNDLE"/rootfs/{a/b,c}
	touch "$BUNDLE"/rootfs/{a/file,a/b/file,c/file,d}
	mask /a/b /a /c /d /c
	inside 'ls -A /a /c; cat /d; ls /a/b 2>&1 || true'
	[[ $output == *"/a/b: No such file"* ]]
	[[ $output != *file$'\n'* ]]
}

@test "the default ones of procfs and sysfs" {
	inside 'for path in /proc/kcore /proc/keys /proc/timer_list /proc/sched_debug; do
			[ ! -e $path ] || wc -c <$path; done
		for path in /proc/acpi /proc/scsi /sys/firmware; do [ ! -d $path ] || ls -A $path | wc -l; done'
	[ -n "$output" ]
	[[ $output =~ ^(0$'\n'?)+$ ]] || fail "something is to be seen"
}

@test "missing ones are passed over: a name, a directory, below a file" {
	mask /nowhere /no/where /etc/passwd/x /proc/nothing
	inside 'ls -d /nowhere /no 2>/dev/null; cat /etc/passwd | wc -l'
	assert_output 2
}

@test "a symlink: what it points to inside the root is masked, never the host's" {
	echo secret >"$BUNDLE/rootfs/etc/secret"
	ln -s /etc/secret "$BUNDLE/rootfs/absolute"
	ln -s ../../../../../../etc/group "$BUNDLE/rootfs/climbing"
	ln -s /nowhere "$BUNDLE/rootfs/dangling"
	mask /absolute /climbing /dangling
	inside 'cat /etc/secret /etc/group; wc -l </etc/passwd'
	assert_output 2
	[ -s /etc/group ]
}

@test "a mount is masked like the directory that it covers" {
	mkdir "$BATS_TEST_TMPDIR/data"
	echo secret >"$BATS_TEST_TMPDIR/data/file"
	bind "$BATS_TEST_TMPDIR/data" /data
	mask /data
	inside 'ls -A /data'
	assert_output ""
}

@test "masks hold after the program tries to take them away" {
	echo secret >"$BUNDLE/rootfs/etc/secret"
	mask /etc/secret
	inside 'umount /etc/secret 2>/dev/null; mount -t tmpfs none /etc 2>/dev/null; cat /etc/secret'
	assert_output ""
}

@test "an empty list masks nothing; a relative path is refused" {
	bundle_config '.linux.maskedPaths = []'
	inside 'cat /proc/self/mountinfo'
	! mount_field type /proc/kcore || fail "/proc/kcore is masked"
	mask etc/passwd
	refused 'linux.maskedPaths[0]' etc/passwd
}
