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

@test "options of create are those of its plan" {
	output=$("$OSLESS" plan --no-pivot --no-new-keyring --preserve-fds 2 -b "$BUNDLE" -f json 3</dev/null 4</dev/null)
	jq -e '.plan | .no_pivot and (.new_keyring | not) and .preserve_fds == 2' <<<"$output"
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
		run_osless -0 --cgroup-manager cgroupfs plan --format json "$BUNDLE" # whose paths they have
		jq -e . <<<"$output" >/dev/null || fail "${sample##*/}: not JSON"
	done
}

@test "a declared tree is shown, with the file that it comes from" {
	cat >"$BUNDLE/tree.json" <<-'EOF'
		{ "strategy": "rest_for_one", "children": [
			{ "id": "web", "args": ["httpd", "-f"], "env": ["PORT=80"], "shutdown": "2m" },
			{ "id": "jobs", "supervisor": { "intensity": 0, "children": [{ "id": "main" }] } } ] }
	EOF
	run_osless -0 plan -f json "$BUNDLE"
	jq -e '.plan.tree | .declared and .main == 3 and [.children[].id] == ["root", "web", "jobs", "main"]' <<<"$output"
	jq -e '.plan.tree.children[1] | .shutdown_ms == 120000 and .args == ["httpd", "-f"]' <<<"$output"
	jq -e '.plan.tree.children[1].env | index("PORT=80") and length > 1' <<<"$output"
	jq -e '.report[] | select(.what == "tree.json") | .kind == "kept" and .to == "2 workers, 2 supervisors"' <<<"$output"
}

@test "a tree that cannot be meant: document, place and cure" {
	echo '{ "children": [{ "id": "a", "args": ["x"] }, { "id": "a", "args": ["y"] }] }' >"$BUNDLE/tree.json"
	run_osless -1 plan "$BUNDLE"
	assert_one_line_error "$BUNDLE/tree.json: children[1].id: \"a\" is taken by children[0]"
	bundle_config '.annotations["dev.osless.tree"] = "{\"children\":[{\"id\":\"a\"}]}"'
	run_osless -1 plan "$BUNDLE"
	assert_one_line_error 'config.json: annotations[dev.osless.tree]: children[0].args: missing'
}

@test "short forms, and the annotation before the file" {
	bundle_config '.annotations += { "dev.osless.restart": "transient", "dev.osless.backoff": "0.1s..5s" }'
	run_osless -0 plan -f json "$BUNDLE"
	jq -e '.plan.tree | .declared and .children[0].backoff_max_ms == 5000 and .children[1].restart == "transient"' <<<"$output"
	bundle_config '.annotations = { "dev.osless.tree": "{\"children\":[{\"id\":\"main\"}]}" }'
	echo nonsense >"$BUNDLE/tree.json"
	run_osless -0 plan "$BUNDLE"
	[[ $output == *"warning      tree.json"* ]]
}

@test "the example of osless-tree(7) works" {
	local page=$BATS_TEST_DIRNAME/../../man/osless-tree.7
	# The first example: what stands between .EX and .EE in that section.
	sed -n '/^\.SH EXAMPLES/,$p' "$page" | sed -n '/^\.EX/,/^\.EE/p;/^\.EE/q' | sed '/^\./d; s/\\-/-/g' >"$BUNDLE/tree.json"
	jq -e '.children | length == 2' "$BUNDLE/tree.json"
	run_osless -0 plan "$BUNDLE"
}
