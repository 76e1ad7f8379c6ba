# Supervision, first cut: one payload below init. (R1..R5: DESIGN.md.)

load helpers
load probe

# start_run: `osless run` in the background, as a shell would; RUNNER is its pid.
start_run() {
	RUN_OUT=$BATS_TEST_TMPDIR/run.out
	OSLESS_TEST=$ID "$OSLESS" --root "$ROOT" run --pid-file "$BATS_TEST_TMPDIR/pid" \
		-b "$BUNDLE" "$ID" </dev/null >"$RUN_OUT" 2>"$RUN_OUT.err" 3>&- 4>&- &
	RUNNER=$!
}

# wait_run: until it ends; sets status.
wait_run() {
	status=0
	wait "$RUNNER" || status=$?
}

said() {
	grep -qx -- "$1" "${RUN_OUT:-$OUT}"
}

# members: host pids of all processes of the container.
members() {
	local dir
	dir=$(list_container_cgroups | head -n 1)
	cat "$dir/cgroup.procs"
}

# runs_there WORD...: a process of the container has this command line.
runs_there() {
	local pid
	for pid in $(members); do
		[ "$(tr '\0' ' ' <"/proc/$pid/cmdline")" != "$* " ] || return 0
	done 2>/dev/null
	return 1
}

runs_no_more() {
	! runs_there "$@"
}

# status_field PID FIELD
status_field() {
	awk -v field="$2:" '$1 == field { print $2 }' "/proc/$1/status"
}

# ------------------------------------------------------------------------------------ the end

@test "the exit status is passed on, each of 0..255" {
	local want
	# shellcheck disable=SC2016 # for the container's shell
	bundle_args sh -c 'read -r status </etc/status; exit "$status"'
	for want in {0..255}; do
		echo "$want" >"$BUNDLE/rootfs/etc/status"
		run_osless "-$want" run -b "$BUNDLE" "$ID"
	done
}

@test "a signal that ends the payload is 128 plus its number" {
	local number
	for number in {1..16} 24 25 26 27 29 30 31 {34..64}; do
		inside "-$((128 + number))" probe raise "$number"
	done
}

@test "the status is the payload's, whatever its descendants do" {
	inside -3 sh -c 'sh -c "exit 9" & wait; (sh -c "exit 8" & ); sleep 100 & exit 3'
}

@test "without a PID namespace of its own, the same" {
	no_namespace pid
	inside -42 sh -c 'sleep 1000 & exit 42'
	# shellcheck disable=SC2016 # for the container's shell
	inside -143 sh -c 'kill -TERM $$'
	assert_nothing_left
}

@test "KILL of the payload alone ends the container with 137" {
	bundle_args sh -c 'sleep 1000 & wait'
	start_run
	wait_status "$ID" running
	kill -KILL "$(payload_of "$(<"$BATS_TEST_TMPDIR/pid")")"
	wait_run
	[ "$status" = 137 ]
	assert_nothing_left
}

# ------------------------------------------------------------------------------------ signals

@test "signals to run reach the payload" {
	local name
	bundle_args sh -c 'for s in HUP INT QUIT USR1 USR2 ALRM TERM WINCH CONT PWR; do
		trap "echo got-$s" $s; done; echo ready; while :; do sleep 0.05; done'
	start_run
	wait_until 5 said ready
	for name in HUP INT QUIT USR1 USR2 ALRM TERM WINCH CONT PWR; do
		kill -$name "$RUNNER"
		wait_until 5 said got-$name || fail "$name has not come"
	done
	status_is "$ID" running
	kill -KILL "$(<"$BATS_TEST_TMPDIR/pid")"
	wait_run
	[ "$status" = 137 ]
}

@test "signals to init reach the payload" {
	local name
	start_inside sh -c 'for s in HUP INT USR1 TERM RTMIN; do trap "echo got-$s" $s; done
		echo ready; while :; do sleep 0.05; done'
	wait_until 5 said ready
	for name in HUP INT USR1 TERM; do
		kill -$name "$PID"
		wait_until 5 said got-$name || fail "$name has not come"
	done
}

@test "a signal that the payload does not handle ends it, even as its only process" {
	bundle_args sleep 1000
	start_run
	wait_status "$ID" running
	kill -TERM "$RUNNER"
	wait_run
	[ "$status" = 143 ]
}

