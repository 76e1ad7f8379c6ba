# osless under Debian's containerd: a containerd of its own (socket, root, state; no CRI plugin), a
# busybox image made on the spot, and ctr's verbs. No network, and nothing of a containerd that runs
# on this machine is touched.

load ../bats/helpers

IMAGE=localhost/busybox:test
ENGINE_TIMEOUT=60

setup_file() {
	file_setup
	[ "$(id -u)" = 0 ] || return 0
	command -v containerd ctr containerd-shim-runc-v2 >/dev/null || return 0
	ENGINE=$BATS_FILE_TMPDIR/engine
	export ENGINE
	mkdir -p "$ENGINE"
	start_containerd
	make_image "$ENGINE/image.tar"
	engine image import --no-unpack "$ENGINE/image.tar"
}

# Only the containerd and the shims that this file started: the namespace is the run's tag.
teardown_file() {
	local pid
	[ -n "${ENGINE:-}" ] || return 0
	for pid in $(pgrep -f -- "-namespace $TAG -id "); do
		kill -KILL "$pid" || true # gone meanwhile
	done
	pid=$(cat "$ENGINE/pid" 2>/dev/null) || return 0
	kill -TERM "$pid"
	wait_until 10 eval "! kill -0 $pid 2>/dev/null" || kill -KILL "$pid"
	awk -v under="$ENGINE/" 'index($5, under) == 1 { print $5 }' /proc/self/mountinfo |
		xargs -r -n 1 umount -l
}

setup() {
	[ -n "${ENGINE:-}" ] || skip "needs root and containerd"
	# The shim puts its namespace below the root that it is given.
	ROOT=$ENGINE/runtime/$TAG
	mkdir -p "$ROOT"
	test_setup
}

teardown() {
	if [ -n "${ENGINE:-}" ]; then
		engine task delete --force "$ID" >/dev/null 2>&1 || true # most tests have
		engine container delete "$ID" >/dev/null 2>&1 || true
	fi
	test_teardown
}

start_containerd() {
	cat >"$ENGINE/config.toml" <<-TOML
		version = 2
		root = "$ENGINE/root"
		state = "$ENGINE/state"
		disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.snapshotter.v1.aufs",
		  "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper",
		  "io.containerd.snapshotter.v1.zfs"]
		[grpc]
		  address = "$ENGINE/sock"
		[plugins."io.containerd.internal.v1.opt"]
		  path = "$ENGINE/opt"
	TOML
	containerd --config "$ENGINE/config.toml" >"$ENGINE/log" 2>&1 3>&- 4>&- </dev/null &
	echo $! >"$ENGINE/pid"
	disown
	wait_until 20 engine version >/dev/null 2>&1 || {
		tail -n 20 "$ENGINE/log" >&2
		return 1
	}
}

# add_blob DIR FILE: moves FILE to where an OCI layout has it; prints "DIGEST SIZE".
add_blob() {
	local digest size
	digest=$(sha256sum "$2" | cut -d' ' -f1)
	size=$(stat -c %s "$2")
	mkdir -p "$1/blobs/sha256"
	mv "$2" "$1/blobs/sha256/$digest"
	echo "sha256:$digest $size"
}

# descriptor MEDIA-TYPE "DIGEST SIZE"
descriptor() {
	jq -cn --arg type "application/vnd.oci.image.$1" --arg digest "${2% *}" --argjson size "${2#* }" \
		'{mediaType: $type, digest: $digest, size: $size}'
}

# make_image FILE: an OCI image layout with busybox as its one layer.
make_image() {
	local dir=$ENGINE/image layer config manifest arch
	mkdir "$dir"
	arch=$(dpkg --print-architecture)
	tar -C "$BATS_FILE_TMPDIR/rootfs" -cf "$dir/layer" .
	layer=$(add_blob "$dir" "$dir/layer")
	jq -n --arg arch "$arch" --arg layer "${layer% *}" '{architecture: $arch, os: "linux",
		config: {Cmd: ["/bin/sh"], Env: ["PATH=/bin"]},
		rootfs: {type: "layers", diff_ids: [$layer]}}' >"$dir/config"
	config=$(add_blob "$dir" "$dir/config")
	jq -n --argjson config "$(descriptor config.v1+json "$config")" \
		--argjson layer "$(descriptor layer.v1.tar "$layer")" \
		'{schemaVersion: 2, config: $config, layers: [$layer]}' >"$dir/manifest"
	manifest=$(add_blob "$dir" "$dir/manifest")
	jq -n --argjson manifest "$(descriptor manifest.v1+json "$manifest")" --arg name $IMAGE \
		'{schemaVersion: 2, manifests: [$manifest + {annotations: {"io.containerd.image.name": $name}}]}' \
		>"$dir/index.json"
	echo '{"imageLayoutVersion": "1.0.0"}' >"$dir/oci-layout"
	tar -C "$dir" -cf "$1" oci-layout index.json blobs
}

engine() {
	CONTAINERD_SNAPSHOTTER=native timeout -k 5 "$ENGINE_TIMEOUT" \
		ctr --address "$ENGINE/sock" --namespace "$TAG" "$@" 3>&- 4>&-
}

# engine_run [OPTION...] -- [PROGRAM ARGUMENT...]: `ctr run` of the test's container with osless.
engine_run() {
	local options=()
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	engine run --runtime io.containerd.runc.v2 --runc-binary "$OSLESS" \
		--runc-root "$ENGINE/runtime" --cgroup "/$ID" "${options[@]}" $IMAGE "$ID" "$@"
}

