# exec: one more program in a container.

load helpers
load probe

setup() {
	test_setup
	EXEC_PID=$BATS_TEST_TMPDIR/exec.pid
}

teardown() {
	[ -z "${HOLDER:-}" ] || release
	test_teardown
}

# start_sleeper: a container whose payload does nothing; PID is init's.
start_sleeper() {
	start_inside sleep 1000
}

# process JQ-FILTER: a process document, DOC, made of the config's own by this filter.
process() {
	DOC=$BATS_TEST_TMPDIR/process.json
	jq ".process | .env += [ \"DOC=1\" ] | $1" "$BUNDLE/config.json" >"$DOC"
}

# exec_ok PROGRAM [ARGUMENT...]: exec of $ID that must succeed.
exec_ok() {
	run_osless -0 exec "$ID" "$@"
}

# exec_fails WORD... -- ARGUMENT...: one line with these words, exit status 255, and no process left.
exec_fails() {
	local words=() word
	while [ "$1" != -- ]; do
		words+=("$1") && shift
	done
	shift
	run_osless -255 exec "$@"
	for word in "${words[@]}"; do
		assert_one_line_error "$word" || return 1
	done
}

# members: host pids of all processes of the container.
members() {
	cat "$(list_container_cgroups | head -n 1)/cgroup.procs"
}

# has_members COUNT
has_members() {
	[ "$(members | wc -l)" = "$1" ]
}

# members_are COUNT: within a second (init and the payload alone are two).
members_are() {
	wait_until 2 has_members "$1" || fail "there are $(members | wc -l) processes, not $1"
}

# ---------------------------------------------------------------------------- what comes back

@test "exit status and both streams come back" {
	start_sleeper
	run_osless -7 exec "$ID" sh -c 'echo out; echo err >&2; exit 7'
	assert_output out
	[ "$stderr" = err ]
	# shellcheck disable=SC2016 # for the container's shell
	run_osless -143 exec "$ID" sh -c 'kill -TERM $$'
	run_osless -137 exec "$ID" probe raise 9
	run_osless -1 exec "$ID" false
	members_are 2
}

@test "standard input goes in" {
	start_sleeper
	[ "$(echo hello | osless exec "$ID" cat)" = hello ]
}

@test "what the program's own options look like is left to it" {
	start_sleeper
	exec_ok echo -n -d --env x
	assert_output "-d --env x"
	exec_ok -- echo a
	assert_output a
	run_osless -0 exec --env=A=1 -e B=2 -e A=3 --cwd /tmp "$ID" sh -c 'echo $A $B $PWD'
	assert_output "3 2 /tmp"
}

@test "failures of exec itself are 255" {
	start_sleeper
	exec_fails 'exec: "nope": executable file not found in $PATH' -- "$ID" nope
	exec_fails "no such file or directory" -- "$ID" /nope
	exec_fails "permission denied" -- "$ID" /etc/passwd
	exec_fails "no such file or directory" "cwd /nowhere" -- --cwd /nowhere "$ID" true
	exec_fails "needs a program" -- "$ID"
	exec_fails "needs the container's ID" --
	exec_fails "unknown option --evn" "did you mean --env" -- --evn a "$ID" true
	exec_fails "does not exist" -- "$ID-none" true
	exec_fails "--env A: write NAME=value" -- --env A "$ID" true
	exec_fails "--user web: write UID or UID:GID" -- --user web "$ID" true
	exec_fails "--cap CAP_WEB: not a capability" -- --cap CAP_WEB "$ID" true
	exec_fails "--additional-gids 1,2" -- -g 1,2 "$ID" true
	exec_fails "--cwd etc: not an absolute path" -- --cwd etc "$ID" true
	exec_fails "--process" "no such file or directory" -- --process /nonexistent "$ID"
	exec_fails "--preserve-fds 9: fd" "is not open" -- --preserve-fds 9 "$ID" true
	members_are 2
}

