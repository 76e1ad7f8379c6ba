# linux.namespaces: new ones, joined ones, and the host's. (user: spec-userns, time: spec-time.)

load helpers
load probe

# links_of PID FILE...: that process' namespaces, a line each.
links_of() {
	local pid=$1 file
	shift
	for file in "$@"; do
		readlink "/proc/$pid/ns/$file"
	done
}

# shellcheck disable=SC2016 # for the container's shell
LINKS='for file; do readlink "/proc/self/ns/$file"; done'

# assert_namespaces_of PID FILE...: a container with the present config is in that process' own.
assert_namespaces_of() {
	local pid=$1
	shift
	inside sh -c "$LINKS" sh "$@"
	assert_output "$(links_of "$pid" "$@")"
}

@test "new: each differs from the host's, and from another container's" {
	local file
	start_inside sleep 100
	bundle_args sh -c "$LINKS" sh pid net ipc uts mnt cgroup
	run_osless -0 run -b "$BUNDLE" "$ID-a"
	[ ${#lines[@]} = 6 ]
	for file in pid net ipc uts mnt cgroup; do
		[[ $output != *"$(readlink "/proc/self/ns/$file")"* ]] || fail "$file is the host's"
		[[ $output != *"$(readlink "/proc/$PID/ns/$file")"* ]] || fail "$file is another's"
	done
}

@test "not given: the host's is kept" {
	local kind
	for kind in network:net ipc:ipc uts:uts cgroup:cgroup; do
		cp "$HELPERS_DIR/config.json" "$BUNDLE"
		no_namespace "${kind%:*}"
		[ "$kind" != uts:uts ] || bundle_config 'del(.hostname)'
		assert_namespaces_of self "${kind#*:}"
	done
	cp "$HELPERS_DIR/config.json" "$BUNDLE"
	assert_namespaces_of self user time
}

@test "not given: pid is the host's, and the payload is seen there" {
	no_namespace pid
	# shellcheck disable=SC2016 # for the container's shell
	inside sh -c 'readlink /proc/self/ns/pid; echo $$'
	[ "${lines[0]}" = "$(readlink /proc/self/ns/pid)" ]
	[ "${lines[1]}" -gt 2 ]
}

@test "mount is required" {
	no_namespace mount
	refuses mount namespace
}

@test "joined: network, ipc, uts, cgroup equal the path's" {
	local kind option
	for kind in network:net:-n ipc:ipc:-i uts:uts:-u cgroup:cgroup:-C; do
		option=${kind##*:}
		kind=${kind%:*}
		cp "$HELPERS_DIR/config.json" "$BUNDLE"
		bundle_config 'del(.hostname)'
		hold "$option"
		namespace "${kind%:*}" "/proc/$HOLDER/ns/${kind#*:}"
		assert_namespaces_of "$HOLDER" "${kind#*:}"
		release
	done
}

@test "joined: a cgroup namespace that hides the cgroup, with users of the container's own: told, with the cure" {
	is_v2 || skip "v1's cgroups are entered all the same"
	grep -q ' - cgroup2 .*nsdelegate' /proc/self/mountinfo || skip "cgroup namespaces are no boundaries here"
	hold -C
	user_namespace 200000 65536
	namespace cgroup "/proc/$HOLDER/ns/cgroup"
	if by_systemd; then
		run_bundle -0 # who moves processes from outside of all namespaces
	else
		run_bundle -1
		assert_one_line_error "the joined cgroup namespace hides it: choose a linux.cgroupsPath below"
	fi
	release
	assert_nothing_left
}

@test "joined: several at once" {
	bundle_config 'del(.hostname)'
	hold -n -i -u
	namespace network "/proc/$HOLDER/ns/net"
	namespace ipc "/proc/$HOLDER/ns/ipc"
	namespace uts "/proc/$HOLDER/ns/uts"
	assert_namespaces_of "$HOLDER" net ipc uts
	release
}

@test "joined: pid, with the other's processes in sight" {
	hold -p --fork --kill-child
	namespace pid "/proc/$HOLDER/ns/pid_for_children"
	inside sh -c 'readlink /proc/self/ns/pid; cat /proc/1/comm'
	assert_line "$(readlink "/proc/$HOLDER/ns/pid_for_children")"
	assert_line sleep
	release
}

@test "joined: another container's, as engines make pods" {
	local pod
	start_inside sleep 100
	pod=$PID
	namespace network "/proc/$pod/ns/net"
	namespace ipc "/proc/$pod/ns/ipc"
	namespace uts "/proc/$pod/ns/uts"
	namespace pid "/proc/$pod/ns/pid"
	bundle_args sh -c "$LINKS" sh net ipc uts pid
	run_osless -0 run -b "$BUNDLE" "$ID-a"
	assert_output "$(links_of "$pod" net ipc uts pid)"
	status_is "$ID" running
}

@test "joined: mount" {
	hold -m
	namespace mount "/proc/$HOLDER/ns/mnt"
	assert_namespaces_of "$HOLDER" mnt
	release
}

@test "joined: a file bound to the namespace, as CNI has it" {
	local netns=$BATS_TEST_TMPDIR/netns
	hold -n
	touch "$netns"
	mount --bind "/proc/$HOLDER/ns/net" "$netns"
	namespace network "$netns"
	assert_namespaces_of "$HOLDER" net
	umount "$netns"
	release
}

@test "joined: the path is missing, relative, no namespace, one of another type" {
	namespace ipc /nonexistent
	refuses ipc /nonexistent "no such file or directory"
	namespace ipc relative
	refuses namespaces relative
	namespace ipc /etc/passwd
	refuses ipc /etc/passwd "not a namespace"
	namespace ipc /proc/self/ns/uts
	refuses ipc /proc/self/ns/uts "another type"
}

@test "unknown and repeated types" {
	namespace quantum
	refuses namespaces quantum
	cp "$HELPERS_DIR/config.json" "$BUNDLE"
	bundle_config '.linux.namespaces += [ { type: "ipc" } ]'
	refuses namespaces ipc twice
}

@test "network: loopback is up, and it is the only interface" {
	inside sh -c 'ip link show lo; ping -c 1 -W 2 127.0.0.1 | grep -c "1 packets received";
		grep -c : /proc/net/dev'
	[[ $output == *LOOPBACK,UP* ]] || fail "lo is down"
	[ "${lines[-1]}" = 1 ]
}

@test "network: a joined or kept one's loopback is left as it is" {
	local flags
	hold -n # lo is down in there
	namespace network "/proc/$HOLDER/ns/net"
	inside cat /sys/class/net/lo/flags /proc/net/dev
	flags=$(nsenter -n -t "$HOLDER" ip link show lo 2>/dev/null ||
		nsenter -n -t "$HOLDER" busybox ip link show lo)
	[[ $flags != *,UP* ]] || fail "osless brought a joined namespace's lo up"
	no_namespace network
	bundle_args true
	nsenter -n -t "$HOLDER" "$OSLESS" --root "$ROOT" run -b "$BUNDLE" "$ID"
	flags=$(nsenter -n -t "$HOLDER" busybox ip link show lo)
	[[ $flags != *,UP* ]] || fail "osless brought the caller's lo up"
	release
}

@test "uts: the host's name stays what it was" {
	local host
	host=$(uname -n)
	inside uname -n
	assert_output box
	[ "$(uname -n)" = "$host" ]
	no_namespace uts
	bundle_args uname -n
	run_osless run -b "$BUNDLE" "$ID"
	[ "$(uname -n)" = "$host" ] || fail "the host was renamed"
	[ "$status" != 0 ] || assert_output "$host"
}

@test "ipc: the host's message queues are not in sight" {
	local queue
	queue=$(ipcmk -Q | grep -o '[0-9]*$')
	inside wc -l /proc/sysvipc/msg
	assert_output "1 /proc/sysvipc/msg" || { ipcrm -q "$queue" && return 1; }
	no_namespace ipc
	inside cat /proc/sysvipc/msg
	ipcrm -q "$queue"
	grep -q " $queue " <<<"$output" || fail "the host's queues are not there without a namespace"
}

@test "cgroup: its own directory is the root" {
	inside sh -c 'cut -d: -f3 /proc/self/cgroup | sort -u'
	assert_output /
	no_namespace cgroup
	inside cat /proc/self/cgroup
	[[ $output == *"$ID"* ]]
}

@test "shared pid: orphans come to init, which ends them" {
	local orphan
	no_namespace pid
	start_inside sh -c 'sh -c "sleep 1000 & echo \$!"; exec sleep 100'
	wait_until 5 test -s "$OUT"
	orphan=$(<"$OUT")
	wait_until 2 is_gone "$orphan" || fail "the orphan lives on: $(cat "/proc/$orphan/status")"
	status_is "$ID" running
}

@test "shared pid: kill KILL takes all along" {
	local family
	no_namespace pid
	start_inside sh -c 'sleep 1000 & sh -c "sleep 1000 & wait" & echo ready; wait'
	wait_until 5 test -s "$OUT"
	mapfile -t family < <(cat "$(container_cgroup pids)/cgroup.procs")
	[ ${#family[@]} -ge 4 ]
	run_osless -0 kill "$ID" KILL
	wait_until 2 is_gone "${family[@]}" || fail "some live on: ${family[*]}"
}

@test "shared pid: delete --force takes all along" {
	local family
	no_namespace pid
	start_inside sh -c 'setsid sleep 1000 & echo ready; wait'
	wait_until 5 test -s "$OUT"
	mapfile -t family < <(cat "$(container_cgroup pids)/cgroup.procs")
	run_osless -0 delete --force "$ID"
	wait_until 2 is_gone "${family[@]}" || fail "some live on: ${family[*]}"
}

# Then nobody is left in the container to end the rest; its cgroup still knows who that is.
@test "shared pid: guard and init killed at once, delete takes all along" {
	local family init
	no_namespace pid
	start_inside sh -c 'setsid sleep 1000 & echo ready; wait'
	wait_until 5 test -s "$OUT"
	mapfile -t family < <(cat "$(container_cgroup pids)/cgroup.procs")
	init=$(children_of "$PID")
	kill -STOP "$PID" "$init" # neither sees the other go
	kill -KILL "$PID" "$init"
	wait_status "$ID" stopped
	! is_gone "${family[@]}" || fail "nothing has outlived them"
	run_osless -0 delete "$ID"
	wait_until 2 is_gone "${family[@]}" || fail "some live on: ${family[*]}"
}