@test "stop signals are not passed on, and stop neither run nor init" {
	local name payload
	bundle_args sleep 1000
	start_run
	wait_status "$ID" running
	PID=$(<"$BATS_TEST_TMPDIR/pid")
	payload=$(payload_of "$PID")
	for name in TSTP TTIN TTOU; do
		kill -$name "$RUNNER" "$PID"
	done
	kill -USR1 "$RUNNER" # comes after them, and ends the payload: so they were seen
	wait_run
	[ "$status" = 138 ]
}

@test "TERM before start ends a created container" {
	run_osless -0 create -b "$BUNDLE" "$ID"
	run_osless -0 kill "$ID" TERM
	wait_status "$ID" stopped
	run_osless -0 delete "$ID"
	assert_nothing_left
}

@test "signals that end no process leave a created container waiting" {
	local name
	bundle_args sh -c 'exit 0'
	run_osless -0 create --pid-file "$BATS_TEST_TMPDIR/pid" -b "$BUNDLE" "$ID"
	PID=$(<"$BATS_TEST_TMPDIR/pid")
	for name in CONT WINCH URG CHLD TSTP; do
		kill -$name "$PID"
	done
	run_osless -0 start "$ID"
	wait_status "$ID" stopped
}

# ------------------------------------------------------------------------- orphans and zombies

@test "a daemon, forked twice into a session of its own, is killed; the payload lives on" {
	start_inside sh -c '(setsid sleep 4242 & ); echo ready; exec sleep 1000'
	wait_until 5 said ready
	wait_until 2 runs_no_more sleep 4242 || fail "the daemon lives on after 2 s"
	runs_there sleep 1000
	status_is "$ID" running
}

# bats test_tags=vm
@test "a whole tree of orphans is killed" {
	start_inside sh -c '(sh -c "sleep 4242 & sh -c \"sleep 4243 & wait\" & wait" & )
		echo ready; exec sleep 1000'
	wait_until 5 said ready
	wait_until 2 runs_no_more sleep 4242
	wait_until 2 runs_no_more sleep 4243
	wait_until 2 two_left || fail "$(members | wc -l) processes"
	runs_there sleep 1000
}

two_left() {
	[ "$(members | wc -l)" = 2 ]
}

@test "children whose parent lives are left alone" {
	start_inside sh -c 'setsid sleep 4242 & sh -c "sleep 4243 & wait" & echo ready; wait'
	wait_until 5 said ready
	sleep 2.2 # two ticks
	runs_there sleep 4242
	runs_there sleep 4243
}

