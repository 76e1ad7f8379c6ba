# Everything that can go wrong on the way, and nothing is left: each row of create's and init's
# tables fails in turn, and so do the kernel, the disk and the clock.
#
# The rows need a build with --enable-fault-injection: OSLESS_FAULTS is its directory. Their names
# are read out of the sources, so that a new row is tested without a word here.

load helpers
load probe

SOURCES=$HELPERS_DIR/../../src

setup() {
	test_setup
	PID_FILE=$BATS_TEST_TMPDIR/pid
}

# rows FILE TABLE: the names in its first column, a line each.
rows() {
	sed -n "/} $2\\[\\] = {/,/^};/p" "$SOURCES/$1" | sed -n 's/^\t*{ "\([^"]\+\)",.*/\1/p'
}

# use_faults: from here on osless is the build that can be made to fail.
use_faults() {
	[ -z "${OSLESS_FAULTS:-}" ] || OSLESS=$(realpath "$OSLESS_FAULTS/osless")
	OSLESS_FAIL="create:state directory" run_osless create -b "$BUNDLE" "$ID"
	[[ $stderr == *"injected failure"* ]] ||
		skip "no --enable-fault-injection in ${OSLESS_FAULTS:-$OSLESS}: set OSLESS_FAULTS"
}

# failed_cleanly WORD...: the last command; one line with these words, and nothing is left.
failed_cleanly() {
	local word
	[ "$status" = 1 ] || fail "exit status $status, want 1" || return 1
	[ -n "$stderr" ] && assert_one_line_error osless || return 1
	for word in "$@"; do
		assert_one_line_error "$word" || return 1
	done
	[ ! -e "$PID_FILE" ] || fail "the pid file is left" || return 1
	[ ! -e "$ROOT/$ID" ] || fail "the state directory is left" || return 1
	[ -z "$(list_container_cgroups)" ] || fail "cgroups are left" || return 1
	assert_nothing_left
}

# clean_or_done: the last create either did it, and is deleted, or failed without a trace.
clean_or_done() {
	if [ "$status" = 0 ]; then
		run_osless -0 delete --force "$ID"
		rm -f "$PID_FILE"
	else
		failed_cleanly || return 1
	fi
}

create() {
	run_osless "$@" create --pid-file "$PID_FILE" -b "$BUNDLE" "$ID"
}

# ------------------------------------------------------------------------------------ each row

@test "the tables are found in the sources" {
	[ "$(rows container/create.c create_steps | wc -l)" -ge 8 ]
	[ "$(rows init/steps.c init_steps | wc -l)" -ge 12 ]
	[ "$(rows init/launch.c launch_steps | wc -l)" -ge 15 ]
	[ "$(rows container/exec.c exec_steps | wc -l)" -ge 10 ]
	[ "$(rows init/join.c join_steps | wc -l)" -ge 6 ]
	rows container/create.c create_steps | grep -qx "status"
	rows init/steps.c init_steps | grep -qx "new root"
}

# each_row_fails SIDE FILE TABLE VERB
each_row_fails() {
	local name
	use_faults
	rows "$2" "$3" >"$BATS_TEST_TMPDIR/rows"
	while read -r name <&9; do
		OSLESS_FAIL="$1:$name" run_osless "$4" --pid-file "$PID_FILE" -b "$BUNDLE" "$ID"
		failed_cleanly "$name" "injected failure" || fail "row $name" || return 1
	done 9<"$BATS_TEST_TMPDIR/rows"
}

@test "create: each row of the host's table fails, and nothing is left" {
	each_row_fails create container/create.c create_steps create
}

@test "create: each row of init's table fails, and nothing is left" {
	each_row_fails init init/steps.c init_steps create
}

@test "run: each row of the way to the payload fails, and nothing is left" {
	each_row_fails launch init/launch.c launch_steps run
}

@test "run: each row of the host's table fails, and nothing is left" {
	each_row_fails create container/create.c create_steps run
}

