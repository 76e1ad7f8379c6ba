# plan: what a bundle becomes, without running anything.

load helpers

SAMPLES=${OSLESS_SAMPLES:-$BATS_TEST_DIRNAME/../samples}

@test "text: the plan and a report with reasons" {
	bundle_config '.process.terminal = true'
	run_osless -0 plan -b "$BUNDLE"
	[[ $output == *terminal* ]]
	[[ $output == *stripped* ]]
	[[ $output == *65534* ]]
}

@test "json: one document" {
	run_osless -0 plan --format json -b "$BUNDLE"
	jq -es 'length == 1' <<<"$output"
}

@test "the bundle: argument, option or current directory" {
	local expected
	run_osless -0 plan -f json -b "$BUNDLE"
	expected=$output
	run_osless -0 plan -f json "$BUNDLE"
	assert_output "$expected"
	cd "$BUNDLE"
	run_osless -0 plan -f json
	assert_output "$expected"
	run_osless -1 plan -b "$BUNDLE" /other
	assert_one_line_error 'two bundles'
}

@test "nothing is run or left: no hook, no state, no cgroup" {
	# shellcheck disable=SC2016 # jq's variable
	bundle_config --arg file "$BATS_TEST_TMPDIR/ran" '.hooks = { prestart: [{ path: "/usr/bin/touch", args: ["touch", $file] }] }'
	run_osless -0 plan -b "$BUNDLE"
	run_osless -0 plan --id "$ID" "$BUNDLE"
	[ ! -e "$BATS_TEST_TMPDIR/ran" ]
	assert_nothing_left
}

@test "any user may ask" {
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR"
	setpriv --reuid 65534 --regid 65534 --clear-groups test -x "$OSLESS" -a -r "$BUNDLE/config.json" ||
		skip "osless or the test's directory is not readable to others"
	setpriv --reuid 65534 --regid 65534 --clear-groups env -i "$OSLESS" plan "$BUNDLE"
}

@test "a program that does not exist is no obstacle: the root file system is not looked at" {
	bundle_args /nonexistent
	rm -r "$BUNDLE/rootfs"
	run_osless -0 plan "$BUNDLE"
}

@test "a config that cannot be read, or cannot be meant" {
	run_osless -1 plan /nonexistent
	assert_one_line_error "/nonexistent"
	bundle_config '.linux.namespaces += [{ type: "quantum" }]'
	run_osless -1 plan "$BUNDLE"
	assert_one_line_error "quantum"
	assert_output ""
}

@test "every sample of an engine passes" {
	local sample
	compgen -G "$SAMPLES/*.config.json" >/dev/null || skip "no samples: set OSLESS_SAMPLES"
	for sample in "$SAMPLES"/*.config.json; do
		cp "$sample" "$BUNDLE/config.json"
		run_osless -0 plan --format json "$BUNDLE"
		jq -e . <<<"$output" >/dev/null || fail "${sample##*/}: not JSON"
	done
}
