# The cache of compiled profiles below the root: what comes from it, what heals, and who passes it over.
# A root of its own for each test.

load helpers

setup() {
	test_setup
	ROOT=$BATS_FILE_TMPDIR/r$BATS_TEST_NUMBER
	CACHE=$ROOT/.profiles
	# shellcheck disable=SC2016 # jq's
	bundle_config --slurpfile other "$HELPERS_DIR/../samples/docker-seccomp.config.json" \
		'.linux.seccomp = $other[0].linux.seccomp'
	bundle_args grep -E '^Seccomp(_filters)?:' /proc/self/status
}

# run_and_say WHAT: a container whose debug lines tell this of its profile, and that has its filters.
run_and_say() {
	run_osless -0 --debug run -b "$BUNDLE" "$ID"
	assert_stderr "linux.seccomp: $1"
	[[ $output == *$'Seccomp:\t2\n'* ]] || fail "no filter"
}

cached_files() {
	find "$CACHE" -type f
}

@test "compiled once, and then from the cache: create and run alike" {
	run_and_say "compiled, and into the cache"
	[ "$(stat -c %a:%u "$CACHE")" = 700:0 ]
	[ "$(cached_files | wc -l)" = 1 ]
	[ "$(stat -c %a:%u:%h "$(cached_files)")" = 600:0:1 ]
	run_and_say "from the cache"
	run_osless -0 --debug create -b "$BUNDLE" "$ID"
	assert_stderr "linux.seccomp: from the cache"
	[[ $stderr != *"linux.seccomp: compiled"* ]]
	[ "$(cached_files | wc -l)" = 1 ]
}

@test "from the cache it is the same filter" {
	local first
	run_osless -0 create -b "$BUNDLE" "$ID-a"
	run_osless -0 create -b "$BUNDLE" "$ID-b"
	first=$(sed "s/$ID-a/$ID-b/g" "$ROOT/$ID-a/plan" | sha256sum)
	[ "$(sha256sum <"$ROOT/$ID-b/plan")" = "$first" ] || fail "the plans differ"
}

@test "another profile has a file of its own; none needs none" {
	run_and_say "compiled, and into the cache"
	bundle_config '.linux.seccomp.syscalls += [ { names: [ "reboot" ], action: "SCMP_ACT_LOG" } ]'
	run_and_say "compiled, and into the cache"
	[ "$(cached_files | wc -l)" = 2 ]
	rm -r "$CACHE"
	bundle_config 'del(.linux.seccomp)'
	run_osless -0 --debug run -b "$BUNDLE" "$ID"
	[[ $stderr != *"linux.seccomp: "* ]]
	[ ! -e "$CACHE" ]
}

@test "a damaged file heals" {
	local file
	run_and_say "compiled, and into the cache"
	file=$(cached_files)
	truncate -s 1000 "$file"
	run_and_say "cached file ${file##*/} is not used: it is damaged"
	run_and_say "from the cache"
	printf x | dd of="$file" bs=1 seek=2000 conv=notrunc status=none
	run_and_say "cached file ${file##*/} is not used: it is damaged"
	run_and_say "from the cache"
	: >"$file"
	run_and_say "cached file ${file##*/} is not used: it is cut off"
	run_and_say "from the cache"
}

@test "what others may have written is not used" {
	local file
	run_and_say "compiled, and into the cache"
	file=$(cached_files)
	chown 65534 "$file"
	run_and_say "cached file ${file##*/} is not used: others could have written it"
	[ "$(stat -c %u "$file")" = 0 ]
	mv "$file" "$BATS_TEST_TMPDIR/file"
	ln -s "$BATS_TEST_TMPDIR/file" "$file"
	run_and_say "cached file ${file##*/} is not used: it cannot be opened"
	[ ! -L "$file" ]
	chown 65534 "$CACHE"
	run_and_say "compiled without the cache"
	chown 0 "$CACHE"
	run_and_say "from the cache"
}

@test "20 creates at once" {
	local i pids=()
	for ((i = 0; i < 20; i++)); do
		osless create -b "$BUNDLE" "$ID-$i" </dev/null >/dev/null 2>"$BATS_TEST_TMPDIR/err.$i" &
		pids+=($!)
	done
	for i in "${!pids[@]}"; do
		wait "${pids[$i]}" || fail "$(cat "$BATS_TEST_TMPDIR/err.$i")"
	done
	[ "$(cached_files | wc -l)" = 1 ]
	run_osless -0 list -q
	[ ${#lines[@]} = 20 ]
	run_and_say "from the cache"
}

@test "it is no container: for no verb, and no container has its name" {
	local verb
	run_and_say "compiled, and into the cache"
	for verb in create run; do
		run_osless -1 $verb -b "$BUNDLE" .profiles
		assert_one_line_error "not a dot first"
	done
	for verb in start state delete "delete --force" kill exec tree explain; do
		# shellcheck disable=SC2086 # words
		run_osless ! $verb .profiles
	done
	run_osless -0 list -q
	assert_output ""
	run_osless -0 list -f json
	jq -e '. == []' <<<"$output"
	run_osless -0 metrics
	[[ $output != *profiles* ]]
	run_and_say "from the cache"
}

@test "plan neither uses nor makes it" {
	run_osless -0 --debug plan "$BUNDLE"
	[[ $stderr != *cache* ]]
	[ ! -e "$CACHE" ]
}

@test "a profile with an error is refused each time, and not kept" {
	local i
	bundle_config '.linux.seccomp.syscalls[0].action = "SCMP_ACT_SMILE"'
	for i in 1 2; do
		run_osless -1 create -b "$BUNDLE" "$ID"
		assert_one_line_error SCMP_ACT_SMILE
	done
	[ -z "$(cached_files)" ]
}