@test "the log file gets one line of a failure" {
	local log=$BATS_TEST_TMPDIR/log
	start_sleeper
	run_osless -255 --log "$log" --log-format json exec "$ID" nope
	[ "$(wc -l <"$log")" = 1 ]
	[[ $(jq -r .msg "$log") == *'executable file not found in $PATH' ]]
}

@test "terminals: asked for they are stripped, with a console socket refused" {
	start_sleeper
	run_osless -0 exec -t "$ID" sh -c 'tty; [ -t 0 ] || echo none'
	assert_stderr "process.terminal"
	[[ $output == *none ]]
	exec_fails "run without -t" -- -t --console-socket /nonexistent "$ID" true
	process '.terminal = true | .args = [ "true" ]'
	run_osless -0 exec --process "$DOC" "$ID"
	assert_stderr "process.terminal"
	exec_fails "terminals are not supported" -- --console-socket /x -p "$DOC" "$ID"
}

# ------------------------------------------------------------------------------ the process

@test "a process document says all" {
	start_sleeper
	process '.args = [ "sh", "-c", "echo $DOC $PWD; exit 5" ] | .cwd = "/tmp"'
	run_osless -5 exec --process "$DOC" "$ID"
	assert_output "1 /tmp"
	run_osless -5 exec -p "$DOC" --env DOC=2 "$ID"
	assert_output "1 /tmp"
	assert_stderr "with --process, --env has no effect"
	process '.args = []'
	exec_fails "process.args: empty" -- -p "$DOC" "$ID"
	process 'del(.cwd)'
	exec_fails "cwd" -- -p "$DOC" "$ID"
	printf '{' >"$DOC"
	exec_fails "$DOC" -- -p "$DOC" "$ID"
}

