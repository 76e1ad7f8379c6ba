# The rules R2, R4 and R5 on payloads that do their worst (torture.c): whatever they start, the host
# finds no survivor, no zombie and nothing stopped within SETTLE_MS of a parent's death (census.c).
#
# Each scenario runs four times: in a PID namespace of its own and in the host's, with a main process
# that lives on (and whose exit status must then be passed on), and with one that dies at once.

load ../bats/helpers
load ../bats/probe

SETTLE_MS=1000
DIE_STATUS=43 # as in torture.c
LIVE_STATUS=7
STOP_ATTEMPTS=100 # 10 ways at both, 5 at one, by 4 signals

LATENCY_TRIALS=200
LATENCY_P99_MS=100
LATENCY_BUDGET_MS=8000 # fewer trials where each takes long
IDLE_TRIALS=3          # the same after a time in which nothing was forked
IDLE_GAP_MS=1500

setup_file() {
	local cc=cc
	file_setup
	! command -v musl-gcc >/dev/null || cc=musl-gcc
	TORTURE=$BATS_FILE_TMPDIR/torture
	CENSUS=$BATS_FILE_TMPDIR/census
	export TORTURE CENSUS
	$cc -static -O1 -pthread -std=gnu11 -D_GNU_SOURCE -o "$TORTURE" \
		"$BATS_TEST_DIRNAME"/{torture,families,escapes,stops,latency}.c
	cc -O1 -std=gnu11 -D_GNU_SOURCE -o "$CENSUS" "$BATS_TEST_DIRNAME/census.c"
}

setup() {
	test_setup
	mkfifo "$BUNDLE/rootfs/go"
	PROBLEMS=$BATS_TEST_TMPDIR/problems
	: >"$PROBLEMS"
}

teardown() {
	[ ! -s "${PROBLEMS:-/dev/null}" ] || cat "$PROBLEMS" >&2
	test_teardown
}

# -------------------------------------------------------------------------------------- settings

# in_all_settings COMMAND...: each with both kinds of PID namespace. What goes wrong is noted by
# `problem`, so that one run of a test shows all of it; fails then.
in_all_settings() {
	local namespace command letter
	for namespace in own host; do
		[ $namespace = own ] || no_namespace pid
		for command in "$@"; do
			SETTING="$namespace PID namespace, $command"
			letter=${namespace:0:1}${command:0:1}
			name_program "$ID$letter"
			$command || true
			osless delete --force "$ID" >/dev/null 2>&1 || problem "cannot be deleted" || true
		done
	done
	[ ! -s "$PROBLEMS" ]
}

