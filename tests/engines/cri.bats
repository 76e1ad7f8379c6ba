# osless under the CRI plugin of Debian's containerd, over which the kubelet speaks, driven by a small
# client of our own (cri.py). Pods have an address by the CNI plugin ptp, in a network namespace that
# stands for the host's.

load engines

ENGINE_NAME=CRI
PAUSE=localhost/pause:test

setup_file() {
	engine_needs containerd ctr containerd-shim-runc-v2 || return 0
	/usr/bin/python3 -c 'import grpc' && [ -x /usr/lib/cni/ptp ] || {
		unset ENGINE
		return 0
	}
	make_parent
	install_audit
	make_network
	start_containerd "$(cri_config)"
	import_image $IMAGE /bin/sh
	import_image $PAUSE /bin/sleep 1000000
	wait_until 10 succeeds cri Version
}

teardown_file() {
	stop_containerd
	remove_parent
	remove_audit
}

setup() {
	engine_setup "${ENGINE:-}/runtime/k8s.io"
}

teardown() {
	engine_teardown
}

succeeds() {
	"$@" >/dev/null 2>&1
}

engine_clean() {
	local pod
	for pod in $(cri ListPodSandbox | jq -r '.items[].id'); do
		cri StopPodSandbox "{\"pod_sandbox_id\": \"$pod\"}" >/dev/null
		cri RemovePodSandbox "{\"pod_sandbox_id\": \"$pod\"}" >/dev/null
	done
}

make_network() {
	mkdir -p "$ENGINE/cni"
	cat >"$ENGINE/cni/10-ptp.conflist" <<-JSON
		{ "cniVersion": "0.4.0", "name": "$TAG", "plugins": [ { "type": "ptp", "ipam": {
		  "type": "host-local", "subnet": "10.231.8.0/24", "dataDir": "$ENGINE/addresses" } } ] }
	JSON
}

# Where this machine's root lacks CAP_SYS_RESOURCE no runtime can give the pause program its -998.
cri_config() {
	local restrict=true systemd=false
	! (echo -998 >/proc/self/oom_score_adj) 2>/dev/null || restrict=false
	! by_systemd || systemd=true
	cat <<-TOML
		[plugins."io.containerd.grpc.v1.cri"]
		  sandbox_image = "$PAUSE"
		  restrict_oom_score_adj = $restrict
		  disable_tcp_service = true
		  stream_server_port = "0"
		  netns_mounts_under_state_dir = true
		  [plugins."io.containerd.grpc.v1.cri".cni]
		    bin_dir = "/usr/lib/cni"
		    conf_dir = "$ENGINE/cni"
		  [plugins."io.containerd.grpc.v1.cri".containerd]
		    snapshotter = "native"
		    default_runtime_name = "under-test"
		    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.under-test]
		      runtime_type = "io.containerd.runc.v2"
		      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.under-test.options]
		        BinaryName = "$RUNTIME_PROGRAM"
		        Root = "$ENGINE/runtime"
		        SystemdCgroup = $systemd
	TOML
	# Of contrib's file all but what the whole file says once; state lies with the others'.
	contrib containerd/config-v2.toml | sed -e '/^version =/d' -e "/BinaryName/a Root = '$ENGINE/runtime'" \
		-e "s/SystemdCgroup = .*/SystemdCgroup = $systemd/"
}

# import_image NAME PROGRAM [ARGUMENT...]
import_image() {
	make_image "$ENGINE/image.tar" "$@"
	ctr_in k8s.io image import --snapshotter native "$ENGINE/image.tar"
}

# cri [--repeat N] METHOD [JSON]
cri() {
	local repeat=()
	[ "$1" != --repeat ] || { repeat=("$1" "$2") && shift 2; }
	timeout -k 5 "$ENGINE_TIMEOUT" "$BATS_TEST_DIRNAME/cri.py" "${repeat[@]}" "$ENGINE/sock" "$@" 3>&- 4>&-
}

