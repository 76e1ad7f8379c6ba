# osless under Debian's containerd, by ctr's verbs.

load engines

ENGINE_NAME=containerd

setup_file() {
	engine_needs containerd ctr containerd-shim-runc-v2 || return 0
	start_containerd
	make_image "$ENGINE/image.tar" $IMAGE /bin/sh
	engine image import --no-unpack "$ENGINE/image.tar"
}

teardown_file() {
	stop_containerd
}

# The shim puts its namespace below the root that it is given.
setup() {
	engine_setup "${ENGINE:-}/runtime/$TAG"
	CGROUP=$ID
	! by_systemd || CGROUP=system.slice/ctr-$ID.scope
}

teardown() {
	engine_teardown
}

engine_clean() {
	local id
	for id in $(engine container list --quiet); do
		engine task delete --force "$id" >/dev/null 2>&1 || true # most tests have
		engine container delete "$id" >/dev/null 2>&1 || true
	done
}

# ctr_run [OPTION...] -- [PROGRAM ARGUMENT...]: `ctr run` of the container CONTAINER, else the test's.
ctr_run() {
	local options=() image=${CTR_IMAGE:-$IMAGE} id=${CONTAINER:-$ID}
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	# shellcheck disable=SC2046 # words
	engine run --runtime io.containerd.runc.v2 --runc-binary "$RUNTIME_PROGRAM" \
		--runc-root "$ENGINE/runtime" $(cgroup_options "$id") "${options[@]}" "$image" "$id" "$@"
}

# cgroup_options ID: ctr's.
cgroup_options() {
	if by_systemd; then
		echo --runc-systemd-cgroup --cgroup "system.slice:ctr:$1"
	else
		echo --cgroup "/$1"
	fi
}

task_is() {
	engine task list | grep -Eq "^$ID +[0-9]+ +$1"
}

# kill_task [SIGNAL]: and waits for its end.
kill_task() {
	run_engine -0 engine task kill --signal "${1:-SIGKILL}" "$ID"
	wait_until 10 task_is STOPPED
}

# detach [OPTION...] -- PROGRAM [ARGUMENT...]
detach() {
	run_engine -0 ctr_run --detach "$@"
	wait_until 10 task_is RUNNING
}

# bats test_tags=vm
@test "run: output and exit status come back" {
	run_engine -7 ctr_run --rm -- sh -c 'echo to stdout; echo to stderr >&2; exit 7'
	assert_output "to stdout"
	assert_stderr "to stderr"
}

@test "run: a successful one leaves nothing" {
	run_engine -0 ctr_run --rm -- true
	assert_nothing_left
}

@test "run: a missing program is an error that names it" {
	run_engine ! ctr_run --rm -- no-such-program
	assert_stderr no-such-program
	assert_stderr "executable file not found in \$PATH"
}

@test "run -t" {
	local command
	command=$(printf '%q ' ctr --address "$ENGINE/sock" --namespace "$TAG" run --rm -t --snapshotter native \
		$(cgroup_options "$ID") --runc-binary "$RUNTIME_PROGRAM" --runc-root "$ENGINE/runtime" $IMAGE "$ID" tty -s)
	if ! is_osless; then
		run_engine -0 script -qec "$command" /dev/null
		return
	fi
	run_engine ! script -qec "$command" /dev/null
	[[ $output == *"terminals are not supported: run without -t"* ]] || fail "another answer"
	run_engine -0 ctr_run --rm -- true
	refused_by_design "no -t"
}

# bats test_tags=vm
@test "run: limits of memory and CPU reach the cgroup" {
	detach --memory-limit 33554432 --cpus 0.5 -- sleep 1000
	[ "$(cgroup_file memory memory.limit_in_bytes memory.max "$CGROUP")" = 33554432 ]
	[[ $(cgroup_file cpu cpu.cfs_quota_us cpu.max "$CGROUP") == 50000* ]]
	kill_task
}

@test "run --seccomp: the engine's default profile" {
	run_engine -0 ctr_run --rm --seccomp -- sh -c 'grep Seccomp: /proc/self/status; echo works'
	assert_output $'Seccomp:\t2\nworks'
}

@test "run --read-only" {
	run_engine ! ctr_run --rm --read-only -- sh -c 'echo >/new'
	assert_stderr "Read-only file system"
}

@test "run --rootfs: a directory" {
	cp -a "$BATS_FILE_TMPDIR/rootfs" "$BATS_TEST_TMPDIR/own"
	echo here >"$BATS_TEST_TMPDIR/own/marker"
	CTR_IMAGE=$BATS_TEST_TMPDIR/own run_engine -0 ctr_run --rm --rootfs -- /bin/cat /marker
	assert_output here
}

@test "run -d: it is killed, and deleted with the status of the signal" {
	detach -- sleep 1000
	kill_task
	run_engine -0 engine task delete "$ID"
	assert_stderr "exit code 137"
	run_engine -0 engine container delete "$ID"
	assert_nothing_left
}

@test "kill: SIGTERM is passed on to the payload" {
	detach -- sh -c 'trap "exit 5" TERM; while :; do sleep 0.1; done'
	sleep 0.5 # the shell sets its trap
	kill_task SIGTERM
	run_engine -0 engine task delete "$ID"
	assert_stderr "exit code 5"
}

@test "run -d: a task that ends by itself is seen as stopped, with its status" {
	run_engine -0 ctr_run --detach -- sh -c 'exit 3'
	wait_until 10 task_is STOPPED
	run_engine -0 engine task delete "$ID"
	assert_stderr "exit code 3"
}

# bats test_tags=vm
@test "task delete --force: a running one" {
	detach -- sleep 1000
	run_engine engine task delete --force "$ID"
	run_engine -0 engine container delete "$ID"
	assert_nothing_left
}

@test "exec: output and exit status come back" {
	detach -- sleep 1000
	run_engine -6 engine task exec --exec-id one "$ID" sh -c 'echo hi; exit 6'
	assert_output hi
	run_engine ! engine task exec --exec-id two "$ID" no-such-program
	assert_stderr "executable file not found in \$PATH"
	kill_task
}

# bats test_tags=vm
@test "exec: what it leaves dies" {
	detach -- sleep 1000
	run_engine -0 engine task exec --exec-id one "$ID" sh -c 'sleep 1000 & exit 0'
	wait_until 5 processes_are 1 "$CGROUP" || fail "something is left"
	kill_task
}

@test "task metrics" {
	detach -- sleep 1000
	run_engine -0 engine task metrics --format json "$ID"
	jq -e '[.. | objects | (.usage?, .pids?, .memory?) | objects] != []' <<<"$output" >/dev/null ||
		fail "no metrics"
	kill_task
}

@test "task ps" {
	detach -- sh -c 'sleep 1000 & wait'
	wait_until 5 processes_are 2 "$CGROUP"
	run_engine -0 engine task ps "$ID"
	[ "$(grep -c '^[0-9]' <<<"$output")" -ge 2 ] || fail "not the two processes"
	kill_task
}

@test "task pause, resume" {
	detach -- sleep 1000
	run_engine -0 engine task pause "$ID"
	wait_until 5 task_is PAUSED
	run_engine -0 engine task resume "$ID"
	wait_until 5 task_is RUNNING
	kill_task
}

run_one() {
	CONTAINER=$ID-$1
	ctr_run --rm -- sh -c "echo out $1; exit $1" || [ $? = "$1" ] || return 1
	grep -qx "out $1" "$BATS_TEST_TMPDIR/job.$1"
}

@test "20 in parallel, and nothing is left" {
	parallel 20 run_one
	assert_nothing_left
}
