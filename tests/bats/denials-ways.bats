# Every way by which a process' refused calls reach the journal: the first start, restarts, exec in
# the container's own PID namespace and in a shared one, user namespaces; and what init does where it
# cannot have the listener. What is told of them: denials.bats.

load helpers
load probe

# denied: what is told so far, the name of who was refused something for the first time, one a line.
denied() {
	timeout 1 "$OSLESS" --root "$ROOT" events "$ID" 2>/dev/null |
		jq -r 'select(.data.event? == "denied") | .data.comm' || true # timeout ends it
}

# denied_are NAME...: exactly these, in order.
denied_are() {
	local want
	want=$(printf '%s\n' "$@")
	wait_until 5 denied_are_now "$want" || fail "denied: $(denied), not $want"
}

denied_are_now() {
	[ "$(denied)" = "$1" ]
}

# descriptors PID: how many it has open.
descriptors() {
	local entries=("/proc/$1/fd/"*)
	echo ${#entries[@]}
}

# descriptors_are PID NUMBER
descriptors_are() {
	[ "$(descriptors "$1")" = "$2" ]
}

@test "the first start" {
	start_inside sh -c 'probe call unshare; exec sleep 100'
	denied_are probe
}

@test "a container that has ended keeps what was refused" {
	bundle_args probe call unshare
	run_osless -0 create -b "$BUNDLE" "$ID"
	run_osless -0 start "$ID"
	wait_status "$ID" stopped
	denied_are probe
}

@test "restarts: each start has a listener, and the last ones are closed" {
	# the tenth stays
	# shellcheck disable=SC2016 # for the inner shell
	bundle_config '.annotations["dev.osless.tree"] = ({ intensity: 100, children: [ { id: "main", restart: "permanent",
		args: [ "/bin/sh", "-c", "echo >>/tmp/starts; set -- $(wc -l </tmp/starts); probe call unshare; "
			+ "[ $1 -lt 10 ] || probe call mount; [ $1 -lt 10 ] || exec sleep 100" ] } ] } | tojson)
		| .mounts += [ { destination: "/tmp", type: "tmpfs", source: "tmpfs" } ]'
	run_osless -0 run -d --pid-file "$BATS_TEST_TMPDIR/pid" -b "$BUNDLE" "$ID"
	local init
	init=$(<"$BATS_TEST_TMPDIR/pid")
	denied_are probe probe
	run_osless -0 explain -f json "$ID"
	jq -e '.denials.list | any(.call == "unshare" and .errno == "EPERM" and .count == 10)' <<<"$output" ||
		fail "not each start's call is told"
	wait_until 5 descriptors_are_few "$init" || fail "open: $(ls -l "/proc/$init/fd")"
}

# A listener, the epoll instances, procfs, a few more; ten listeners would be more.
descriptors_are_few() {
	[ "$(descriptors "$1")" -lt 15 ]
}

@test "exec: init answers for it, too" {
	start_inside sleep 100
	run_osless -0 exec "$ID" probe call unshare
	assert_output "unshare EPERM"
	denied_are probe
}

@test "exec, many times: no descriptor stays" {
	start_inside sleep 100
	local before
	run_osless -0 exec "$ID" probe call unshare
	wait_until 5 settled "$PID"
	before=$(descriptors "$PID")
	for _ in 1 2 3 4 5 6 7 8; do
		run_osless -0 exec "$ID" probe call unshare
	done
	wait_until 5 descriptors_are "$PID" "$before" || fail "$(ls -l "/proc/$PID/fd")"
	denied_are probe
}

# settled PID: the same number of descriptors twice.
settled() {
	local count
	count=$(descriptors "$1")
	sleep 0.2
	descriptors_are "$1" "$count"
}

@test "exec into the host's PID namespace" {
	no_namespace pid
	start_inside sleep 100
	run_osless -0 exec "$ID" probe call unshare
	assert_output "unshare EPERM"
	denied_are probe
}