# pod_config [JQ-FILTER]: of the test's pod.
pod_config() {
	jq -nc --arg id "$ID" --arg parent "/$PARENT" "{
		metadata: { name: \$id, uid: \$id, namespace: \"test\" }, hostname: \"pod\", log_directory: \"$BATS_TEST_TMPDIR\",
		linux: { cgroup_parent: \$parent } } ${1:+| $1}"
}

# run_pod [JQ-FILTER [CLASS]]: POD is its id.
run_pod() {
	POD_CONFIG=$(pod_config "${1:-}")
	run_engine -0 cri RunPodSandbox "{\"config\": $POD_CONFIG, \"runtime_handler\": \"${2:-}\"}"
	POD=$(jq -r .pod_sandbox_id <<<"$output")
}

# create [--with JQ-FILTER] PROGRAM [ARGUMENT...]: CONTAINER is its id, CGROUP its path.
create() {
	local filter=.
	[ "$1" != --with ] || { filter=$2 && shift 2; }
	run_engine -0 cri CreateContainer "$(create_request "$filter" "$@")"
	CONTAINER=$(jq -r .container_id <<<"$output")
	CGROUP=$(cgroup_below "$PARENT" cri-containerd "$CONTAINER")
}

# The kubelet's default, a PID namespace of the container's own, is not the protocol's.
create_request() {
	jq -nc --arg pod "$POD" --argjson pod_config "$POD_CONFIG" --arg image $IMAGE --arg name "c$RANDOM" '
		{ pod_sandbox_id: $pod, sandbox_config: $pod_config, config: ({ metadata: { $name },
			image: { $image }, log_path: "\($name).log", command: $ARGS.positional,
			linux: { security_context: { namespace_options: { pid: 1 } } } } | '"$1"') }' \
		--args -- "${@:2}"
}

# of METHOD [MEMBERS]: a request about the container.
of() {
	cri "$1" "{\"container_id\": \"$CONTAINER\"${2:+, $2}}"
}

start() {
	create "$@"
	run_engine -0 of StartContainer
}

# status_says STATE EXIT-CODE: state 0 is created, 1 running, 2 exited.
status_says() {
	[ "$(of ContainerStatus | jq -r '"\(.status.state) \(.status.exit_code)"')" = "$1 $2" ]
}

# exec_sync PROGRAM [ARGUMENT...]
exec_sync() {
	jq -nc --arg container_id "$CONTAINER" '{ $container_id, cmd: $ARGS.positional, timeout: 20 }' \
		--args -- "$@"
}

@test "pod: run, address, stop, remove; nothing is left" {
	run_pod
	run_engine -0 cri PodSandboxStatus "{\"pod_sandbox_id\": \"$POD\"}"
	[[ $(jq -r .status.network.ip <<<"$output") == 10.231.8.* ]] || fail "no address"
	run_engine -0 cri StopPodSandbox "{\"pod_sandbox_id\": \"$POD\"}"
	run_engine -0 cri RemovePodSandbox "{\"pod_sandbox_id\": \"$POD\"}"
	assert_nothing_left
}

@test "pod: in the host's network" {
	run_pod 'del(.hostname) | .linux.security_context.namespace_options.network = 2'
	start --with '.linux.security_context.namespace_options.network = 2' sleep 1000
	run_engine -0 cri ExecSync "$(exec_sync readlink /proc/self/ns/net)"
	[ "$(jq -r .stdout <<<"$output")" = "$(readlink "/proc/$(<"$ENGINE/containerd.pid")/ns/net")" ] ||
		fail "it is not the host's"
}

@test "container: create, start, its log, its exit status, remove" {
	run_pod
	start sh -c 'hostname; echo error >&2; exit 7'
	wait_until 10 status_says 2 7
	grep -q 'stdout F pod$' "$BATS_TEST_TMPDIR"/c*.log
	grep -q 'stderr F error$' "$BATS_TEST_TMPDIR"/c*.log
	run_engine -0 of RemoveContainer
}

