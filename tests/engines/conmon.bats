# conmon as CRI-O drives it, with the values of contrib/crio: Debian 12 has no CRI-O to do it. The same
# conmon is under podman, which gives it other options (podman.bats).

load steps

setup_file() {
	engine_setup conmon
}

teardown_file() {
	engine_teardown
}

# clear_engine: in the place of steps.bash's. The runtime's root is in the wrapper.
clear_engine() {
	"$ENGINE/bin/runc" delete --force "$ID" >/dev/null 2>&1 || true
	"$ENGINE/bin/osless" delete --force "$ID" >/dev/null 2>&1 || true
	rm -rf "${ENGINE:?}/exits" "$BATS_TEST_TMPDIR"/*.pid
}

# conmon OPTION...: in the foreground; what CRI-O reads from its pipe is in sync.exec and
# sync.bundle.
conmon() {
	mkdir -p "$ENGINE/exits"
	OSLESS_TEST=$ID _OCI_SYNCPIPE=5 timeout -k 5 "$ENGINE_TIMEOUT" conmon --sync --cid "$ID" --name "$ID" \
		--cuuid "$ID" --runtime "$ENGINE/bin/$RUNTIME" --log-level info --socket-dir-path "$ENGINE" \
		--exit-dir "$ENGINE/exits" "$@" 5>"$BATS_TEST_TMPDIR/sync.${1#--}" 3>&- 4>&-
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
	conmon --bundle "$BUNDLE" --container-pidfile "$BATS_TEST_TMPDIR/box.pid" \
		--conmon-pidfile "$BATS_TEST_TMPDIR/conmon.pid" --log-path "k8s-file:$BATS_TEST_TMPDIR/$RUNTIME-box.log" &
	wait_until 10 is_created
	[ "$(runtime state "$ID" | jq -r .pid)" = "$(cat "$BATS_TEST_TMPDIR/box.pid")" ]
	runtime start "$ID"
}

# exit_is STATUS: as conmon leaves it for CRI-O.
exit_is() {
	wait_until 10 test -s "$ENGINE/exits/$ID"
	[ "$(cat "$ENGINE/exits/$ID")" = "$1" ]
}

lived() {
	begin sh -c 'echo out; echo err >&2; exit 3'
	exit_is 3
	grep -q "stdout F out" "$BATS_TEST_TMPDIR/$RUNTIME-box.log"
	grep -q "stderr F err" "$BATS_TEST_TMPDIR/$RUNTIME-box.log"
	[ "$(runtime state "$ID" | jq -r .status)" = stopped ]
	runtime delete --force "$ID"
}

@test "create, start, log, exit file" {
	step "create, start, log, exit file" lived
	assert_nothing_left
}

ended() {
	begin sh -c 'trap "exit 5" TERM; echo ready; while :; do sleep 0.1; done'
	wait_until 5 grep -q ready "$BATS_TEST_TMPDIR/$RUNTIME-box.log"
	runtime kill "$ID" 15
	exit_is 5
	runtime delete --force "$ID"
	begin sleep 1000
	runtime kill "$ID" 9
	wait_until 10 grep -qx 137 "$ENGINE/exits/$ID"
}

@test "kill by number" {
	step "kill by number" ended
}

# ExecSync: a process document, and the status over the pipe.
executed() {
	begin sleep 1000
	jq '.process | .args = [ "sh", "-c", "echo in exec; exit 9" ]' "$BATS_TEST_TMPDIR/bundle/config.json" \
		>"$BATS_TEST_TMPDIR/process.json"
	conmon --exec --exec-process-spec "$BATS_TEST_TMPDIR/process.json" \
		--container-pidfile "$BATS_TEST_TMPDIR/exec.pid" --log-path "k8s-file:$BATS_TEST_TMPDIR/$RUNTIME-exec.log" ||
		[ $? = 9 ] # its own status is the program's
	cat "$BATS_TEST_TMPDIR/sync.exec"
	grep -q '"exit_code": *9' "$BATS_TEST_TMPDIR/sync.exec"
	grep -q "stdout F in exec" "$BATS_TEST_TMPDIR/$RUNTIME-exec.log"
}

@test "exec by a process document" {
	step "exec (ExecSync)" executed
}

@test "CRI-O's configuration is TOML, and names what is there" {
	command -v python3 >/dev/null || skip "no python3"
	python3 - "$BATS_TEST_DIRNAME/../../contrib/crio/10-osless.conf" <<-'END'
		import sys, tomllib
		runtime = tomllib.load(open(sys.argv[1], "rb"))["crio"]["runtime"]
		table = runtime["runtimes"]["osless"]
		assert runtime["cgroup_manager"] == "cgroupfs" and runtime["conmon_cgroup"] == "pod"
		assert table["runtime_type"] == "oci" and table["monitor_path"] == "/usr/bin/conmon"
	END
}