@test "run: each row of init's table fails, and nothing is left" {
	each_row_fails init init/steps.c init_steps run
}

# More to undo: hooks, a user namespace, cgroups with new parents.
@test "each row of both tables, in a container that has everything" {
	use_faults
	user_namespace 200000 65536
	by_systemd || bundle_config --arg path "/$ID/a/b" '.linux.cgroupsPath = $path'
	bundle_config --arg source "$BATS_TEST_TMPDIR" '
		.linux.sysctl = { "net.ipv4.ip_unprivileged_port_start": "77" } |
		.linux.resources.memory = { limit: 100000000 } |
		.mounts += [ { destination: "/tmp", type: "bind", source: $source, options: [ "rbind" ] } ] |
		.hooks = { createRuntime: [ { path: "/bin/true" } ], createContainer: [ { path: "/bin/true" } ] }'
	OSLESS_FAIL=none create -0
	run_osless -0 delete "$ID"
	list_container_cgroups | sort -r | xargs -r rmdir
	rm "$PID_FILE"
	each_row_fails create container/create.c create_steps create
	each_row_fails init init/steps.c init_steps create
}

# count_members: processes in the container's cgroups.
count_members() {
	cat "$(list_container_cgroups | head -n 1)/cgroup.procs" | wc -l
}

members_are() {
	[ "$(count_members)" = "$1" ]
}

# each_exec_row_fails SIDE FILE TABLE: and the container goes on as it was.
each_exec_row_fails() {
	local name before
	before=$(count_members)
	rows "$2" "$3" >"$BATS_TEST_TMPDIR/rows"
	while read -r name <&9; do
		OSLESS_FAIL="$1:$name" run_osless -255 exec -d --pid-file "$BATS_TEST_TMPDIR/exec.pid" \
			"$ID" sleep 1000
		assert_one_line_error "injected failure" || fail "row $name" || return 1
		[ ! -e "$BATS_TEST_TMPDIR/exec.pid" ] || fail "row $name: the pid file is left" || return 1
		wait_until 2 members_are "$before" || fail "row $name: a process is left" || return 1
	done 9<"$BATS_TEST_TMPDIR/rows"
	run_osless -9 exec "$ID" sh -c 'exit 9'
	status_is "$ID" running
}

@test "exec: each row of all three tables fails, and the container goes on as it was" {
	use_faults
	bundle_args sleep 1000
	OSLESS_FAIL=none run_osless -0 run -d -b "$BUNDLE" "$ID"
	each_exec_row_fails exec container/exec.c exec_steps
	each_exec_row_fails join init/join.c join_steps
	each_exec_row_fails launch init/launch.c launch_steps
}

@test "exec without a PID namespace, the same" {
	use_faults
	no_namespace pid
	bundle_args sleep 1000
	OSLESS_FAIL=none run_osless -0 run -d -b "$BUNDLE" "$ID"
	each_exec_row_fails exec container/exec.c exec_steps
	each_exec_row_fails join init/join.c join_steps
	each_exec_row_fails launch init/launch.c launch_steps
}

@test "a failure leaves another container alone" {
	use_faults
	bundle_args sleep 100
	run_osless -0 run -d -b "$BUNDLE" "$ID-other"
	OSLESS_FAIL="init:new root" run_osless -1 create -b "$BUNDLE" "$ID"
	status_is "$ID-other" running
}

@test "an unknown row fails nothing" {
	use_faults
	OSLESS_FAIL=create:nonsense run_osless -0 run -b "$BUNDLE" "$ID"
}

# -------------------------------------------------------------------------------- the surroundings