@test "container: a missing program is an error that names it" {
	run_pod
	create no-such-program
	run_engine ! of StartContainer
	assert_stderr '"no-such-program": executable file not found in $PATH'
}

@test "container: tty" {
	run_pod
	if ! is_osless; then
		start --with '.tty = 1' tty
		wait_until 10 status_says 2 0
		return
	fi
	create --with '.tty = 1' true
	run_engine ! of StartContainer
	assert_stderr "terminals are not supported: run without -t"
	start true
	refused_by_design "no tty"
}

@test "containers of a pod share its network, and its processes where it says so" {
	run_pod '.linux.security_context.namespace_options.pid = 0'
	start --with '.linux.security_context.namespace_options.pid = 0' \
		sh -c 'echo hello >/www; while :; do nc -l -p 80 </www; done'
	start --with '.linux.security_context.namespace_options.pid = 0' sleep 999
	hears() {
		cri ExecSync "$(exec_sync nc -w 2 127.0.0.1 80)" | grep -q hello
	}
	wait_until 10 hears || fail "no answer"
	run_engine -0 cri ExecSync "$(exec_sync ps)"
	[[ $output == *"nc -l"*"sleep 999"* ]] || fail "the other container's processes are not to be seen"
}

@test "container: limits, read-only, the engine's seccomp profile" {
	run_pod
	start --with '.linux *= { resources: { memory_limit_in_bytes: 67108864, cpu_period: 100000,
		cpu_quota: 50000, oom_score_adj: 500 }, security_context: { readonly_rootfs: 1,
		no_new_privs: 1, seccomp: { profile_type: 0 } } }' sleep 1000
	[ "$(cgroup_file memory memory.limit_in_bytes memory.max "$CGROUP")" = 67108864 ]
	[[ $(cgroup_file cpu cpu.cfs_quota_us cpu.max "$CGROUP") == 50000* ]]
	run_engine -0 cri ExecSync "$(exec_sync sh -c \
		'cat /proc/self/oom_score_adj; grep -E "^(Seccomp|NoNewPrivs):" /proc/self/status | tr "\t" " "; echo >/new')"
	[[ $(jq -r .stdout <<<"$output") == 500$'\n'"NoNewPrivs: 1"$'\n'"Seccomp: 2" ]] || fail "another status"
	[[ $(jq -r .stderr <<<"$output") == *"Read-only file system"* ]] || fail "it could write"
}

@test "container: what exceeds its memory is killed, and its reason is OOMKilled" {
	run_pod
	start --with '.linux.resources.memory_limit_in_bytes = 16777216' tail /dev/zero
	wait_until 10 status_says 2 137
	[ "$(of ContainerStatus | jq -r .status.reason)" = OOMKilled ]
}

@test "ExecSync: output and exit status come back" {
	run_pod
	start sleep 1000
	run_engine -0 cri ExecSync "$(exec_sync sh -c 'echo out; echo err >&2; exit 6')"
	[ "$(jq -c . <<<"$output")" = '{"stdout":"out\n","stderr":"err\n","exit_code":6}' ] || fail "another answer"
	run_engine ! cri ExecSync "$(exec_sync no-such-program)"
	assert_stderr "executable file not found in \$PATH"
}

@test "ExecSync: 100 probes that leave a child behind, and nothing of them is left" {
	run_pod
	start sleep 1000
	run_engine -0 cri --repeat 100 ExecSync "$(exec_sync sh -c 'sleep 1000 & exit 3')"
	[ "$(jq .exit_code <<<"$output")" = 3 ]
	wait_until 5 processes_are 1 "$CGROUP" || fail "$(processes_in "$CGROUP") processes"
}

