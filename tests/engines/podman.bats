# osless under Debian's podman and conmon. Nothing of a podman that runs on this machine is touched.

load podman

ENGINE_NAME=podman

setup_file() {
	podman_needs podman conmon || return 0
	podman_import
}

teardown_file() {
	podman_end
}

@test "run: output, input, exit status" {
	run_engine -7 podman_run --rm $IMAGE sh -c 'echo to stdout; echo to stderr >&2; exit 7'
	assert_output "to stdout"
	assert_stderr "to stderr"
	run_engine -137 podman_run --rm $IMAGE sh -c 'kill -KILL $$; sleep 5 & kill -KILL $!; exit 137'
	[ "$(echo through stdin | podman_run -i --rm $IMAGE cat)" = "through stdin" ]
	nothing_left
}

@test "run: a missing program is 127, one that cannot be run 126" {
	run_engine -127 podman_run --rm $IMAGE no-such-program
	assert_stderr "executable file not found in \$PATH"
	run_engine -126 podman_run --rm $IMAGE /etc/passwd
	assert_stderr "permission denied"
}

@test "run -t" {
	run_with_terminal
}

@test "run -d, wait, logs" {
	run_engine -0 podman_run -d --name "$ID" $IMAGE sh -c 'echo out; echo err >&2; sleep "$1"; exit 3' sh "$SLOWNESS"
	becomes "$ID" '{{.State.Status}}' running
	run_engine -0 podman wait "$ID"
	assert_output 3
	run_engine -0 podman logs "$ID"
	assert_output out
	assert_stderr err
	inspects "$ID" '{{.State.ExitCode}} {{.State.Status}} {{.OCIRuntime}}' "3 exited $RUNTIME"
}

sleeping() {
	podman_run -d --name "$ID" "$@" $IMAGE sleep 1000 >/dev/null
}

@test "exec: output, input, status, detached" {
	sleeping
	run_engine -9 podman exec "$ID" sh -c 'echo in exec; exit 9'
	assert_output "in exec"
	run_engine -127 podman exec "$ID" no-such-program
	[ "$(echo data | podman exec -i "$ID" cat)" = data ]
	run_engine -0 podman exec -e NAME=value -w /tmp -u 1000:1000 "$ID" sh -c 'echo $NAME $PWD $(id -u):$(id -g)'
	assert_output "value /tmp 1000:1000"
	run_engine -0 podman exec -d "$ID" touch /tmp/made
	wait_until 5 podman exec "$ID" test -e /tmp/made
}

@test "exec -t" {
	sleeping
	if ! is_osless; then
		run_engine -0 podman exec -t "$ID" tty -s
		return
	fi
	run_engine -255 podman exec -t "$ID" tty -s
	assert_stderr "terminals are not supported: run without -t"
	run_engine -0 podman exec "$ID" true
	refused_by_design "no -t"
}

# ready: the container's own word that its traps are set.
ready() {
	wait_until 5 eval "podman logs $ID | grep -q ready"
}

@test "stop: by TERM, and after the timeout by KILL" {
	podman_run -d --name "$ID" $IMAGE sh -c 'trap "exit 5" TERM; echo ready; while :; do sleep 0.1; done'
	ready
	run_engine -0 podman stop -t 20 "$ID"
	inspects "$ID" '{{.State.ExitCode}} {{.State.Status}}' "5 exited"
	podman rm "$ID"
	podman_run -d --name "$ID" $IMAGE sh -c 'trap "" TERM; echo ready; while :; do sleep 0.1; done'
	ready
	run_engine -0 podman stop -t 1 "$ID"
	inspects "$ID" '{{.State.ExitCode}} {{.State.Status}}' "137 exited"
}

@test "kill: a signal is passed on, KILL ends it" {
	podman_run -d --name "$ID" $IMAGE sh -c 'trap "echo got USR1" USR1; echo ready; while :; do sleep 0.1; done'
	ready
	run_engine -0 podman kill -s USR1 "$ID"
	wait_until 5 eval "podman logs $ID | grep -q 'got USR1'"
	run_engine -0 podman kill "$ID"
	run_engine -0 podman wait "$ID"
	assert_output 137
	run_engine ! podman kill "$ID"
}