# run_engine [-STATUS] FUNCTION ARGUMENT...: as run_osless.
run_engine() {
	local want=
	case $1 in
	-[0-9]*) want=${1#-} && shift ;;
	esac
	OUT=$BATS_TEST_TMPDIR/engine.out
	status=0
	"$@" </dev/null >"$OUT" 2>"$OUT.err" || status=$?
	output=$(<"$OUT")
	stderr=$(<"$OUT.err")
	check_status "$want" "$*"
}

task_is() {
	engine task list | grep -Eq "^$ID +[0-9]+ +$1"
}

@test "output and exit status come back" {
	run_engine -7 engine_run --rm -- sh -c 'echo to stdout; echo to stderr >&2; exit 7'
	assert_output "to stdout"
	assert_stderr "to stderr"
}

@test "a successful run leaves nothing" {
	run_engine -0 engine_run --rm -- true
	assert_nothing_left
}

@test "a missing program is an error that names it" {
	run_engine engine_run --rm -- no-such-program
	[ "$status" != 0 ]
	assert_stderr no-such-program
	assert_stderr "executable file not found in \$PATH"
}

@test "limits reach the container" {
	grep -q ' - cgroup .*memory' /proc/self/mountinfo || skip "the memory controller is not on v1"
	run_engine -0 engine_run --detach --memory-limit 33554432 -- sleep 1000
	[ "$(cat "$(awk '/ - cgroup .*memory/ { print $5; exit }' /proc/self/mountinfo)/$ID/memory.limit_in_bytes")" = 33554432 ]
	run_engine -0 engine task kill --signal SIGKILL "$ID"
	wait_until 10 task_is STOPPED
}

@test "a detached task runs, is killed, and is deleted with the status of the signal" {
	run_engine -0 engine_run --detach -- sleep 1000
	wait_until 10 task_is RUNNING
	run_engine -0 engine task kill --signal SIGKILL "$ID"
	wait_until 10 task_is STOPPED
	run_engine -0 engine task delete "$ID"
	assert_stderr "exit code 137"
	run_engine -0 engine container delete "$ID"
	assert_nothing_left
}

@test "a detached task passes SIGTERM on to its payload" {
	run_engine -0 engine_run --detach -- sh -c 'trap "exit 5" TERM; while :; do sleep 0.1; done'
	wait_until 10 task_is RUNNING
	sleep 0.5 # the shell sets its trap
	run_engine -0 engine task kill --signal SIGTERM "$ID"
	wait_until 10 task_is STOPPED
	run_engine -0 engine task delete "$ID"
	assert_stderr "exit code 5"
}

@test "a task that ends by itself is seen as stopped, with its status" {
	run_engine -0 engine_run --detach -- sh -c 'exit 3'
	wait_until 10 task_is STOPPED
	run_engine -0 engine task delete "$ID"
	assert_stderr "exit code 3"
}

@test "a running task is deleted by force" {
	run_engine -0 engine_run --detach -- sleep 1000
	run_engine engine task delete --force "$ID"
	run_engine -0 engine container delete "$ID"
	assert_nothing_left
}

# pids_are COUNT: processes of the container.
pids_are() {
	[ "$(cat /sys/fs/cgroup/{pids/,unified/,}"$ID/cgroup.procs" 2>/dev/null | sort -u | wc -l)" = "$1" ]
}

@test "exec in a task: output and exit status come back, and what it leaves dies" {
	run_engine -0 engine_run --detach -- sleep 1000
	wait_until 10 task_is RUNNING
	run_engine -6 engine task exec --exec-id one "$ID" sh -c 'echo hi; sleep 1000 & exit 6'
	assert_output hi
	run_engine engine task exec --exec-id two "$ID" no-such-program
	[ "$status" != 0 ]
	assert_stderr "executable file not found in \$PATH"
	wait_until 5 pids_are 2 || fail "something is left"
	run_engine -0 engine task kill --signal SIGKILL "$ID"
	wait_until 10 task_is STOPPED
}

@test "pause and resume: the task stands still, and its state says so" {
	run_engine -0 engine_run --detach -- sh -c 'while :; do sleep 0.05; done'
	wait_until 10 task_is RUNNING
	run_engine -0 engine task pause "$ID"
	task_is PAUSED
	run_engine engine task pause "$ID"
	[ "$status" != 0 ]
	run_engine engine task exec --exec-id one "$ID" true
	[ "$status" != 0 ]
	run_engine -0 engine task resume "$ID"
	task_is RUNNING
	run_engine -0 engine task pause "$ID"
	run_engine -0 engine task kill --signal SIGKILL "$ID"
	wait_until 10 task_is STOPPED
}

@test "ps and metrics of a task" {
	run_engine -0 engine_run --detach -- sh -c 'sleep 1000 & sleep 1000 & wait'
	wait_until 10 task_is RUNNING
	wait_until 5 pids_are 4
	run_engine -0 engine task ps "$ID"
	[ "$(grep -c '^[0-9]' <<<"$output")" = 4 ] || fail "not four processes"
	run_engine -0 engine task metrics --format json "$ID"
	jq -e '[.. | objects | select(has("current")) | .current | tonumber] | any(. >= 4)' <<<"$output" ||
		fail "no count of processes"
	run_engine -0 engine task kill --signal SIGKILL "$ID"
	wait_until 10 task_is STOPPED
}