@test "ExecSync: the same in a PID namespace that the pod shares" {
	run_pod '.linux.security_context.namespace_options.pid = 0'
	start --with '.linux.security_context.namespace_options.pid = 0' sleep 1000
	run_engine -0 cri --repeat 20 ExecSync "$(exec_sync sh -c 'sleep 1000 & exit 3')"
	[ "$(jq .exit_code <<<"$output")" = 3 ]
	# A guard stands beside init there, which is not the namespace's first process.
	wait_until 5 processes_are 2 "$CGROUP" || fail "$(processes_in "$CGROUP") processes"
}

@test "ContainerStats" {
	run_pod
	start sleep 1000
	run_engine -0 of ContainerStats
	jq -e '.stats | .cpu.usage_core_nano_seconds.value > 0 and .memory.working_set_bytes.value > 0' \
		<<<"$output" >/dev/null || fail "no numbers"
}

@test "UpdateContainerResources" {
	run_pod
	start --with '.linux.resources = { memory_limit_in_bytes: 67108864, cpu_period: 100000, cpu_quota: 50000 }' \
		sleep 1000
	run_engine -0 of UpdateContainerResources \
		'"linux": {"memory_limit_in_bytes": 134217728, "cpu_period": 100000, "cpu_quota": 70000}'
	[ "$(cgroup_file memory memory.limit_in_bytes memory.max "$CGROUP")" = 134217728 ]
	[[ $(cgroup_file cpu cpu.cfs_quota_us cpu.max "$CGROUP") == 70000* ]]
	run_engine -0 cri ExecSync "$(exec_sync true)"
}

@test "StopContainer: gracefully" {
	run_pod
	start sh -c 'trap "exit 5" TERM; echo begun; while :; do sleep 0.1; done'
	wait_until 10 grep -q begun "$BATS_TEST_TMPDIR"/c*.log
	run_engine -0 of StopContainer '"timeout": 10'
	status_says 2 5
}

@test "StopContainer: what does not end is killed after its time" {
	run_pod
	start sh -c 'trap "" TERM; echo begun; while :; do sleep 0.1; done'
	wait_until 10 grep -q begun "$BATS_TEST_TMPDIR"/c*.log
	run_engine -0 of StopContainer '"timeout": 1'
	status_says 2 137
}

@test "pod: removed with containers that run, and nothing is left" {
	run_pod
	start sh -c 'sleep 1000 & sleep 1000'
	start sleep 1000
	run_engine -0 cri StopPodSandbox "{\"pod_sandbox_id\": \"$POD\"}"
	run_engine -0 cri RemovePodSandbox "{\"pod_sandbox_id\": \"$POD\"}"
	assert_nothing_left
}

# events_of CONTAINER
events_of() {
	"$OSLESS" --root "$ROOT" events --no-follow "$1"
}

@test "class osless: a pod's annotation reaches its containers" {
	osless_only "osless' own class"
	run_pod '.annotations = [ { key: "dev.osless.restart", value: "permanent" } ]' osless
	start sh -c 'echo begun; [ ! -e /tmp/mark ] || exec sleep 1000; echo >/tmp/mark; exit 3'
	begun_twice() {
		[ "$(cat "$BATS_TEST_TMPDIR"/c*.log | grep -c begun)" -ge 2 ]
	}
	wait_until 10 begun_twice || fail "it was not restarted"
	status_says 1 0
}

@test "class osless-audit: nothing is refused, and it is told" {
	osless_only "osless' second class"
	run_pod . osless-audit
	start sh -c 'chroot / true && echo "done"; exec sleep 1000'
	wait_until 10 grep -q 'stdout F done$' "$BATS_TEST_TMPDIR"/c*.log
	run_engine -0 cri ExecSync "$(exec_sync id -u)"
	[ "$(jq -r .stdout <<<"$output")" = 0 ] || fail "another user"
	events_of "$CONTAINER" | jq -se 'any(.[]; .data.denial.call == "chroot")' >/dev/null || fail "it is not told"
}
