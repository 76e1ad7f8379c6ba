# spec: a config.json to start from.

load helpers

@test "writes a valid config that runs as it is" {
	rm "$BUNDLE/config.json"
	cd "$BUNDLE"
	run_osless -0 spec
	assert_output ""
	jq -e '.ociVersion and .process.args and .root.path and .linux.namespaces' config.json
	jq -e '.process.terminal != true' config.json
	run_osless -0 run "$ID"
}

@test "bundle: writes it there" {
	rm "$BUNDLE/config.json"
	run_osless -0 spec -b "$BUNDLE"
	jq -e .ociVersion "$BUNDLE/config.json"
}

@test "a config that exists is not touched" {
	local before
	before=$(md5sum "$BUNDLE/config.json")
	run_osless -1 spec -b "$BUNDLE"
	assert_one_line_error "config.json exists already: remove it first"
	[ "$(md5sum "$BUNDLE/config.json")" = "$before" ]
}

@test "a symlink is not followed" {
	rm "$BUNDLE/config.json"
	ln -s "$BATS_TEST_TMPDIR/elsewhere" "$BUNDLE/config.json"
	run_osless -1 spec -b "$BUNDLE"
	[ ! -e "$BATS_TEST_TMPDIR/elsewhere" ]
}

@test "a bundle that does not exist" {
	run_osless -1 spec -b /nonexistent
	assert_one_line_error "/nonexistent: no such file or directory"
}

@test "rootless: a user namespace with the caller's ids" {
	rm "$BUNDLE/config.json"
	run_osless -0 spec --rootless -b "$BUNDLE"
	jq -e 'any(.linux.namespaces[]; .type == "user")' "$BUNDLE/config.json"
	jq -e --argjson uid "$(id -u)" '.linux.uidMappings == [{ containerID: 0, hostID: $uid, size: 1 }]' \
		"$BUNDLE/config.json"
}

@test "no space: nothing is left behind" {
	mkdir "$BATS_TEST_TMPDIR/full"
	mount -t tmpfs -o size=4k,nr_inodes=8 none "$BATS_TEST_TMPDIR/full"
	dd if=/dev/zero of="$BATS_TEST_TMPDIR/full/fill" bs=4k count=1 2>/dev/null
	run_osless -1 spec -b "$BATS_TEST_TMPDIR/full"
	assert_one_line_error "no space left on device"
	[ ! -e "$BATS_TEST_TMPDIR/full/config.json" ]
	umount "$BATS_TEST_TMPDIR/full"
}