@test "disk full on the state root, at any point" {
	local full=$BATS_TEST_TMPDIR/full size sizes=() failed=0 program
	mkdir "$full"
	program=$(($(stat -c %s "$OSLESS") / 4096 * 4 + 4)) # KiB of the copy that is kept
	for size in {1..9}; do
		sizes+=("size=64m,nr_inodes=$size")
	done
	for size in -$((program / 2)) -4 0 4 8 12 16 20 24 32 48 64; do
		sizes+=("size=$((program + size))k,nr_inodes=100")
	done
	for size in "${sizes[@]}"; do
		mount -t tmpfs -o "$size" none "$full"
		ROOT=$full create
		if [ "$status" = 0 ]; then
			ROOT=$full run_osless -0 delete --force "$ID"
		else
			failed=$((failed + 1))
			assert_one_line_error "no space left on device" || umount "$full"
		fi
		[ -z "$(ls "$full")" ] || fail "$size: $(ls -R "$full")"
		umount "$full"
		rm -f "$PID_FILE"
	done
	[ $failed -ge 3 ]
	[ "$status" = 0 ] || fail "64 KiB are not enough"
	assert_nothing_left
}

@test "the state root is read-only" {
	local place=$BATS_TEST_TMPDIR/ro
	mkdir "$place"
	mount -t tmpfs -o ro none "$place"
	ROOT=$place create
	umount "$place"
	failed_cleanly "read-only file system"
}

@test "the pid file cannot be written" {
	run_osless create --pid-file /nonexistent/pid -b "$BUNDLE" "$ID"
	failed_cleanly /nonexistent/pid "no such file or directory"
	run_osless create --pid-file /proc/pid -b "$BUNDLE" "$ID"
	failed_cleanly /proc/pid
}

@test "a cgroup hierarchy that cannot be written" {
	local mount kind='cgroup '
	! is_v2 || kind=cgroup2
	for mount in $(grep " - $kind" /proc/self/mountinfo | cut -d' ' -f5); do
		status=0
		stderr=$(OSLESS_TEST=$ID unshare -m sh -c 'mount -o remount,bind,ro "$1" && shift && exec "$@"' sh \
			"$mount" "$OSLESS" --root "$ROOT" create --pid-file "$PID_FILE" -b "$BUNDLE" "$ID" \
			2>&1 >/dev/null </dev/null) || status=$?
		failed_cleanly cgroup "read-only file system" || fail "$mount" || return 1
	done
}

@test "no cgroup hierarchy at all" {
	status=0
	stderr=$(OSLESS_TEST=$ID unshare -m sh -c 'umount -R /sys/fs/cgroup && exec "$@"' sh \
		"$OSLESS" --root "$ROOT" create --pid-file "$PID_FILE" -b "$BUNDLE" "$ID" \
		2>&1 >/dev/null </dev/null) || status=$?
	failed_cleanly cgroup
}

@test "memory limits from none to enough" {
	local kib
	need_controller memory
	for kib in 4 16 32 64 96 128 192 256 384 512 768 1024; do
		bundle_config ".linux.resources.memory = { limit: $((kib * 1024)) }"
		create
		[ "$status" = 0 ] || failed_cleanly memory || fail "$kib KiB"
		clean_or_done || fail "$kib KiB"
	done
	[ "$status" = 0 ] || fail "1 MiB is not enough"
}

@test "pids limits from the lowest" {
	local limit
	need_controller pids
	for limit in 1 2 3; do
		bundle_config ".linux.resources.pids = { limit: $limit }"
		run_osless run -b "$BUNDLE" "$ID"
		[ "$status" = 0 ] || failed_cleanly || fail "limit $limit"
	done
	[ "$status" = 0 ] || fail "3 are not enough for one program"
}

# create_limited PRLIMIT-OPTION: under a limit of its own.
create_limited() {
	status=0
	OSLESS_TEST=$ID timeout -k 1 "$OSLESS_TIMEOUT" prlimit "$1" "$OSLESS" --root "$ROOT" create \
		--pid-file "$PID_FILE" -b "$BUNDLE" "$ID" \
		</dev/null >/dev/null 2>"$BATS_TEST_TMPDIR/err" 3>&- 4>&- || status=$?
	stderr=$(<"$BATS_TEST_TMPDIR/err")
}