# name_program NAME: comm, which marks the payload's processes, zombies too; another one each time,
# lest one setting's leavings are taken for the next one's.
name_program() {
	NAME=${1#osl-}
	[ ${#NAME} -le 15 ] || fail "$NAME is too long for comm"
	cp "$TORTURE" "$BUNDLE/rootfs/bin/$NAME"
}

# problem TEXT: fails.
problem() {
	printf '%s\n' "$SETTING: $1" >>"$PROBLEMS"
	return 1
}

# torture SCENARIO [OTHERS [LINE...]]: with main alive and dying. OTHERS are left beside a live main,
# which has written these lines.
torture() {
	SCENARIO=$1 OTHERS=${2:-0} WANTED=("${@:3}")
	in_all_settings live die
}

live() {
	local line
	start_torture "$SCENARIO" || return 1
	census "$SETTLE_MS" "$OTHERS"
	for line in "${WANTED[@]}"; do
		said "$line" || problem "not said: $line; but: $(paste -s -d , "$RUN_OUT")"
	done
	end_torture
}

die() {
	bundle_args "/bin/$NAME" "$SCENARIO" die
	OSLESS_TIMEOUT=5 run_osless run -b "$BUNDLE" "$ID"
	[ "$status" = $DIE_STATUS ] || problem "exit status $status, not $DIE_STATUS: $stderr"
	CGROUP=/nonexistent SPARE=() # they went with run
	census 0 0
}

# --------------------------------------------------------------------------- from the host's side

# start_torture SCENARIO: `osless run` in the background, until main, which lives, is ready. Sets
# RUNNER, RUN_OUT, CGROUP, and SPARE: init with its guard, and main.
start_torture() {
	bundle_args "/bin/$NAME" "$1" live
	RUN_OUT=$BATS_TEST_TMPDIR/run.out
	: >"$RUN_OUT"
	OSLESS_TEST=$ID "$OSLESS" --root "$ROOT" run --pid-file "$BATS_TEST_TMPDIR/pid" \
		-b "$BUNDLE" "$ID" </dev/null >"$RUN_OUT" 2>"$RUN_OUT.err" 3>&- 4>&- &
	RUNNER=$!
	wait_until 3 said ready || abandon "not ready: $(cat "$RUN_OUT" "$RUN_OUT.err")" || return 1
	CGROUP=$(list_container_cgroups | grep -F /pids/ || list_container_cgroups | head -n 1)
	spare_inits "$(<"$BATS_TEST_TMPDIR/pid")"
	SPARE+=("$(member_called torture-main)")
}

# spare_inits PID: that, and its child that runs the same program: init below its guard.
spare_inits() {
	local child
	SPARE=("$1")
	for child in $(children_of "$1"); do
		[ "$(readlink "/proc/$child/exe")" != "$(readlink "/proc/$1/exe")" ] || SPARE+=("$child")
	done
}

said() {
	grep -qx -- "$1" "$RUN_OUT"
}

# members_called COMM: host pids of the container's processes.
members_called() {
	local pid name
	while read -r pid; do
		{ read -r name <"/proc/$pid/comm"; } 2>/dev/null || continue # gone meanwhile
		[ "$name" != "$1" ] || echo "$pid"
	done <"$CGROUP/cgroup.procs"
}

member_called() {
	members_called "$1" | head -n 1
}

# census WITHIN_MS OTHERS: that many processes besides SPARE, and all of them run.
census() {
	"$CENSUS" "$NAME" "$CGROUP" "$1" "$2" "${SPARE[@]}" >"$BATS_TEST_TMPDIR/census" ||
		problem "$(head -n 12 "$BATS_TEST_TMPDIR/census")"
}

# end_torture: main ends with LIVE_STATUS, which run must pass on; nothing is left.
end_torture() {
	# shellcheck disable=SC2016 # for the other shell
	timeout 2 sh -c 'echo "$1" >"$2"' sh "$LIVE_STATUS" "$BUNDLE/rootfs/go" 2>/dev/null ||
		abandon "main does not ask for its status" || return 1
	wait_until 2 runner_has_ended || abandon "run goes on after main's end" || return 1
	status=0
	wait "$RUNNER" || status=$?
	[ "$status" = "$LIVE_STATUS" ] || problem "exit status $status, not $LIVE_STATUS"
	census 0 0
}

runner_has_ended() {
	! kill -0 "$RUNNER" 2>/dev/null
}

# abandon TEXT: a problem after which this container is of no use. Fails.
abandon() {
	osless delete --force "$ID" >/dev/null 2>&1 || kill -KILL "$RUNNER"
	wait "$RUNNER" || true # it was killed
	problem "$1"
}

# --------------------------------------------------------------------------------- whoever is left

@test "a chain of 200, each the parent of the next" {
	torture chain
}

@test "a fan-out of 500" {
	torture fan-out
}

@test "daemons: two forks, a session of their own, deaf to signals" {
	torture daemons
}

@test "8 threads, each with children" {
	torture threads
}

@test "the first thread ends before the others" {
	torture leader
}

@test "vfork and exec" {
	torture vfork-exec
}

@test "a child that vforked and does not exec, its parent hanging" {
	torture vfork-hang
}

@test "posix_spawn" {
	torture spawn
}

@test "a fork storm that goes on while it dies" {
	bundle_config '.linux.resources.pids = { limit: 128 }'
	torture storm
}

@test "a moving fork bomb: each process forks and exits" {
	bundle_config '.linux.resources.pids = { limit: 64 }'
	torture moving-bomb
}

@test "the same, where each forks twice" {
	bundle_config '.linux.resources.pids = { limit: 64 }'
	torture growing-bomb
}

@test "children of a parent that ignores SIGCHLD" {
	torture sigchld-ignored
}

@test "children of a parent with SA_NOCLDWAIT" {
	torture no-child-wait
}

killed_outside() {
	start_torture family && kill_head && census "$SETTLE_MS" 0 && end_torture
}

kill_head() {
	kill -KILL "$(member_called torture-head)" && wait_until 2 said dead ||
		abandon "main has not seen the head die"
}

@test "a parent killed from outside" {
	in_all_settings killed_outside
}

# ------------------------------------------------------------------------------- whoever is spared

@test "children of a thread that ended live on while their process does" {
	torture thread-ends 3
}

@test "a process whose first thread ended lives on, and so do its children" {
	torture leader-lives 5
}

# ---------------------------------------------------------------------------------------- ways out

@test "a would-be subreaper" {
	torture subreaper 0 "subreaper EPERM"
}

@test "CLONE_PARENT" {
	torture clone-parent 0 "clone-parent EPERM" "clone-parent-vfork EPERM" "clone-parent-of-main EPERM"
}

@test "clone3" {
	torture clone3 0 "clone3 ENOSYS" "clone3-parent ENOSYS" "clone3-newpid ENOSYS" "clone3-stop ENOSYS"
}

@test "CLONE_NEWPID, unshare, setns" {
	torture new-pids 0 "newpid EPERM" "newuser-newpid EPERM" "unshare-newpid EPERM" \
		"unshare-newuser EPERM" "setns EPERM"
}

# ----------------------------------------------------------------------------------------- stopped

# Every attempt has a line "WAY AIM SIGNAL RESULT"; the victim lives.
stops_refused() {
	local attempts
	start_torture stops || return 1
	census "$SETTLE_MS" 1
	attempts=$(grep -cE ' (self|other) ' "$RUN_OUT")
	[ "$attempts" = $STOP_ATTEMPTS ] || problem "$attempts attempts, not $STOP_ATTEMPTS"
	! grep -vE '^ready$| (EPERM|ENOSYS)$' "$RUN_OUT" >"$BATS_TEST_TMPDIR/stops" ||
		problem "not refused: $(<"$BATS_TEST_TMPDIR/stops")"
	end_torture
}

@test "every way to stop oneself or another is refused" {
	in_all_settings stops_refused
}

@test "those whom a timer stopped, with a signal that no filter sees, go on" {
	torture timer-stops 4
}

@test "a main process that a timer stopped goes on" {
	torture timer-stops-main
}

@test "orphans that a timer stopped die" {
	torture stopped-orphans
}

# stop_family: all of it but its head.
stop_family() {
	# shellcheck disable=SC2046 # words
	kill -STOP $(members_called "$NAME") || abandon "cannot be stopped"
}

stopped_by_host() {
	start_torture family && stop_family || return 1
	census "$SETTLE_MS" 11 # ten, and their head
	kill_head && census "$SETTLE_MS" 0 && end_torture
}

@test "those whom the host stopped go on" {
	in_all_settings stopped_by_host
}

stopped_orphans_by_host() {
	start_torture family && stop_family && kill_head && census "$SETTLE_MS" 0 && end_torture
}

@test "orphans that the host stopped die" {
	in_all_settings stopped_orphans_by_host
}

# ----------------------------------------------------------------------------------------- latency

# measure_latency TRIALS GAP_MS WHAT
measure_latency() {
	local trials median p99 most
	bundle_args "/bin/$NAME" latency "$1" "$2" "$LATENCY_BUDGET_MS"
	run_osless run -b "$BUNDLE" "$ID"
	[ "$status" = 0 ] || problem "exit status $status: $stderr" || return 1
	read -r trials median p99 most <<<"$output"
	echo "# $SETTING, $3: $trials trials, median $median us, p99 $p99 us, most $most us" >&3
	[ "$p99" -le $((LATENCY_P99_MS * 1000)) ] || problem "$3: p99 is $p99 us"
}

latency() {
	measure_latency "$LATENCY_TRIALS" 0 "parent's death to orphan's"
	measure_latency "$IDLE_TRIALS" "$IDLE_GAP_MS" "the same after $IDLE_GAP_MS ms of quiet"
}

@test "an orphan dies soon after its parent" {
	in_all_settings latency
}