@test "restart, and start again" {
	podman_run -d --name "$ID" $IMAGE sh -c 'echo begun; sleep 1000'
	wait_until 5 eval "podman logs $ID | grep -q begun"
	run_engine -0 podman restart -t 1 "$ID"
	wait_until 5 eval "[ \$(podman logs $ID | grep -c begun) = 2 ]"
	podman kill "$ID"
	podman wait "$ID"
	run_engine -0 podman start "$ID"
	becomes "$ID" '{{.State.Status}}' running
}

@test "restart policy" {
	podman_run -d --name "$ID" --restart on-failure:2 $IMAGE sh -c 'echo begun; exit 3'
	becomes "$ID" '{{.RestartCount}} {{.State.ExitCode}} {{.State.Status}}' "2 3 exited"
	wait_until 5 eval "[ \$(podman logs $ID | grep -c begun) = 3 ]"
}

# Its timer would be systemd's.
@test "healthcheck" {
	sleeping --health-cmd 'test -e /tmp/well' --health-interval disable --health-retries 1
	run_engine -1 podman healthcheck run "$ID"
	inspects "$ID" '{{.State.Health.Status}}' unhealthy
	podman exec "$ID" touch /tmp/well
	run_engine -0 podman healthcheck run "$ID"
	inspects "$ID" '{{.State.Health.Status}}' healthy
}

@test "inspect, ps, top" {
	local pid
	sleeping --hostname box
	pid=$(inspect "$ID" '{{.State.Pid}}')
	[ "$(readlink "/proc/$pid/ns/pid")" != "$(readlink /proc/self/ns/pid)" ]
	[ "$(cat "$(inspect "$ID" '{{.PidFile}}')")" = "$pid" ]
	inspects "$ID" '{{.State.Running}} {{.HostConfig.CgroupParent}}' "true $(parent)"
	run_engine -0 podman top "$ID" pid args
	[[ $output == *"sleep 1000"* ]]
	run_engine -0 podman ps --format '{{.Names}}'
	assert_output "$ID"
}

# The pause image is the same busybox.
@test "pods: shared namespaces, stop, start, kill" {
	local kind
	run_engine -0 podman pod create --name "$ID-pod" --infra-image $IMAGE --infra-command "/bin/sleep 1000" \
		--network none --share ipc,net,uts,pid --hostname pod-box --cgroup-parent "$(parent)"
	podman run -d --pod "$ID-pod" --name "$ID-a" $IMAGE sh -c 'echo shared >/dev/shm/file; sleep 1000'
	podman run -d --pod "$ID-pod" --name "$ID-b" $IMAGE sleep 1000
	for kind in ipc net uts pid; do
		[ "$(podman exec "$ID-a" readlink /proc/self/ns/$kind)" = \
			"$(podman exec "$ID-b" readlink /proc/self/ns/$kind)" ]
	done
	[ "$(podman exec "$ID-a" readlink /proc/self/ns/mnt)" != "$(podman exec "$ID-b" readlink /proc/self/ns/mnt)" ]
	[ "$(podman exec "$ID-b" uname -n)" = pod-box ]
	wait_until 5 eval "[ \$(podman exec $ID-b ps | grep -c 'sleep 1000') -ge 3 ]" # with infra's
	podman exec "$ID-b" touch /dev/shm/other
	podman exec "$ID-a" cat /dev/shm/file /dev/shm/other
	inspects "$ID-a" '{{.State.Status}}' running
	# One goes, and neither its neighbour nor the pod with it.
	run_engine -0 podman rm -f -t 0 "$ID-a"
	[ "$(podman exec "$ID-b" echo there)" = there ]
	run_engine -0 podman pod stop -t 1 "$ID-pod"
	run_engine -0 podman pod start "$ID-pod"
	[ "$(podman exec "$ID-b" echo there)" = there ]
	run_engine -0 podman pod kill "$ID-pod"
	run_engine -0 podman pod rm -f -t 0 "$ID-pod"
}