@test "every process document that engines sent runs" {
	local doc
	start_sleeper
	for doc in "$HELPERS_DIR"/../samples/*.process.json; do
		jq '.args = [ "id", "-u" ]' "$doc" >"$BATS_TEST_TMPDIR/doc.json"
		run_osless -0 exec --process "$BATS_TEST_TMPDIR/doc.json" "$ID"
		assert_output 65534
	done
}

@test "identity, capabilities and filters are the payload's" {
	local fields='^(Uid|Gid|Groups|Cap...|NoNewPrivs|Seccomp|Seccomp_filters|SigBlk|SigIgn|SigCgt|TracerPid):'
	start_inside sh -c 'cat /proc/self/status; sleep 1000'
	wait_until 5 grep -q nonvoluntary "$OUT"
	grep -E "$fields" "$OUT" >"$BATS_TEST_TMPDIR/payload"
	exec_ok cat /proc/self/status
	diff "$BATS_TEST_TMPDIR/payload" <(grep -E "$fields" "$OUT")
	process '.args = [ "cat", "/proc/self/status" ]'
	run_osless -0 exec --process "$DOC" "$ID"
	diff "$BATS_TEST_TMPDIR/payload" <(grep -E "$fields" "$OUT")
	grep -q "^Seccomp:.*2" "$OUT"
}

@test "the bundle's own seccomp profile holds here, too" {
	bundle_config '.linux.seccomp = { defaultAction: "SCMP_ACT_ALLOW",
		syscalls: [ { names: [ "mkdir", "mkdirat" ], action: "SCMP_ACT_ERRNO", errnoRet: 95 } ] }'
	start_sleeper
	run_osless -1 exec "$ID" mkdir /tmp/new
	assert_stderr "not supported"
}

@test "another user is kept, without what it was not granted" {
	start_sleeper
	run_osless -0 exec --user 1000:1001 -g 5 -g 6 "$ID" cat /proc/self/status
	grep -qx $'Uid:\t1000\t1000\t1000\t1000' "$OUT"
	grep -qx $'Gid:\t1001\t1001\t1001\t1001' "$OUT"
	grep -qE $'^Groups:\t5 6' "$OUT"
	grep -qx $'CapEff:\t0000000000000000' "$OUT"
	run_osless -0 exec --user 0 "$ID" id -u
	assert_output 65534
}

@test "no capability that the container lacks, in any mode" {
	local all='[ "CAP_SYS_ADMIN", "CAP_KILL", "CAP_NET_BIND_SERVICE" ]'
	policy '{ "modes": { "identity": "off", "syscalls": "off" } }'
	bundle_config '.process.noNewPrivileges = false |
		.process.capabilities = ([ "CAP_KILL" ] | { bounding: ., permitted: ., effective: . })'
	start_sleeper
	process ".args = [ \"cat\", \"/proc/self/status\" ] |
		.capabilities = ($all | { bounding: ., permitted: ., effective: ., inheritable: ., ambient: . })"
	run_osless -0 exec --process "$DOC" "$ID"
	assert_stderr "no capability that the container's own lacks"
	grep -qx $'CapBnd:\t0000000000000020' "$OUT"
	grep -qx $'CapPrm:\t0000000000000020' "$OUT"
	run_osless -0 exec --cap CAP_SYS_ADMIN "$ID" cat /proc/self/status
	grep -qx $'CapEff:\t0000000000000020' "$OUT"
	grep -qx $'Seccomp:\t0' "$OUT"
	grep -qx $'NoNewPrivs:\t0' "$OUT"
	run_osless -0 exec --no-new-privs "$ID" cat /proc/self/status
	grep -qx $'NoNewPrivs:\t1' "$OUT"
}

@test "the host's policy at create holds for exec without being named again" {
	policy '{ "identity": "77:88" }'
	start_sleeper
	run_osless -0 exec --user 1000 "$ID" id -u
	assert_output 77
	process '.args = [ "id", "-g" ] | .user = { uid: 5, gid: 5 }'
	run_osless -0 exec --process "$DOC" "$ID"
	assert_output 88
}

@test "namespaces and root are the container's" {
	local name
	bundle_config '.hostname = "inside"'
	namespace cgroup
	namespace time
	start_sleeper
	echo in-the-root >"$BUNDLE/rootfs/etc/mark"
	for name in cgroup ipc mnt net pid time user uts; do
		exec_ok readlink /proc/self/ns/$name
		assert_output "$(readlink "/proc/$PID/ns/$name")"
	done
	exec_ok cat /etc/mark
	assert_output in-the-root
	exec_ok hostname
	assert_output inside
	exec_ok sh -c 'cd /; ls ..'
	[[ $output != *boot* ]]
}

@test "cgroups are the container's, all of them" {
	start_sleeper
	run_osless -0 exec -d --pid-file "$EXEC_PID" "$ID" sleep 1000
	diff "/proc/$PID/cgroup" "/proc/$(<"$EXEC_PID")/cgroup"
}

@test "a cgroup below the container's own" {
	local pid
	start_sleeper
	mkdir "$(container_cgroup pids)/sub"
	if is_v2; then
		run_osless -0 exec -d --pid-file "$EXEC_PID" --cgroup sub "$ID" sleep 1000
		grep -q "^0::.*/[a-z-]*$ID[.a-z]*/sub\$" "/proc/$(<"$EXEC_PID")/cgroup"
		return
	fi
	need_cgroup pids memory
	run_osless -0 exec -d --pid-file "$EXEC_PID" --cgroup pids:sub "$ID" sleep 1000
	pid=$(<"$EXEC_PID")
	grep -q ":pids:.*/$ID/sub\$" "/proc/$pid/cgroup"
	grep -q ":memory:.*/$ID\$" "/proc/$pid/cgroup"
	exec_fails "is not a sub cgroup path" -- --cgroup ../x "$ID" true
	exec_fails "is not a sub cgroup path" -- --cgroup pids:a/.. "$ID" true
	exec_fails "make it first" "no such file or directory" -- --cgroup none "$ID" true
	exec_fails "no cgroup of controller nonsense" -- --cgroup nonsense:sub "$ID" true
	exec_fails "two paths for controller pids" -- --cgroup pids:sub --cgroup memory:sub --cgroup pids:other "$ID" true
	exec_fails "--cgroup :sub: name a controller" -- --cgroup :sub "$ID" true
}

