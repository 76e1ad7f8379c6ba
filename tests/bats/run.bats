# run: create, start, wait, delete.

load helpers

@test "the exit status is the program's" {
	local want
	for want in 0 1 7 127 255; do
		bundle_args sh -c "exit $want"
		run_osless "-$want" run -b "$BUNDLE" "$ID"
	done
}

@test "a signal that ended the program is 128 plus its number" {
	local name
	for name in TERM:143 KILL:137 SEGV:139; do
		# shellcheck disable=SC2016 # for the container's shell
		bundle_args sh -c "kill -${name%:*} \$\$"
		run_osless "-${name#*:}" run -b "$BUNDLE" "$ID"
	done
}

@test "standard input, output and error are the caller's" {
	bundle_args sh -c 'cat; echo err >&2'
	echo in | osless run -b "$BUNDLE" "$ID" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err"
	[ "$(<"$BATS_TEST_TMPDIR/out")" = in ]
	[ "$(<"$BATS_TEST_TMPDIR/err")" = err ]
}

@test "much output through a pipe arrives whole" {
	bundle_args sh -c 'seq 1 200000'
	[ "$(osless run -b "$BUNDLE" "$ID" | md5sum)" = "$(seq 1 200000 | md5sum)" ]
}

@test "the container is gone afterwards" {
	run_osless -0 run -b "$BUNDLE" "$ID"
	run_osless -1 state "$ID"
	assert_one_line_error "does not exist"
	run_osless -0 run -b "$BUNDLE" "$ID"
}

@test "keep: the container is stopped and stays" {
	bundle_args sh -c 'exit 4'
	run_osless -4 run --keep -b "$BUNDLE" "$ID"
	status_is "$ID" stopped
	run_osless -0 delete "$ID"
}

@test "detach: returns at once, the program goes on" {
	bundle_args sh -c 'sleep 0.3; echo late; exec sleep 100'
	run_osless -0 run --detach --pid-file "$BATS_TEST_TMPDIR/pid" -b "$BUNDLE" "$ID"
	status_is "$ID" running
	[ "$(<"$BATS_TEST_TMPDIR/pid")" = "$(osless state "$ID" | jq .pid)" ]
	wait_until 5 grep -qx late "$OUT"
	run_osless -0 delete --force "$ID"
}

@test "signals to run are passed on to the program" {
	bundle_args sh -c 'trap "echo term; exit 9" TERM; echo ready; while :; do sleep 0.05; done'
	osless run -b "$BUNDLE" --pid-file "$BATS_TEST_TMPDIR/pid" "$ID" >"$BATS_TEST_TMPDIR/out" </dev/null &
	local runner=$!
	wait_until 5 grep -qx ready "$BATS_TEST_TMPDIR/out"
	kill -TERM "$(pgrep -P "$runner" -f "run -b" || echo "$runner")"
	status=0
	wait "$runner" || status=$?
	[ $status = 9 ]
	grep -qx term "$BATS_TEST_TMPDIR/out"
}

@test "the program starts with default signal dispositions and an empty mask" {
	bundle_args grep -E '^Sig(Blk|Ign)' /proc/self/status # a shell would ignore SIGQUIT
	(
		trap '' PIPE USR1
		osless run -b "$BUNDLE" "$ID" >"$BATS_TEST_TMPDIR/out"
	)
	grep -Eqx $'SigBlk:\t0+' "$BATS_TEST_TMPDIR/out"
	grep -Eqx $'SigIgn:\t0+' "$BATS_TEST_TMPDIR/out"
}

@test "the program has no terminal, and is nobody" {
	bundle_args sh -c 'test -t 0 || echo no tty; id -u; id -g'
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_output $'no tty\n65534\n65534'
}

@test "children that the program leaves behind die with it" {
	bundle_args sh -c '(sleep 1000 & ) ; exit 5'
	run_osless -5 run -b "$BUNDLE" "$ID"
	assert_nothing_left
}

@test "an ID in use is refused" {
	bundle_args sleep 100
	run_osless -0 run -d -b "$BUNDLE" "$ID"
	run_osless -1 run -b "$BUNDLE" "$ID"
	assert_one_line_error "already exists"
	status_is "$ID" running
}

@test "no-subreaper is taken" {
	run_osless -0 run --no-subreaper -b "$BUNDLE" "$ID"
	run_osless -0 run -no-subreaper -b "$BUNDLE" "$ID"
}

@test "a cwd that is missing is made" {
	bundle_config '.process.cwd = "/srv/new/deep"'
	bundle_args pwd
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_output /srv/new/deep
}

@test "without a cgroup manager" {
	run_osless -0 --cgroup-manager disabled run -b "$BUNDLE" "$ID"
}

# vm.memfd_noexec belongs to the PID namespace (Linux 6.3), so only this one's is changed.
@test "where memfds may not be executed, the installed init runs, from a read-only mount" {
	local installed made=
	[ -e /proc/sys/vm/memfd_noexec ] || skip "this kernel has no vm.memfd_noexec"
	installed=$(strings -a "$OSLESS" | grep -m 1 '/libexec/osless/osless-init$')
	if [ ! -e "$installed" ]; then
		mkdir -p "$(dirname "$installed")"
		cp "$(dirname "$OSLESS")/osless-init" "$installed" || skip "neither installed nor beside osless"
		made=1
	fi
	bundle_args id -u
	run unshare --pid --fork --mount-proc sh -c \
		'echo 2 >/proc/sys/vm/memfd_noexec && exec "$0" "$@"' \
		"$OSLESS" --root "$ROOT" run -b "$BUNDLE" "$ID"
	[ -z "$made" ] || rm -r "$(dirname "$installed")"
	[ "$status" = 0 ] || fail "exit status $status: $output"
	[ "$output" = 65534 ] || fail "no output of the program: $output"
}