@test "namespaces of another container, and the host's" {
	sleeping
	[ "$(podman run --rm --network "container:$ID" --ipc "container:$ID" --pid "container:$ID" \
		--cgroup-parent "$(parent)" $IMAGE readlink /proc/self/ns/net)" = "$(podman exec "$ID" readlink /proc/self/ns/net)" ]
	[ "$(podman run --rm --network host --pid host --ipc host --uts host --cgroup-parent "$(parent)" \
		$IMAGE readlink /proc/self/ns/net)" = "$(readlink /proc/self/ns/net)" ]
}

@test "volumes: bound, named, read-only; tmpfs" {
	mkdir -p "$ENGINE/volume/$ID"
	echo from the host >"$ENGINE/volume/$ID/file"
	run_engine -0 podman_run --rm -v "$ENGINE/volume/$ID:/data" $IMAGE \
		sh -c 'cat /data/file; echo from inside >/data/new'
	assert_output "from the host"
	grep -q "from inside" "$ENGINE/volume/$ID/new"
	run_engine ! podman_run --rm -v "$ENGINE/volume/$ID:/data:ro" $IMAGE sh -c 'echo x >/data/new'
	assert_stderr "Read-only file system"
	run_engine -0 podman_run --rm -v "$ID-volume:/data" $IMAGE sh -c 'echo kept >/data/file'
	run_engine -0 podman_run --rm -v "$ID-volume:/data" $IMAGE cat /data/file
	assert_output kept
	run_engine -0 podman_run --rm --tmpfs /scratch:size=1m $IMAGE sh -c 'echo x >/scratch/x && grep -c " /scratch tmpfs" /proc/mounts'
	assert_output 1
	podman volume rm "$ID-volume"
}

@test "user namespaces" {
	sleeping --uidmap 0:200000:65536 --gidmap 0:200000:65536
	[ "$(podman exec "$ID" cat /proc/self/uid_map | xargs)" = "0 200000 65536" ]
	[ "$(stat -c %u "/proc/$(pgrep -x sleep --ns "$(inspect "$ID" '{{.State.Pid}}')" --nslist pid)")" -ge 200000 ]
	podman exec "$ID" sh -c 'echo x >/made'
}

@test "read-only" {
	run_engine ! podman_run --rm --read-only $IMAGE sh -c 'echo x >/x'
	assert_stderr "Read-only file system"
	run_engine -0 podman_run --rm --read-only $IMAGE sh -c 'echo x >/tmp/x && cat /tmp/x'
	assert_output x
}

# limit CONTROLLER FILE-ON-V1 FILE-ON-V2: of the container's cgroup.
limit() {
	local id
	id=$(inspect "$ID" '{{.Id}}')
	if by_systemd; then
		cgroup_file "$1" "$2" "$3" "$(cgroup_below "$ID.slice" libpod "$id")"
	else
		cgroup_file "$1" "$2" "$3" "$ID/libpod-$id"
	fi
}

# Of v1, or as cpu.weight by the formula of kernels and runtimes before 2025, or that of now.
has_512_shares() {
	[[ $(limit cpu cpu.shares cpu.weight) =~ ^(512|20|59)$ ]]
}

@test "limits of memory, CPU and processes reach the cgroup" {
	sleeping --memory 32m --pids-limit 30 --cpu-shares 512 --cpus 0.5
	[ "$(limit memory memory.limit_in_bytes memory.max)" = 33554432 ]
	[ "$(limit pids pids.max pids.max)" = $((30 + $(own_processes))) ]
	has_512_shares
	[[ $(limit cpu cpu.cfs_quota_us cpu.max) == 50000* ]]
	run_engine -137 podman exec "$ID" sh -c 'x=x; while :; do x=$x$x; done'
}

@test "users: root, and another" {
	run_engine -0 podman_run --rm --user 1000:1000 $IMAGE id -u
	assert_output 1000
	run_engine -0 podman_run --rm $IMAGE sh -c 'id -u; echo x >/root/x && cat /root/x'
	if ! is_osless; then
		assert_output $'0\nx'
		return
	fi
	assert_output $'65534\nx'
	echo '{ "modes": { "identity": "off" } }' >"$ENGINE/as-runc.json"
	run_engine -0 podman --runtime-flag "policy=$ENGINE/as-runc.json" run --rm --network none \
		--cgroup-parent "$(parent)" $IMAGE id -u
	assert_output 0
	stripped_by_design "nobody; cure: \"identity\": \"off\" in the host's policy"
}