# Inner nodes of cgroup v2 take no process; runc does the same.
@test "where the container's v2 cgroup takes no process, its init's" {
	local own pid
	own=$(container_cgroup unified)
	[ -e "${own%/*}/cgroup.procs" ] || skip "no cgroup2 here"
	start_sleeper
	mkdir "$own/leaf"
	for pid in $(<"$own/cgroup.procs"); do
		echo "$pid" >"$own/leaf/cgroup.procs"
	done
	echo +hugetlb >"$own/cgroup.subtree_control" || skip "no controller to hand out"
	run_osless -0 exec -d --pid-file "$EXEC_PID" "$ID" sleep 1000
	grep -q "^0::.*/[a-z-]*$ID[.a-z]*/leaf\$" "/proc/$(<"$EXEC_PID")/cgroup"
	diff "/proc/$PID/cgroup" "/proc/$(<"$EXEC_PID")/cgroup"
}

@test "rlimits, umask, oom score: the container's, or the document's own" {
	bundle_config '.process.rlimits = [ { type: "RLIMIT_NOFILE", soft: 99, hard: 100 } ] |
		.process.oomScoreAdj = 300 | .process.user.umask = 63'
	start_sleeper
	exec_ok sh -c 'ulimit -n; umask; cat /proc/self/oom_score_adj'
	assert_output $'99\n0077\n300'
	process 'del(.rlimits) | del(.user.umask) | .oomScoreAdj = 500 |
		.args = [ "sh", "-c", "ulimit -n; umask; cat /proc/self/oom_score_adj" ]'
	run_osless -0 exec --process "$DOC" "$ID"
	assert_output $'99\n0077\n500'
}

@test "a session of its own, and default signals whatever the caller has" {
	start_sleeper
	run_osless -0 exec "$ID" sh -c 'cut -d" " -f1,6 /proc/self/stat; cat /proc/self/status' # cut's own session is the shell's
	set -- ${lines[0]}
	[ "$2" != 1 ] && [ "$2" != 0 ]
	(
		trap '' PIPE USR1
		osless exec "$ID" grep -E '^Sig(Ign|Blk)' /proc/self/status
	) >"$BATS_TEST_TMPDIR/signals"
	[ "$(grep -c 0000000000000000 "$BATS_TEST_TMPDIR/signals")" = 2 ]
}

@test "only the descriptors that are to be passed on" {
	start_sleeper
	exec 5<"$BUNDLE/config.json" 6</dev/null
	exec_ok sh -c 'echo /proc/self/fd/*'
	[[ $output != *"/fd/5"* && $output != *"/fd/6"* && $output != *"/fd/7"* ]]
	# shellcheck disable=SC2016 # for the container's shell
	OSLESS_TEST=$ID timeout "$OSLESS_TIMEOUT" "$OSLESS" --root "$ROOT" exec --preserve-fds 1 -d --pid-file "$EXEC_PID" \
		"$ID" sh -c 'read -r line <&3; echo "$line"; exec sleep 1000' 3<<<passed 4>&- >"$BATS_TEST_TMPDIR/said"
	exec 5<&- 6<&-
	wait_until 5 grep -qx passed "$BATS_TEST_TMPDIR/said"
	[ "$(echo $(ls "/proc/$(<"$EXEC_PID")/fd"))" = "0 1 2 3" ]
}