# The sanitizers take address space and descriptors of their own.
need_plain_build() {
	! grep -q __asan_init "$OSLESS" || skip "a build with sanitizers"
}

@test "file descriptors from 3 to 40" {
	local limit failed=0
	need_plain_build
	for limit in {3..40}; do
		create_limited "--nofile=$limit:$limit"
		# With so few a loader has none for libraries: its failure, its status.
		[ "$status" != 127 ] || [ "$limit" -gt 4 ] || continue
		failed=$((failed + (status != 0)))
		clean_or_done || fail "ulimit -n $limit: $stderr" || return 1
	done
	[ $failed -gt 3 ]
	[ "$status" = 0 ] || fail "40 are not enough"
}

@test "address space from too little to enough" {
	local kib lived=0
	need_plain_build
	for kib in {1000..12000..500}; do
		create_limited "--as=$((kib * 1024))"
		# Where not even its image fits, exec or the loader fails: not osless' words.
		if [ $lived = 0 ] && { [ "$status" = 139 ] || [ "$status" = 127 ]; }; then
			[ ! -e "$ROOT/$ID" ] || fail "$kib KiB: the state directory is left"
			continue
		fi
		lived=1
		clean_or_done || fail "ulimit -v $kib: $stderr" || return 1
	done
	[ "$status" = 0 ] || fail "12 MB are not enough"
}

# no_trace: what clean_or_done asks, but for processes: others of the test are at work.
no_trace() {
	if [ "$status" = 0 ]; then
		run_osless -0 delete --force "$ID"
		rm -f "$PID_FILE"
	else
		assert_one_line_error osless || return 1
	fi
	[ ! -e "$PID_FILE" ] || fail "the pid file is left" || return 1
	[ ! -e "$ROOT/$ID" ] || fail "the state directory is left" || return 1
	[ -z "$(list_container_cgroups)" ] || fail "cgroups are left: $(list_container_cgroups)"
}

@test "the rootfs vanishes and comes back meanwhile" {
	local i mover failed=0
	mkdir "$BUNDLE/other"
	"$PROBE" exchange "$BUNDLE/rootfs" "$BUNDLE/other" 3>&- 4>&- &
	mover=$!
	for ((i = 0; i < 60; i++)); do
		create
		failed=$((failed + (status != 0)))
		no_trace || fail "round $i" || break
	done
	kill $mover
	wait $mover 2>/dev/null || true # it was killed
	[ $i = 60 ]
	[ $failed -gt 0 ]
}

@test "hooks fail: nothing is left, and those of poststop run" {
	local kind
	for kind in prestart createRuntime createContainer; do
		bundle_config --arg kind $kind --arg log "$BATS_TEST_TMPDIR/poststop" '.hooks = {
			($kind): [ { path: "/bin/false", args: [ "/bin/false" ] } ],
			poststop: [ { path: "/bin/touch", args: [ "touch", $log ] } ] }'
		create
		failed_cleanly "error running $kind hook #0:" || fail "$kind"
		[ -e "$BATS_TEST_TMPDIR/poststop" ] || fail "$kind: poststop did not run"
		rm "$BATS_TEST_TMPDIR/poststop"
	done
}

# -------------------------------------------------------------------------------------- the clock

# in_background VERB...: osless, with RUNNER as its own pid.
in_background() {
	OSLESS_TEST=$ID "$OSLESS" --root "$ROOT" "$@" --pid-file "$PID_FILE" -b "$BUNDLE" "$ID" \
		</dev/null >/dev/null 2>"$BATS_TEST_TMPDIR/err" 3>&- 4>&- &
	RUNNER=$!
}