@test "a child in a session of its own dies with the payload" {
	local family
	bundle_args sh -c 'setsid sleep 4242 & setsid sh -c "sleep 4243; :" & echo ready; sleep "$1"; exit 6' sh "$SLOWNESS"
	start_run
	wait_until 5 said ready
	mapfile -t family < <(members)
	[ ${#family[@]} -ge 5 ]
	wait_run
	[ "$status" = 6 ]
	is_gone "${family[@]}" || fail "some live on: ${family[*]}"
}

@test "without a PID namespace of its own, likewise" {
	local family
	no_namespace pid
	bundle_args sh -c 'setsid sleep 4242 & setsid sh -c "sleep 4243; :" & echo ready; sleep "$1"; exit 6' sh "$SLOWNESS"
	start_run
	wait_until 5 said ready
	mapfile -t family < <(members)
	wait_run
	[ "$status" = 6 ]
	wait_until 2 is_gone "${family[@]}" || fail "some live on: ${family[*]}"
}

no_zombies_of() {
	local child
	for child in $(children_of "$1"); do
		[ "$(status_field "$child" State)" != Z ] || return 1
	done
}

@test "orphans that end are reaped" {
	start_inside sh -c 'for i in $(seq 60); do (sh -c "exit 3" & ); done; echo ready; exec sleep 1000'
	wait_until 10 said ready
	wait_until 2 no_zombies_of "$PID" || fail "zombies are left"
	wait_until 2 two_left
}

# bats test_tags=vm
@test "zombies of a parent that is killed are reaped" {
	start_inside sh -c 'probe zombies 40 & child=$!; sleep 0.3; kill -KILL $child; wait; echo ready; exec sleep 1000'
	wait_until 5 said ready
	wait_until 2 no_zombies_of "$PID"
	wait_until 2 two_left || fail "$(members | wc -l) processes"
}

# ------------------------------------------------------------------------------ init's own end

# kill_init_of_family: SIGKILL to init of a container with grandchildren and sessions; all must go.
kill_init_of_family() {
	local family
	start_inside sh -c 'setsid sleep 4242 & sh -c "sleep 4243 & setsid sleep 4244 & wait" & echo ready; wait'
	wait_until 5 said ready
	wait_until 5 runs_there sleep 4244
	mapfile -t family < <(members)
	[ ${#family[@]} -ge 6 ]
	kill -KILL "$PID"
	wait_until 3 is_dead "${family[@]}" || fail "some live on: $(ps -o pid,ppid,args -p "$(members | paste -s -d ,)")"
	status_is "$ID" stopped
}

@test "KILL to init takes everything along" {
	kill_init_of_family
}

# bats test_tags=vm
@test "KILL to init takes everything along, without a PID namespace of its own too" {
	no_namespace pid
	kill_init_of_family
}

@test "KILL to init while run waits: status 137, nothing left" {
	bundle_args sh -c 'setsid sleep 4242 & echo ready; wait'
	start_run
	wait_until 5 said ready
	kill -KILL "$(<"$BATS_TEST_TMPDIR/pid")"
	wait_run
	[ "$status" = 137 ]
	assert_nothing_left
}

@test "KILL to init while run waits, without a PID namespace of its own: nothing left" {
	no_namespace pid
	bundle_args sh -c 'setsid sleep 4242 & sh -c "sleep 4243 & wait" & echo ready; wait'
	start_run
	wait_until 5 said ready
	kill -KILL "$(<"$BATS_TEST_TMPDIR/pid")"
	wait_run
	[ "$status" = 137 ]
	assert_nothing_left
}

@test "KILL to run: the container goes on, and can be deleted" {
	bundle_args sh -c 'echo ready; exec sleep 1000'
	start_run
	wait_until 5 said ready
	kill -KILL "$RUNNER"
	wait_run
	status_is "$ID" running
	run_osless -0 delete --force "$ID"
	assert_nothing_left
}

@test "KILL to init of a created container: stopped, and can be deleted" {
	run_osless -0 create --pid-file "$BATS_TEST_TMPDIR/pid" -b "$BUNDLE" "$ID"
	kill -KILL "$(<"$BATS_TEST_TMPDIR/pid")"
	wait_status "$ID" stopped
	run_osless -1 start "$ID"
	assert_one_line_error "$ID"
	run_osless -0 delete "$ID"
}

@test "the payload cannot kill init" {
	inside -5 sh -c 'kill -KILL 1; kill -SEGV 1; kill -KILL -1; exit 5'
}

@test "KILL to init, without a PID namespace of its own: delete takes what is left" {
	local family
	no_namespace pid
	start_inside sh -c 'setsid sleep 4242 & sh -c "sleep 4243 & wait" & echo ready; wait'
	wait_until 5 said ready
	mapfile -t family < <(members)
	kill -KILL "$PID"
	wait_status "$ID" stopped
	run_osless -0 delete "$ID"
	is_dead "${family[@]}"
	assert_nothing_left
}

# -------------------------------------------------------------------------------- init's nature

@test "init's program is a sealed memory file" {
	start_inside sleep 1000
	[ "$(readlink "/proc/$PID/exe")" = "/memfd:osless-init (deleted)" ]
	[ "$("$PROBE" seals "/proc/$PID/exe")" = "seals 15" ] # SEAL, SHRINK, GROW, WRITE
}

@test "init's memory: no file of the host but its journal is mapped, and at most 200 KiB are its own" {
	start_inside sleep 1000
	! awk '{ print $6 }' "/proc/$PID/maps" | grep "^/" | grep -vx -e "/memfd:.*" -e "$ROOT/$ID/journal" ||
		fail "mapped: $(awk '{ print $6 }' "/proc/$PID/maps" | sort -u)"
	[ "$(awk '/^Private/ { sum += $2 } END { print sum }' "/proc/$PID/smaps_rollup")" -le 200 ] ||
		fail "$(cat "/proc/$PID/smaps_rollup")"
}

@test "init is idle: hardly more than a tick a second" {
	local before after
	start_inside sleep 1000
	sleep 2 # until the beat has backed off
	before=$(status_field "$PID" voluntary_ctxt_switches)
	sleep 3
	after=$(status_field "$PID" voluntary_ctxt_switches)
	[ $((after - before)) -le 6 ] || fail "$((after - before)) wake-ups in 3 s"
}

# foreign_fds PID: what init has open beyond its caller's stdio, sockets, its own procfs, and its cgroup's
# count of OOM kills.
foreign_fds() {
	local fd target
	for fd in "/proc/$1/fd"/*; do
		target=$(readlink "$fd") || continue # closed meanwhile
		case ${fd##*/}:$target in
		[012]:*) ;;
		*:socket:* | *:anon_inode:* | *:/) ;;
		*:/loadavg | *:/proc/loadavg) ;;
		*:*/"$ID"*/memory.events | *:*/"$ID"*/memory.oom_control | *:*"$ID".scope/memory.*) ;;
		*:"/$1/task/$1/children" | *:"/proc/$1/task/$1/children" | *:/1/task/1/children) ;;
		*) echo "${fd##*/} $target" ;;
		esac
	done
}

