# conmon as CRI-O drives it, with the values of contrib/crio: Debian 12 has no CRI-O to do it. The same
# conmon is under podman, which gives it other options (podman.bats).

load podman

ENGINE_NAME=conmon

setup_file() {
	podman_needs conmon || return 0
}

teardown_file() {
	podman_end
}

# In the place of podman.bash's.
engine_clean() {
	runtime delete --force "$ID" >/dev/null 2>&1 || true # most tests have
	rm -rf "${ENGINE:?}/exits"
}

# conmon OPTION...: in the foreground; what CRI-O reads from its pipe is in sync.exec and
# sync.bundle.
conmon() {
	local managed=()
	! by_systemd || managed=(--systemd-cgroup)
	mkdir -p "$ENGINE/exits"
	OSLESS_TEST=$ID _OCI_SYNCPIPE=5 timeout -k 5 "$ENGINE_TIMEOUT" conmon --sync --cid "$ID" --name "$ID" \
		--cuuid "$ID" --runtime "$ENGINE/bin/$RUNTIME" --log-level info --socket-dir-path "$ENGINE" \
		--exit-dir "$ENGINE/exits" "$@" "${managed[@]}" 5>"$BATS_TEST_TMPDIR/sync.${1#--}" 3>&- 4>&-
}

runtime() {
	OSLESS_TEST=$ID "$ENGINE/bin/$RUNTIME" "$@" 3>&- 4>&-
}

is_created() {
	[ "$(runtime state "$ID" 2>/dev/null | jq -r .status)" = created ]
}

# begin PROGRAM ARGUMENT...: conmon creates, we start, as CRI-O does.
begin() {
	BUNDLE=$BATS_TEST_TMPDIR/bundle
	bundle_args "$@"
	bundle_config '.ociVersion = "1.0.2"'
	! by_systemd || bundle_config --arg path "system.slice:crio:$ID" '.linux.cgroupsPath = $path'
	conmon --bundle "$BUNDLE" --container-pidfile "$BATS_TEST_TMPDIR/box.pid" \
		--conmon-pidfile "$BATS_TEST_TMPDIR/conmon.pid" --log-path "k8s-file:$BATS_TEST_TMPDIR/box.log" &
	wait_until 10 is_created
	[ "$(runtime state "$ID" | jq -r .pid)" = "$(cat "$BATS_TEST_TMPDIR/box.pid")" ]
	! by_systemd || grep -q "/system.slice/crio-$ID.scope" "/proc/$(<"$BATS_TEST_TMPDIR/box.pid")/cgroup"
	runtime start "$ID"
}

# exit_is STATUS: as conmon leaves it for CRI-O.
exit_is() {
	wait_until 10 test -s "$ENGINE/exits/$ID"
	[ "$(cat "$ENGINE/exits/$ID")" = "$1" ]
}

@test "create, start, log, exit file" {
	begin sh -c 'echo out; echo err >&2; exit 3'
	exit_is 3
	grep -q "stdout F out" "$BATS_TEST_TMPDIR/box.log"
	grep -q "stderr F err" "$BATS_TEST_TMPDIR/box.log"
	[ "$(runtime state "$ID" | jq -r .status)" = stopped ]
	runtime delete --force "$ID"
	assert_nothing_left
}

@test "kill by number" {
	begin sh -c 'trap "exit 5" TERM; echo ready; while :; do sleep 0.1; done'
	wait_until 5 grep -q ready "$BATS_TEST_TMPDIR/box.log"
	runtime kill "$ID" 15
	exit_is 5
	runtime delete --force "$ID"
	begin sleep 1000
	runtime kill "$ID" 9
	wait_until 10 grep -qx 137 "$ENGINE/exits/$ID"
}

# ExecSync: a process document, and the status over the pipe.
@test "exec by a process document" {
	begin sleep 1000
	jq '.process | .args = [ "sh", "-c", "echo in exec; exit 9" ]' "$BATS_TEST_TMPDIR/bundle/config.json" \
		>"$BATS_TEST_TMPDIR/process.json"
	conmon --exec --exec-process-spec "$BATS_TEST_TMPDIR/process.json" \
		--container-pidfile "$BATS_TEST_TMPDIR/exec.pid" --log-path "k8s-file:$BATS_TEST_TMPDIR/exec.log" ||
		[ $? = 9 ] # its own status is the program's
	cat "$BATS_TEST_TMPDIR/sync.exec"
	grep -q '"exit_code": *9' "$BATS_TEST_TMPDIR/sync.exec"
	grep -q "stdout F in exec" "$BATS_TEST_TMPDIR/exec.log"
}