# ended_after MICROSECONDS SIGNAL VERB...: it gets the signal so long after its start.
ended_after() {
	local wait_us=$1 signal=$2
	shift 2
	in_background "$@"
	sleep "$(printf '0.%06d' "$wait_us")"
	kill "-$signal" $RUNNER 2>/dev/null || true # it may be through already
	status=0
	wait $RUNNER 2>/dev/null || status=$?
}

# killed_anywhere VERB: by SIGKILL at 30 points of its first 15 ms; delete --force must suffice.
killed_anywhere() {
	local i
	for ((i = 0; i < 30; i++)); do
		ended_after $((RANDOM % 15000)) KILL "$1"
		run_osless -0 delete --force "$ID"
		rm -f "$PID_FILE"
		[ -z "$(list_container_cgroups)" ] || fail "cgroups are left: $(list_container_cgroups)"
		[ ! -e "$ROOT/$ID" ] || fail "the state directory is left"
	done
	assert_nothing_left
}

@test "create killed at 30 points, then delete --force" {
	killed_anywhere create
}

@test "create killed at 30 points: list and state still answer, and the ID can be used again" {
	local i
	for ((i = 0; i < 30; i++)); do
		ended_after $((RANDOM % 15000)) KILL create
		rm -f "$PID_FILE"
		run_osless -0 list
		run_osless state "$ID"
		[ "$status" = 0 ] || assert_one_line_error "$ID"
		run_osless -0 delete --force "$ID"
		run_osless -0 run -b "$BUNDLE" "$ID"
	done
}

@test "create killed at 30 points, with a user namespace" {
	user_namespace 200000 65536
	killed_anywhere create
}

@test "create killed at 30 points, without a PID namespace of its own" {
	no_namespace pid
	killed_anywhere create
}

@test "run killed at 30 points, then delete --force" {
	bundle_args sh -c 'setsid sleep 1000 & sleep 1000'
	killed_anywhere run
}

@test "run killed at 30 points, without a PID namespace of its own" {
	bundle_args sh -c 'setsid sleep 1000 & sleep 1000'
	no_namespace pid
	killed_anywhere run
}

@test "TERM to run at 30 points: it ends, and nothing is left" {
	local i
	bundle_args sh -c 'setsid sleep 1000 & sleep 1000'
	for ((i = 0; i < 30; i++)); do
		timeout_from=$SECONDS
		ended_after $((RANDOM % 20000)) TERM run
		[ "$status" = 143 ] || [ "$status" = 1 ] || fail "exit status $status: $(<"$BATS_TEST_TMPDIR/err")"
		[ $((SECONDS - timeout_from)) -lt $((10 * SLOWNESS)) ] || fail "it went on"
		[ ! -e "$ROOT/$ID" ] || fail "the state directory is left"
		rm -f "$PID_FILE"
	done
	assert_nothing_left
}

# first_child_of_runner: sets CHILD to init; empty where create was through before it was seen.
first_child_of_runner() {
	CHILD=
	while [ -z "$CHILD" ] && [ -e "/proc/$RUNNER/comm" ]; do
		{ read -r CHILD _ <"/proc/$RUNNER/task/$RUNNER/children"; } 2>/dev/null || true # no newline
	done
}

# A hook holds create up, or it would be through before a shell has seen init.
@test "init killed at 30 points of create: a clean failure" {
	local i spin failed=0
	bundle_config '.hooks.createRuntime = [ { path: "/bin/sleep", args: [ "/bin/sleep", "0.02" ] } ]'
	for ((i = 0; i < 30; i++)); do
		in_background create
		first_child_of_runner
		for ((spin = RANDOM % 60; spin > 0; spin--)); do :; done # bats makes it some ms
		[ -z "$CHILD" ] || kill -KILL "$CHILD" 2>/dev/null || true # gone already
		status=0
		wait $RUNNER || status=$?
		failed=$((failed + (status != 0)))
		stderr=$(<"$BATS_TEST_TMPDIR/err")
		no_trace || fail "round $i" || return 1
	done
	[ $failed -gt 0 ]
	assert_nothing_left
}