@test "socket activation: LISTEN_FDS and LISTEN_PID are the program's" {
	start_sleeper
	# shellcheck disable=SC2016 # for the shells
	output=$(timeout "$OSLESS_TIMEOUT" bash -c 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"' bash \
		"$OSLESS" --root "$ROOT" exec "$ID" sh -c 'echo $LISTEN_FDS; [ $LISTEN_PID = $$ ] && cat <&3' \
		3<<<passed 4>&-)
	assert_output $'1\npassed'
}

# ------------------------------------------------------------------------ who waits for it

@test "detached: the pid file names the process itself" {
	local pid
	start_sleeper
	run_osless -0 exec --detach --pid-file "$EXEC_PID" "$ID" sleep 999
	pid=$(<"$EXEC_PID")
	[ "$(tr '\0' ' ' <"/proc/$pid/cmdline")" = "sleep 999 " ]
	[ "$(stat -c %s "$EXEC_PID")" = ${#pid} ]
	kill -TERM "$pid"
	wait_until 2 is_dead "$pid"
	status_is "$ID" running
}

@test "no pid file of a process that did not come to be" {
	start_sleeper
	exec_fails "executable file not found" -- -d --pid-file "$EXEC_PID" "$ID" nope
	[ ! -e "$EXEC_PID" ]
	exec_fails "pid file" -- -d --pid-file /nonexistent/pid "$ID" sleep 1000
	members_are 2
}

@test "pidfd socket: one that is not there fails, and no process is left; one that is gets it" {
	start_sleeper
	exec_fails "connect to /nonexistent" -- -d --pidfd-socket /nonexistent "$ID" sleep 1000
	members_are 2
	command -v python3 >/dev/null || skip "needs python3"
	await_pidfd "$BATS_TEST_TMPDIR/sock"
	run_osless -0 exec -d --pid-file "$EXEC_PID" --pidfd-socket "$BATS_TEST_TMPDIR/sock" "$ID" sleep 1000
	wait "$AWAITS"
	[ "$(<"$BATS_TEST_TMPDIR/sock.pid")" = "$(<"$EXEC_PID")" ]
}

@test "signals to exec reach the program" {
	local runner
	start_sleeper
	OSLESS_TEST=$ID "$OSLESS" --root "$ROOT" exec "$ID" \
		sh -c 'trap "echo got-usr1" USR1; echo ready; while :; do sleep 0.05; done' \
		</dev/null >"$BATS_TEST_TMPDIR/said" 3>&- 4>&- &
	runner=$!
	wait_until 5 grep -q ready "$BATS_TEST_TMPDIR/said"
	kill -USR1 $runner
	wait_until 5 grep -q got-usr1 "$BATS_TEST_TMPDIR/said"
	kill -HUP $runner
	status=0
	wait $runner || status=$?
	[ "$status" = 129 ]
	members_are 2
}

# --------------------------------------------------------------------------- what it leaves

@test "what it leaves behind dies: a background child, a daemon, a whole family" {
	start_sleeper
	exec_ok sh -c 'sleep 1000 & exit 0'
	members_are 2
	exec_ok sh -c '(setsid sh -c "sleep 1000 & sleep 1000" &) ; exit 0'
	members_are 2
	# shellcheck disable=SC2016 # for the container's shell
	run_osless -137 exec "$ID" sh -c '(sleep 1000 &) ; sleep 1000 & kill -KILL $$'
	members_are 2
	status_is "$ID" running
}

private_kb() {
	awk '/^Private/ { sum += $2 } END { print sum }' "/proc/$PID/smaps_rollup"
}

a_hundred_execs() {
	for _ in {1..100}; do
		osless exec "$ID" sh -c 'true & true' || fail "exec fails"
	done
	members_are 2
}

# The first hundred go once round the journal, and touch the tables that init has for such guests.
@test "a hundred execs leave nothing: no zombie, no growth" {
	local before after
	start_sleeper
	a_hundred_execs
	before=$(private_kb)
	a_hundred_execs
	after=$(private_kb)
	[ $((after - before)) -le 8 ] || fail "init grew from $before to $after kB"
	[ "$after" -le 200 ] || fail "init has $after kB of its own"
	[ "$(ls "/proc/$PID/fd" | wc -l)" -le 12 ]
}

@test "twenty at once" {
	local pids=() i
	start_sleeper
	for i in {1..20}; do
		osless exec "$ID" sh -c "exit $i" </dev/null &
		pids+=($!)
	done
	for i in {1..20}; do
		status=0
		wait "${pids[i - 1]}" || status=$?
		[ "$status" = "$i" ] || fail "exec $i: status $status"
	done
	members_are 2
}

@test "while the container ends, exec ends or fails, and nothing is left" {
	local i
	bundle_args sleep 1000
	for i in {1..5}; do
		run_osless -0 run -d -b "$BUNDLE" "$ID-$i"
		run_osless -0 exec -d "$ID-$i" sleep 1000
		for _ in 1 2 3; do
			osless exec "$ID-$i" sh -c 'sleep 1000' </dev/null >/dev/null 2>&1 &
		done
		run_osless -0 kill "$ID-$i" KILL
		wait
		wait_status "$ID-$i" stopped
		run_osless -0 delete "$ID-$i"
	done
	assert_nothing_left
}

@test "when the container ends, exec'd processes end" {
	local runner
	start_sleeper
	osless exec "$ID" sleep 1000 </dev/null &
	runner=$!
	members_are 3
	run_osless -0 kill "$ID" KILL
	status=0
	wait $runner || status=$?
	[ "$status" = 137 ]
}

# ------------------------------------------------------------------------- other containers

@test "a created container can be joined; a stopped one not" {
	bundle_args sleep 1000
	run_osless -0 create -b "$BUNDLE" "$ID"
	run_osless -3 exec "$ID" sh -c 'exit 3'
	status_is "$ID" created
	run_osless -0 start "$ID"
	run_osless -3 exec "$ID" sh -c 'exit 3'
	run_osless -0 kill "$ID" KILL
	wait_status "$ID" stopped
	exec_fails "cannot exec in a stopped container" "container not running" -- "$ID" true
}

# Frozen, a process that waited inside would hear no signal, nor would exec, which waits for it.
@test "a paused container: refused, or waited for outside of it" {
	local runner
	start_sleeper
	run_osless -0 pause "$ID"
	exec_fails "cannot exec in a paused container" -- "$ID" true
	osless exec --ignore-paused "$ID" sh -c 'exit 4' </dev/null &
	runner=$!
	sleep 0.3
	kill -0 $runner
	has_members 2
	run_osless -0 resume "$ID"
	status=0
	wait $runner || status=$?
	[ "$status" = 4 ]
	run_osless -0 pause "$ID"
	OSLESS_TIMEOUT=$SLOWNESS run_osless -124 exec -d --ignore-paused --pid-file "$EXEC_PID" "$ID" sleep 1000
	assert_one_line_error "exec $ID: ended by signal 15 while the container was still paused"
	[ ! -e "$EXEC_PID" ]
	has_members 2
	osless exec --ignore-paused "$ID" true </dev/null 2>"$BATS_TEST_TMPDIR/said" &
	runner=$!
	sleep 0.3
	run_osless -0 delete --force "$ID"
	status=0
	wait $runner || status=$?
	[ "$status" = 255 ]
	grep -q "container not running" "$BATS_TEST_TMPDIR/said"
}

@test "without a PID namespace of its own, the same" {
	local pid
	no_namespace pid
	start_sleeper
	run_osless -7 exec "$ID" sh -c 'id -u; exit 7'
	assert_output 65534
	exec_ok readlink /proc/self/ns/mnt
	assert_output "$(readlink "/proc/$PID/ns/mnt")"
	exec_fails 'executable file not found in $PATH' -- "$ID" nope
	members_are 3 # guard, init, payload
	exec_ok sh -c '(setsid sh -c "sleep 1000 & sleep 1000" &) ; sleep 1000 & exit 0'
	members_are 3
	run_osless -0 exec -d --pid-file "$EXEC_PID" "$ID" \
		sh -c '(setsid sleep 1000 &); sleep 1000 & sleep 1000'
	pid=$(<"$EXEC_PID")
	members_are 7 # two of its own, one that the shell became, and a child: the daemon is dead
	kill -TERM "$pid"
	members_are 3
	run_osless -0 exec -d --pid-file "$EXEC_PID" "$ID" sh -c 'sleep 1000 & sleep 1000'
	kill -KILL "$(<"$EXEC_PID")"
	members_are 3
	run_osless -0 exec -d "$ID" sh -c '(setsid sleep 1000 &) ; sleep 1000'
	kill -KILL "$(payload_of "$(children_of "$PID")")"
	wait_status "$ID" stopped
	wait_until 2 has_members 0
}

@test "a joined PID namespace" {
	hold --pid --fork
	namespace pid "/proc/$(children_of "$HOLDER")/ns/pid"
	start_sleeper
	run_osless -7 exec "$ID" sh -c 'sleep 1000 & exit 7'
	exec_ok readlink /proc/self/ns/pid
	assert_output "$(readlink "/proc/$PID/ns/pid")"
	members_are 3
}

@test "joined network and ipc namespaces" {
	local name
	hold --net --ipc
	namespace network "/proc/$HOLDER/ns/net"
	namespace ipc "/proc/$HOLDER/ns/ipc"
	start_sleeper
	for name in net ipc; do
		exec_ok readlink /proc/self/ns/$name
		assert_output "$(readlink "/proc/$HOLDER/ns/$name")"
	done
}

@test "a user namespace" {
	user_namespace 100000 65536
	namespace cgroup
	namespace time
	start_sleeper
	exec_ok sh -c 'id -u; readlink /proc/self/ns/user; readlink /proc/self/ns/time'
	assert_output "65534
$(readlink "/proc/$PID/ns/user")
$(readlink "/proc/$PID/ns/time")"
	run_osless -0 exec -d --pid-file "$EXEC_PID" "$ID" sleep 1000
	[ "$(awk '/^Uid/ { print $2 }' "/proc/$(<"$EXEC_PID")/status")" = 165534 ]
	exec_fails "5000000 is not mapped" -- --user 5000000 "$ID" true
	process '.args = [ "cat", "/proc/self/oom_score_adj" ] | .oomScoreAdj = 123'
	run_osless -0 exec --process "$DOC" "$ID"
	assert_output 123
}

@test "a user namespace without a mapped root" {
	user_namespace 100000 1000 1
	bundle_config '.process.user = { uid: 1, gid: 1 }'
	start_sleeper
	run_osless -0 exec "$ID" id -u
	assert_output 1
}

@test "a user namespace, and no PID namespace" {
	user_namespace 100000 65536
	no_namespace pid
	bundle_config '.mounts |= map(if .destination == "/proc"
		then { destination, type: "bind", source: "/proc", options: [ "rbind" ] } else . end)'
	start_sleeper
	run_osless -7 exec "$ID" sh -c 'sleep 1000 & exit 7'
	members_are 3
}

@test "a joined user namespace" {
	hold --user --map-root-user
	namespace user "/proc/$HOLDER/ns/user"
	let_others_through "$BUNDLE"
	policy '{ "modes": { "identity": "off", "syscalls": "off" } }'
	start_sleeper
	exec_ok readlink /proc/self/ns/user
	assert_output "$(readlink "/proc/$HOLDER/ns/user")"
}

@test "a user other than root, in a user namespace of his own" {
	local home=$BATS_TEST_TMPDIR/home
	as_user() {
		OSLESS_TEST=$ID setpriv --reuid 1234 --regid 1234 --clear-groups timeout "$OSLESS_TIMEOUT" \
			"$home/osless" --cgroup-manager disabled --root "$home/root" "$@" 3>&- 4>&- </dev/null
	}
	mkdir -p "$home/root"
	cp "$OSLESS" "$home/osless"
	user_namespace 1234 1
	bundle_args sleep 1000
	bundle_config 'del(.mounts[] | select(.destination == "/sys" or .type == "cgroup"))'
	chown -R 1234:1234 "$home" "$BUNDLE"
	let_others_through "$home"
	as_user run -d -b "$BUNDLE" "$ID" >/dev/null
	output=$(as_user exec "$ID" id -u)
	assert_output 0
	status=0
	as_user exec "$ID" sh -c 'exit 7' || status=$?
	[ "$status" = 7 ]
	as_user delete --force "$ID"
}

@test "supervision off: nothing stays but the program" {
	policy '{ "modes": { "supervision": "off" } }'
	start_sleeper
	run_osless -6 exec "$ID" sh -c 'exit 6'
	members_are 1
}

@test "supervision off, and no PID namespace: the program in place" {
	policy '{ "modes": { "supervision": "off" } }'
	no_namespace pid
	start_sleeper
	run_osless -6 exec "$ID" sh -c 'exit 6'
	run_osless -0 exec -d --pid-file "$EXEC_PID" "$ID" sleep 999
	[ "$(tr '\0' ' ' <"/proc/$(<"$EXEC_PID")/cmdline")" = "sleep 999 " ]
	members_are 2
}

@test "entered by chroot (--no-pivot), the root is the container's" {
	local no_pid
	for no_pid in "" yes; do
		[ -z "$no_pid" ] || no_namespace pid
		RUN_OPTIONS=--no-pivot start_sleeper
		touch "$BUNDLE/rootfs/etc/mark"
		exec_ok ls /etc/mark
		exec_ok sh -c 'ls -d /../etc/mark'
		run_osless -0 delete --force "$ID"
	done
}

@test "without cgroups" {
	bundle_args sleep 1000
	run_osless -0 --cgroup-manager disabled run -d -b "$BUNDLE" "$ID"
	run_osless -8 exec "$ID" sh -c 'exit 8'
	exec_fails "the container has no cgroups" -- --cgroup x "$ID" true
}

# -------------------------------------------------------------------------------- security

# peeper: a payload that says when it could open the memory map, program or root of a process that
# came in from outside and is not the program yet. Everything that exec runs here is busybox.
peeper() {
	# shellcheck disable=SC2016 # for the container's shell
	start_inside sh -c 'echo ready
		while :; do for p in /proc/[0-9]*; do
			case $p in /proc/1 | /proc/$$) continue ;; esac
			exe=$(readlink $p/exe) || continue
			case $exe in /bin/busybox | "") ;; *) echo "found $exe" ;; esac
			! grep -q osless $p/maps || echo "found maps"
		done; done 2>/dev/null'
	wait_until 5 grep -q ready "$OUT"
}