@test "the first start in a joined PID namespace" {
	hold --pid --fork
	namespace pid "/proc/$(children_of "$HOLDER")/ns/pid"
	start_inside sh -c 'probe call unshare; exec sleep 100'
	denied_are probe
	run_osless -0 delete --force "$ID"
	release
}

@test "in a user namespace" {
	user_namespace 200000 65536
	start_inside sh -c 'probe call unshare; exec sleep 100'
	denied_are probe
	run_osless -0 exec "$ID" probe call mount
	denied_are probe probe
}

@test "detached exec" {
	start_inside sleep 100
	run_osless -0 exec -d "$ID" sh -c 'probe call unshare; exec sleep 100'
	denied_are probe
}

@test "a profile that refuses sendmsg: ours are told, its own are errnos" {
	bundle_config '.linux.seccomp = { defaultAction: "SCMP_ACT_ALLOW",
		syscalls: [ { names: [ "sendmsg", "getpriority" ], action: "SCMP_ACT_ERRNO" } ] }'
	start_inside sh -c 'probe call getpriority unshare; exec sleep 100'
	denied_are probe
	[ "$(cat "$OUT")" = $'getpriority EPERM\nunshare EPERM' ]
}

@test "a profile that refuses by default: its refusals are told as well" {
	bundle_config '.linux.seccomp = { defaultAction: "SCMP_ACT_ALLOW",
		syscalls: [ { names: [ "getpriority" ], action: "SCMP_ACT_ERRNO" } ] }'
	start_inside sh -c 'probe call getpriority unshare; exec sleep 100'
	denied_are probe probe
}

@test "supervision off: errnos as ever, and nobody is told" {
	policy '{ "modes": { "supervision": "off" } }'
	inside probe call unshare mount
	assert_output $'unshare EPERM\nmount EPERM'
}

# Whoever runs osless may have a listener already, and there can be one only.
@test "somebody above listens: errnos as ever, and explain says so" {
	command -v python3 >/dev/null || skip "needs python3"
	bundle_args sh -c 'probe call unshare; exec sleep 100'
	timeout "$OSLESS_TIMEOUT" python3 "$HELPERS_DIR/listener-above.py" "$OSLESS" --root "$ROOT" run -d -b "$BUNDLE" "$ID" \
		>"$BATS_TEST_TMPDIR/above" 2>&1 3>&- 4>&-
	wait_until 5 grep -q "unshare EPERM" "$BATS_TEST_TMPDIR/above"
	[ "$(container_status "$ID")" = running ]
	[ -z "$(denied)" ]
}

# A flood slows only who makes it.
@test "a flood: others' calls go on, and it is counted" {
	start_inside sh -c 'probe flood unshare 30000 & probe flood mount 300; kill %1; wait; exec sleep 100'
	wait_until 20 grep -q "^mount" "$OUT" || fail "the other does not come through: $(cat "$OUT")"
	local took
	took=$(awk '$1 == "mount" { print $2 }' "$OUT")
	# 300 calls take some milliseconds alone; behind the flood of one thread each waits for one more
	[ "$took" -lt 2000 ] || fail "300 calls took $took ms"
}

# Filters are loaded before the identity is changed there, and ask about the change itself.
@test "without no_new_privs, identity in audit or off" {
	local mode
	bundle_config '.process.noNewPrivileges = false'
	for mode in audit off; do
		policy "{ \"modes\": { \"identity\": \"$mode\" } }"
		start_inside sh -c 'probe call unshare; exec sleep 100'
		denied_are probe
		run_osless -0 exec "$ID" probe call mount
		assert_output "mount EPERM"
		denied_are probe probe
		run_osless -0 delete --force "$ID"
	done
}

@test "without no_new_privs, a program that is not there" {
	bundle_config '.process.noNewPrivileges = false'
	policy '{ "modes": { "identity": "audit" } }'
	bundle_args sh -c 'exit 0'
	bundle_config '.process.args = [ "/bin/nothing" ]'
	run_bundle -1
	assert_stderr /bin/nothing
}