no_foreign_fds() {
	[ -z "$(foreign_fds "$1")" ]
}

@test "init holds no file of the host, created or running, and no stray fd of its caller" {
	bundle_args sleep 1000
	exec 7</etc/passwd 9</ 251<"$BUNDLE"
	run_osless -0 create --pid-file "$BATS_TEST_TMPDIR/pid" -b "$BUNDLE" "$ID"
	exec 7<&- 9<&- 251<&-
	PID=$(<"$BATS_TEST_TMPDIR/pid")
	wait_until 2 no_foreign_fds "$PID" || fail "fds of init: $(foreign_fds "$PID")"
	run_osless -0 start "$ID"
	sleep 1.2 # it opens what it needs with the first tick
	wait_until 2 no_foreign_fds "$PID" || fail "fds of init: $(foreign_fds "$PID")"
	[ "$(readlink "/proc/$PID/cwd")" = / ]
	[ "$(readlink "/proc/$PID/root")" = / ]
}

@test "init cannot be read or traced, even as its own user" {
	local file
	policy '{ "modes": { "syscalls": "off" }, "identity": "keep", "capabilities": [ "CAP_SYS_PTRACE" ] }'
	for file in exe cwd root fd/0 ns/net; do
		inside -1 readlink "/proc/1/$file"
	done
	for file in environ maps mem auxv stack; do
		inside -1 sh -c "head -c 1 /proc/1/$file"
	done
}

@test "init's environment and arguments say nothing" {
	start_inside sleep 1000
	[ "$(tr '\0' '\n' <"/proc/$PID/cmdline")" = osless-init ]
	[ -z "$(tr -d '\0' <"/proc/$PID/environ")" ]
}

@test "the payload is in a session of its own, and has no terminal" {
	# shellcheck disable=SC2016 # for the container's shell
	inside sh -c 'cut -d " " -f 1,4,5,6,7 /proc/$$/stat'
	# pid, parent, group, session, terminal
	assert_output "2 1 2 2 0"
}

@test "supervision off: the payload takes init's place" {
	policy '{ "modes": { "supervision": "off" } }'
	# shellcheck disable=SC2016 # for the container's shell
	inside -9 sh -c 'echo $$; exit 9'
	assert_output 1
	start_inside sleep 1000
	[ "$(tr '\0' ' ' <"/proc/$PID/cmdline")" = "sleep 1000 " ]
	[ -z "$(children_of "$PID")" ]
	run_osless -0 kill "$ID" KILL
	wait_status "$ID" stopped
}

@test "supervision off: daemons are left alone" {
	policy '{ "modes": { "supervision": "off" } }'
	start_inside sh -c '(setsid sleep 4242 & ); echo ready; exec sleep 1000'
	wait_until 5 said ready
	sleep 2.2
	runs_there sleep 4242
}