not_peeped_at() {
	for _ in {1..100}; do
		osless exec "$ID" true
	done
	! grep found "$OUT" || fail "a joining process could be looked into"
}

@test "the joining process cannot be looked into from inside: by the payload" {
	peeper
	not_peeped_at
}

@test "the joining process cannot be looked into from inside: by a root with the usual capabilities" {
	policy '{ "modes": { "identity": "off", "syscalls": "off" } }'
	bundle_config '.process.capabilities = ([ "CAP_DAC_OVERRIDE", "CAP_KILL", "CAP_SETUID", "CAP_CHOWN" ] |
		{ bounding: ., permitted: ., effective: . })'
	peeper
	not_peeped_at
}

@test "the joining process cannot be looked into from inside: by the root of a user namespace" {
	policy '{ "modes": { "identity": "off", "syscalls": "off" } }'
	user_namespace 100000 65536
	bundle_config '.process.capabilities = ([ "CAP_SYS_PTRACE", "CAP_SYS_ADMIN", "CAP_DAC_OVERRIDE", "CAP_KILL" ] |
		{ bounding: ., permitted: ., effective: . })'
	peeper
	not_peeped_at
}

# No directory of the host that exec, its caller or osless-init holds serves as a way out
# (CVE-2024-21626).
@test "a cwd outside of the root is refused, whatever descriptor it goes through" {
	local no_pid fd
	for no_pid in "" yes; do
		[ -z "$no_pid" ] || no_namespace pid
		start_sleeper
		exec 8</ 9<"$BATS_TEST_TMPDIR"
		for fd in {3..40}; do
			process ".args = [ \"pwd\" ] | .cwd = \"/proc/self/fd/$fd\""
			run_osless -255 exec -p "$DOC" "$ID"
			assert_one_line_error "cwd /proc/self/fd/$fd" || break 2
		done
		exec 8<&- 9<&-
		run_osless -0 delete --force "$ID"
	done
	[ "$fd" = 40 ]
}