@test "rm -f: a running one, and nothing is left" {
	sleeping
	run_engine -0 podman rm -f -t 0 "$ID"
	run_engine -1 podman container exists "$ID"
	wait_until 5 drop_parents
	nothing_left
}

run_one() {
	podman_run --rm $IMAGE sh -c "exit $1" || [ $? = "$1" ]
}

@test "10 in parallel, and nothing is left" {
	parallel 10 run_one
	run_engine -0 podman ps --all --quiet
	assert_output ""
	nothing_left
}

@test "cp, diff, commit" {
	sleeping
	echo content >"$ENGINE/file"
	run_engine -0 podman cp "$ENGINE/file" "$ID:/tmp/file"
	[ "$(podman exec "$ID" cat /tmp/file)" = content ]
	run_engine -0 podman diff "$ID"
	[[ $output == *"A /tmp/file"* ]]
	run_engine -0 podman commit -q --pause=false "$ID" "localhost/made:$ID"
	run_engine -0 podman_run --rm "localhost/made:$ID" cat /tmp/file
	assert_output content
	podman rmi "localhost/made:$ID"
}

@test "--cgroups=disabled, as containers.conf says" {
	if ! is_osless; then
		run_engine ! podman run --rm --network none --cgroups disabled $IMAGE true
		VERDICT="podman refuses it to $RUNTIME"
		return
	fi
	podman run -d --name "$ID" --network none --cgroups disabled $IMAGE sleep 1000
	inspects "$ID" '{{.State.Status}}' running
	[ -z "$(list_cgroups | grep -F "$(inspect "$ID" '{{.Id}}')")" ]
	run_engine -0 podman rm -f -t 0 "$ID"
}

@test "seccomp, capabilities, sysctls" {
	run_engine -0 podman_run --rm $IMAGE grep -c '^Seccomp:.2' /proc/self/status
	assert_output 1
	run_engine -0 podman_run --rm --cap-drop all --security-opt no-new-privileges $IMAGE \
		sh -c 'grep -c "^CapEff:.0000000000000000" /proc/self/status; grep -c "^NoNewPrivs:.1" /proc/self/status'
	assert_output $'1\n1'
	run_engine -0 podman_run --rm --sysctl net.ipv4.ip_forward=1 $IMAGE cat /proc/sys/net/ipv4/ip_forward
	assert_output 1
}

@test "podman passes --log-format=json, as containers.conf says, and reads the log" {
	: >"$ENGINE/calls"
	run_engine ! podman_run --rm $IMAGE no-such-program
	grep -q -e '--log-format=json.* create ' "$ENGINE/calls"
	[[ $stderr != *'"level"'* ]]
}

@test "stats" {
	sleeping
	run_engine -0 podman stats --no-stream --format '{{.Name}} {{.PIDs}}' "$ID"
	[[ $output =~ ^"$ID"\ [12]$ ]]
}

@test "pause, unpause" {
	sleeping
	run_engine -0 podman pause "$ID"
	inspects "$ID" '{{.State.Status}}' paused
	run_engine ! podman exec "$ID" true
	run_engine -0 podman unpause "$ID"
	inspects "$ID" '{{.State.Status}}' running
	run_engine -0 podman exec "$ID" true
	run_engine -0 podman commit -q --pause "$ID" "localhost/made:$ID"
	podman rmi "localhost/made:$ID"
}

@test "update" {
	podman --help | grep -q '^  update ' || skip "this podman has no update"
	sleeping --memory 32m
	run_engine -0 podman update --memory 64m --cpu-shares 512 "$ID"
	[ "$(limit memory memory.limit_in_bytes memory.max)" = 67108864 ]
	has_512_shares
}

# No wrapper between them, which gives the others their --root.
@test "the default root serves" {
	osless_only "osless' root"
	RUNTIME=$OSLESS
	run_engine -0 podman_run -d --name "$ID" $IMAGE sleep 1000
	[ -d "/run/osless/$(inspect "$ID" '{{.Id}}')" ]
	run_engine -4 podman exec "$ID" sh -c 'exit 4'
	run_engine -0 podman rm -f -t 0 "$ID"
	RUNTIME=osless
}
