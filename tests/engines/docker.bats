# osless under Debian's dockerd: one of the file's own, on a containerd of its own, with its bridge in a
# network namespace of its own.

load engines

ENGINE_NAME=docker

setup_file() {
	engine_needs containerd containerd-shim-runc-v2 dockerd docker || return 0
	make_parent
	install_audit
	start_containerd
	start_dockerd
	tar -C "$BATS_FILE_TMPDIR/rootfs" -cf - . |
		docker import --change 'ENV PATH=/bin' --change 'CMD ["sh"]' - $IMAGE
}

teardown_file() {
	[ -n "${ENGINE:-}" ] || return 0
	stop_daemon dockerd
	stop_containerd
	remove_parent
	remove_audit
}

# The daemon gives all runtimes one root.
setup() {
	engine_setup "${ENGINE:-}/exec/runtime-runc/$TAG"
	NAME=$ID
}

teardown() {
	engine_teardown
}

engine_clean() {
	local ids
	mapfile -t ids < <(docker ps --all --quiet)
	[ ${#ids[@]} = 0 ] || docker rm --force "${ids[@]}" >/dev/null
}

# With contrib's configuration.
start_dockerd() {
	local parent=/$PARENT
	! by_systemd || parent=$PARENT
	contrib docker/daemon.json >"$ENGINE/daemon.json"
	start_daemon dockerd dockerd --config-file "$ENGINE/daemon.json" --data-root "$ENGINE/data" \
		--exec-root "$ENGINE/exec" --host "unix://$ENGINE/docker" --pidfile "$ENGINE/dockerd.pidfile" \
		--containerd "$ENGINE/sock" --containerd-namespace "$TAG" \
		--containerd-plugins-namespace "$TAG-plugins" --cgroup-parent "$parent" --exec-opt "native.cgroupdriver=$CGROUP_DRIVER" \
		--bip 10.231.7.1/24 --iptables=false --ip6tables=false --ip-masq=false \
		--userland-proxy=false --storage-driver vfs \
		--default-runtime "$RUNTIME"
	answers 30 dockerd docker version
}

# Debian's, though another should come first in PATH; without the user's own configuration.
docker() {
	DOCKER_CONFIG=$ENGINE/client timeout -k 5 "$ENGINE_TIMEOUT" \
		/usr/bin/docker --host "unix://$ENGINE/docker" "$@" 3>&- 4>&-
}

# start [OPTION...] PROGRAM [ARGUMENT...]: docker run -d; CONTAINER is its id, CGROUP its path.
start() {
	local options=()
	while [[ $1 == -* ]]; do
		options+=("$1")
		shift
	done
	run_engine -0 docker run --detach --name "$NAME" "${options[@]}" $IMAGE "$@"
	CONTAINER=$output
	CGROUP=$(cgroup_below "$PARENT" docker "$CONTAINER")
}

# is FORMAT TEXT: what inspect says of the test's container.
is() {
	[ "$(docker inspect --format "$1" "$NAME")" = "$2" ]
}

# A shell that ends by SIGTERM with 5.
TERM_5='trap "echo bye; exit 5" TERM; echo begun; while :; do sleep 0.1; done'

logs_say() {
	docker logs "$NAME" 2>&1 | grep -q "$1"
}

start_term_5() {
	start "$@" sh -c "$TERM_5"
	wait_until 10 logs_say begun
}

@test "run: output and exit status come back" {
	run_engine -7 docker run --rm $IMAGE sh -c 'echo to stdout; echo to stderr >&2; exit 7'
	assert_output "to stdout"
	assert_stderr "to stderr"
	run_engine -137 docker run --rm $IMAGE sh -c 'sh -c "kill -KILL \$\$"; exit $?'
}

@test "run: a missing program is an error that names it" {
	run_engine -127 docker run --rm $IMAGE no-such-program
	assert_stderr '"no-such-program": executable file not found in $PATH'
}

@test "run -t" {
	if ! is_osless; then
		run_engine -0 docker run --rm -t $IMAGE tty -s
		return
	fi
	run_engine -125 docker run --rm -t $IMAGE true
	assert_stderr "terminals are not supported: run without -t"
	run_engine -0 docker run --rm -i $IMAGE true
	refused_by_design "no -t"
}

@test "run -i: stdin arrives" {
	run_engine -0 with_stdin docker run --rm -i $IMAGE cat
	assert_output text
}

with_stdin() {
	echo text | "$@"
}

@test "run --read-only, with a tmpfs" {
	run_engine -0 docker run --rm --read-only --tmpfs /tmp $IMAGE \
		sh -c 'echo >/new || echo refused; echo new >/tmp/new; cat /tmp/new'
	assert_output $'refused\nnew'
	assert_stderr "Read-only file system"
}

@test "run --volume, --env, --workdir, --hostname, --user" {
	mkdir "$BATS_TEST_TMPDIR/volume"
	chmod 777 "$BATS_TEST_TMPDIR/volume"
	run_engine -0 docker run --rm --volume "$BATS_TEST_TMPDIR/volume:/data" --env WORD=word --workdir /data \
		--hostname box --user 1000:1000 $IMAGE sh -c 'echo $WORD >file; pwd; hostname; id -u'
	assert_output $'/data\nbox\n1000'
	[ "$(stat -c %u "$BATS_TEST_TMPDIR/volume/file") $(cat "$BATS_TEST_TMPDIR/volume/file")" = "1000 word" ]
}

@test "run: the bridge: an address, and two containers reach each other" {
	start sh -c 'echo hello >/www; while :; do nc -l -p 80 </www; done'
	local address
	address=$(docker inspect --format '{{.NetworkSettings.IPAddress}}' "$NAME")
	[[ $address == 10.231.7.* ]] || fail "no address"
	hears() {
		[ "$(docker run --rm $IMAGE nc -w 2 "$address" 80 </dev/null)" = hello ]
	}
	wait_until 10 hears || fail "no answer"
}

@test "run: --network container:, --pid container:, --ipc container:" {
	start --ipc=shareable sleep 1000
	run_engine -0 docker run --rm --network "container:$NAME" --pid "container:$NAME" \
		--ipc "container:$NAME" $IMAGE sh -c 'ip addr | grep -o "inet 10.231.7"; ps | grep -c "[s]leep 1000"'
	assert_output $'inet 10.231.7\n1'
}

@test "run: limits of memory, CPU and processes reach the cgroup" {
	start --memory=64m --cpus=0.5 --pids-limit=50 sleep 1000
	[ "$(cgroup_file memory memory.limit_in_bytes memory.max "$CGROUP")" = 67108864 ]
	[[ $(cgroup_file cpu cpu.cfs_quota_us cpu.max "$CGROUP") == 50000* ]]
	[ "$(cgroup_file pids pids.max pids.max "$CGROUP")" = $((50 + $(own_processes))) ]
}

@test "run: what exceeds its memory is killed, and inspect says so" {
	run_engine -137 docker run --name "$NAME" --memory 16m --memory-swap 16m $IMAGE \
		sh -c 'tail /dev/zero; exit $?'
	wait_until 5 is '{{.State.OOMKilled}}' true
}

@test "run -d, logs" {
	start sh -c 'echo one; echo two >&2; exit 3'
	wait_until 10 is '{{.State.Status}} {{.State.ExitCode}}' "exited 3"
	run_engine -0 docker logs "$NAME"
	assert_output one
	assert_stderr two
}

@test "wait: the status" {
	start sh -c 'sleep 0.5; exit 9'
	run_engine -0 docker wait "$NAME"
	assert_output 9
}

@test "exec: output and exit status come back" {
	start sleep 1000
	run_engine -6 docker exec --env WORD=word "$NAME" sh -c 'echo $WORD; exit 6'
	assert_output word
	run_engine -0 with_stdin docker exec -i "$NAME" cat
	assert_output text
	run_engine -126 docker exec "$NAME" no-such-program
	[[ $output == *"executable file not found in \$PATH"* ]] || fail "another error"
}

@test "exec -t" {
	start sleep 1000
	if ! is_osless; then
		run_engine -0 docker exec -t "$NAME" tty -s
		return
	fi
	run_engine -126 docker exec -t "$NAME" true
	[[ $output$stderr == *"terminals are not supported: run without -t"* ]] || fail "another error"
	run_engine -0 docker exec -i "$NAME" true
	refused_by_design "no -t"
}

@test "exec -d" {
	start sleep 1000
	run_engine -0 docker exec --detach "$NAME" sh -c 'echo written >/file; sleep 1000'
	wait_until 5 eval '[ "$(docker exec "$NAME" cat /file)" = written ]'
}

@test "cp, both ways" {
	start sleep 1000
	echo content >"$BATS_TEST_TMPDIR/in"
	run_engine -0 docker cp "$BATS_TEST_TMPDIR/in" "$NAME:/in"
	run_engine -0 docker exec "$NAME" cat /in
	assert_output content
	run_engine -0 docker cp "$NAME:/in" "$BATS_TEST_TMPDIR/out"
	cmp "$BATS_TEST_TMPDIR/in" "$BATS_TEST_TMPDIR/out"
}

@test "stats" {
	start --memory=64m sleep 1000
	run_engine -0 docker stats --no-stream --format '{{.MemUsage}} {{.PIDs}}' "$NAME"
	[[ $output =~ [1-9].*\ /\ 64MiB\ [12]$ ]] || fail "no numbers"
}

@test "top" {
	start sh -c 'sleep 1000 & wait'
	wait_until 5 processes_are 2 "$CGROUP"
	run_engine -0 docker top "$NAME"
	[[ $output == *"sleep 1000"* ]] || fail "no sleep"
	run_engine -0 docker top "$NAME" -o pid,comm
	[[ $output == *sleep* ]] || fail "no sleep"
}

@test "pause, unpause" {
	start sleep 1000
	run_engine -0 docker pause "$NAME"
	is '{{.State.Status}}' paused
	run_engine ! docker exec "$NAME" true
	run_engine -0 docker unpause "$NAME"
	run_engine -0 docker exec "$NAME" true
	is '{{.State.Status}}' running
}

@test "update: memory and CPU" {
	start --memory=64m --cpus=0.5 sleep 1000
	run_engine -0 docker update --memory 128m --memory-swap 256m --cpus 0.7 "$NAME"
	[ "$(cgroup_file memory memory.limit_in_bytes memory.max "$CGROUP")" = 134217728 ]
	[[ $(cgroup_file cpu cpu.cfs_quota_us cpu.max "$CGROUP") == 70000* ]]
	run_engine -0 docker exec "$NAME" true
}

@test "restart" {
	start_term_5
	local before
	before=$(docker inspect --format '{{.State.Pid}}' "$NAME")
	run_engine -0 docker restart --time 5 "$NAME"
	is '{{.State.Status}}' running
	[ "$(docker inspect --format '{{.State.Pid}}' "$NAME")" != "$before" ]
	logs_say bye
}

@test "stop: gracefully" {
	start_term_5
	run_engine -0 docker stop --time 10 "$NAME"
	is '{{.State.Status}} {{.State.ExitCode}}' "exited 5"
	logs_say bye
}

@test "stop: what does not end is killed after its time" {
	start sh -c 'trap "" TERM; echo begun; while :; do sleep 0.1; done'
	wait_until 10 logs_say begun
	run_engine -0 docker stop --time 1 "$NAME"
	is '{{.State.Status}} {{.State.ExitCode}}' "exited 137"
}

@test "kill, start again" {
	start_term_5
	run_engine -0 docker kill "$NAME"
	wait_until 5 is '{{.State.Status}} {{.State.ExitCode}}' "exited 137"
	run_engine -0 docker start "$NAME"
	is '{{.State.Status}}' running
	run_engine -0 docker kill --signal TERM "$NAME"
	wait_until 5 is '{{.State.Status}} {{.State.ExitCode}}' "exited 5"
}

@test "rm --force: a running one, and nothing is left" {
	start sh -c 'sleep 1000 & sleep 1000'
	run_engine -0 docker rm --force "$NAME"
	assert_nothing_left
}

@test "--restart on-failure" {
	start --restart=on-failure:2 sh -c 'echo begun; exit 4'
	wait_until 20 is '{{.State.Status}} {{.RestartCount}} {{.State.ExitCode}}' "exited 2 4"
	[ "$(docker logs "$NAME" | grep -c begun)" = 3 ]
}

@test "healthcheck: healthy, then not" {
	start --health-cmd='test -e /well' --health-interval=0.2s --health-retries=2 \
		sh -c 'echo >/well; sleep 1000'
	wait_until 10 is '{{.State.Health.Status}}' healthy
	run_engine -0 docker exec "$NAME" rm /well
	wait_until 10 is '{{.State.Health.Status}}' unhealthy
}

probes_are_many() {
	[ "$(docker inspect --format '{{len .State.Health.Log}}' "$NAME")" -ge 5 ]
}

@test "healthcheck: what a probe leaves behind dies, and does not hold the probe" {
	start --health-cmd='sleep 1000 & exit 0' --health-interval=0.2s sleep 1000
	wait_until 10 is '{{.State.Health.Status}}' healthy
	wait_until 10 probes_are_many
	wait_until 5 processes_are 1 "$CGROUP" ||
		fail "$(processes_in "$CGROUP") processes"
}

@test "--runtime osless-audit: nothing is refused, and it is told" {
	osless_only "osless' second class"
	start --runtime=osless-audit sh -c 'chroot / true && echo "done"; exec sleep 1000'
	wait_until 10 logs_say done
	run_engine -0 docker exec "$NAME" id -u
	assert_output 0
	"$OSLESS" --root "$ROOT" events --no-follow "$CONTAINER" |
		jq -se 'any(.[]; .data.denial.call == "chroot")' >/dev/null || fail "it is not told"
}

run_one() {
	docker run --rm --name "$NAME-$1" $IMAGE sh -c "echo out $1; exit $1" || [ $? = "$1" ] || return 1
	grep -qx "out $1" "$BATS_TEST_TMPDIR/job.$1"
}

@test "10 in parallel, and nothing is left" {
	parallel 10 run_one
	assert_nothing_left
}
