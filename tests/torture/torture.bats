# Rule R2, and those whom nobody may touch, on payloads that do their worst (torture.c): whatever they
# start, the host finds no survivor, no zombie and nothing stopped within SETTLE_MS of a parent's
# death (census.c). torture.bash says how each is run.

load ../bats/helpers
load ../bats/probe
load torture

STOP_ATTEMPTS=100 # 10 ways at both, 5 at one, by 4 signals

LATENCY_TRIALS=100
LATENCY_P99_MS=$((100 * SLOWNESS))
LATENCY_BUDGET_MS=$((4000 * SLOWNESS)) # fewer trials where each takes long
IDLE_TRIALS=1          # the same after a time in which nothing was forked
IDLE_GAP_MS=1500

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
	in_settings "own host" latency
}
