# The session keyring: a new one, named for the container, unless --no-new-keyring is given. The
# payload may not ask for it, so these look with the system calls' policy off.

load helpers
load probe

setup() {
	test_setup
	"$PROBE" keyring >/dev/null || skip "no keyrings in this kernel"
	policy '{ "modes": { "syscalls": "off" } }'
}

@test "it is new, and bears the ID" {
	inside probe keyring
	[[ $output == keyring\;*\;_ses."$ID" ]] || fail "another keyring"
}

@test "the caller's is not the payload's" {
	bundle_args probe keyring
	"$PROBE" with-keyring "$ID-caller" "$OSLESS" --root "$ROOT" --policy "$POLICY" \
		run -b "$BUNDLE" "$ID" >"$BATS_TEST_TMPDIR/out"
	grep -q ";_ses.$ID$" "$BATS_TEST_TMPDIR/out"
}

@test "--no-new-keyring keeps the caller's" {
	bundle_args probe keyring
	"$PROBE" with-keyring "$ID-caller" "$OSLESS" --root "$ROOT" --policy "$POLICY" \
		run --no-new-keyring -b "$BUNDLE" "$ID" >"$BATS_TEST_TMPDIR/out"
	grep -q ";$ID-caller$" "$BATS_TEST_TMPDIR/out" || fail "$(<"$BATS_TEST_TMPDIR/out")"
}

@test "two containers have two" {
	local first
	policy '{ "modes": { "syscalls": "off" } }'
	inside probe call keyctl
	first=$output
	inside probe call keyctl
	[[ $first == "keyctl "[1-9]* ]]
	[ "$output" != "$first" ]
}

@test "with the built-in policy the payload has no keyctl" {
	unset POLICY
	inside probe call keyctl
	assert_output "keyctl EPERM"
}

@test "/proc/keys is masked" {
	inside sh -c 'wc -c </proc/keys'
	assert_output 0
}
