# What the spec-*.bats files share: scripts run in the test's bundle, mounts added to it, and what
# mountinfo says of them. They prove a section of the OCI text from inside the container and from
# the host, each with what osless strips from it.

load helpers

# inside SCRIPT: runs it by the container's sh; it must succeed.
inside() {
	bundle_args sh -c "$1"
	run_osless -0 run -b "$BUNDLE" "$ID"
}

# refused WORD...: run fails with one line that has all these words, and leaves nothing.
refused() {
	local word
	run_osless -1 run -b "$BUNDLE" "$ID"
	assert_output ""
	for word in "$@"; do
		assert_one_line_error "$word"
	done
	run_osless -1 state "$ID"
	assert_one_line_error "does not exist"
	assert_nothing_left
}

# fails_inside PART SCRIPT: the script's stderr says why it failed.
fails_inside() {
	bundle_args sh -c "$2"
	run_osless ! run -b "$BUNDLE" "$ID"
	assert_stderr "$1"
}

# add_mount TYPE SOURCE DESTINATION [OPTION...]
add_mount() {
	bundle_config --arg type "$1" --arg source "$2" --arg destination "$3" \
		--argjson options "$(jq -nc '$ARGS.positional' --args -- "${@:4}")" \
		'.mounts += [{ $destination, $type, $source, $options }]'
}

# bind SOURCE DESTINATION [OPTION...]: the mounts below the source come along only with "rbind".
bind() {
	add_mount bind "$1" "$2" bind "${@:3}"
}

writable_root() {
	bundle_config '.root.readonly = false'
}

# policy_file JSON: becomes the host's policy; prints its path, for --policy.
policy_file() {
	printf '%s\n' "$1" >"$BATS_TEST_TMPDIR/policy.json"
	chmod 600 "$BATS_TEST_TMPDIR/policy.json"
	printf '%s\n' "$BATS_TEST_TMPDIR/policy.json"
}

# wrap_osless COMMAND...: from now on osless is called through that shell command, whose last word is
# exec, or what execs its arguments.
wrap_osless() {
	printf '#!/bin/bash\n%s "%s" "$@"\n' "$*" "$OSLESS" >"$BATS_TEST_TMPDIR/osless"
	chmod 755 "$BATS_TEST_TMPDIR/osless"
	OSLESS=$BATS_TEST_TMPDIR/osless
}

# mount_field FIELD PATH: of the last mount on PATH in $output, a mountinfo (proc(5)): root,
# options, propagation ("shared:1", ...; empty if private), type, super (the file system's options).
mount_field() {
	awk -v field="$1" -v path="$2" '
		$5 != path { next }
		{
			found = 1
			propagation = ""
			for (i = 7; $i != "-"; i++)
				propagation = propagation (i > 7 ? " " : "") $i
			value["root"] = $4
			value["options"] = $6
			value["propagation"] = propagation
			value["type"] = $(i + 1)
			value["super"] = $(i + 3)
		}
		END { if (!found) exit 1; print value[field] }' <<<"$output"
}

# assert_mount FIELD PATH VALUE
assert_mount() {
	local got
	got=$(mount_field "$1" "$2") || fail "nothing is mounted on $2"
	[ "$got" = "$3" ] || fail "$1 of $2 is \"$got\", not \"$3\""
}

# assert_mount_has FIELD PATH WORD...: among the comma-separated words of that field.
assert_mount_has() {
	local got word
	got=$(mount_field "$1" "$2") || fail "nothing is mounted on $2"
	for word in "${@:3}"; do
		[[ ,$got, == *",$word,"* ]] || fail "$1 of $2 are \"$got\", without $word"
	done
}

# host_mount COMMAND-LINE-OF-MOUNT...: whose last word is the place; unmounted after the test.
host_mount() {
	mount "$@"
	HOST_MOUNTS=("${@: -1}" "${HOST_MOUNTS[@]}")
}

unmount_host() {
	local place
	for place in "${HOST_MOUNTS[@]}"; do
		umount -l "$place" || true # a test may have done so
	done
}

teardown() {
	delete_containers
	unmount_host
	test_teardown
}
