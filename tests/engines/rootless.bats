# osless under podman and buildah of an ordinary user, who is known in a mount namespace of the test's own
# only, with ranges of ids for newuidmap. On cgroup v1 podman gives such a user's containers no cgroup:
# pause, stats and limits are then podman's to refuse, whatever the runtime.

load podman

ENGINE_NAME="rootless podman"
# Out of the ranges that adduser and systemd give: all processes of these ids are ended.
USER_ID=1900000000
SUB_FIRST=1900100000

setup_file() {
	engine_needs podman buildah conmon newuidmap newgidmap slirp4netns || return 0
	# Not among bats' directories, which are closed to others.
	ENGINE=$(mktemp -d "/tmp/$TAG-user-XXXXXX")
	install -D "$RUNTIME_PROGRAM" "$ENGINE/bin/program"
	RUNTIME_PROGRAM=$ENGINE/bin/program
	podman_make
	write_ids
	mkdir -m 700 "$ENGINE"/{login,runtime}
	mknod -m 666 "$ENGINE/tun" c 10 200
	chown -R $USER_ID:$USER_ID "$ENGINE"
	chmod 755 "$ENGINE"
	# Without a container: what it cannot do here no runtime can.
	podman_import >"$BATS_FILE_TMPDIR/import" 2>&1 || {
		remove_user
		ENGINE_LACKS="podman cannot: $(tail -n 1 "$BATS_FILE_TMPDIR/import")"
		export ENGINE_LACKS ENGINE=
	}
}

teardown_file() {
	[ -z "${ENGINE:-}" ] || remove_user
}

# write_ids: bound over the host's files.
write_ids() {
	local name
	mkdir "$ENGINE/etc"
	for name in passwd group; do
		grep -v ":$USER_ID:" "/etc/$name" >"$ENGINE/etc/$name"
	done
	echo "tester:x:$USER_ID:$USER_ID::$ENGINE:/bin/sh" >>"$ENGINE/etc/passwd"
	echo "tester:x:$USER_ID:" >>"$ENGINE/etc/group"
	echo "tester:$SUB_FIRST:65536" | tee "$ENGINE/etc/subuid" >"$ENGINE/etc/subgid"
}

user_processes() {
	ps -e -o uid= -o pid= -o stat= | awk -v user=$USER_ID -v first=$SUB_FIRST \
		'($1 == user || $1 >= first && $1 < first + 65536) && $3 !~ /Z/ { print $2 }'
}

user_is_gone() {
	user_processes | xargs -r kill -KILL 2>/dev/null || true # gone meanwhile
	[ -z "$(user_processes)" ]
}

# With podman's process that keeps his namespaces.
remove_user() {
	wait_until 5 user_is_gone
	rm -rf --one-file-system "$ENGINE"
}

# In the place of podman.bash's: as the user.
in_engine() {
	(
		cd / # the test's own directory may be closed to the user
		unshare --mount --propagation slave sh -c "for name in passwd group subuid subgid; do
			mount --bind $ENGINE/etc/\$name /etc/\$name || exit; done
			[ ! -e /dev/net/tun ] || mount --bind $ENGINE/tun /dev/net/tun || exit; exec \"\$@\"" sh \
			setpriv --reuid $USER_ID --regid $USER_ID --clear-groups --inh-caps=-all \
			env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME="$ENGINE" XDG_RUNTIME_DIR="$ENGINE/login" \
			DBUS_SESSION_BUS_ADDRESS=unix:path=/none OSLESS_TEST="${ID:-}" \
			CONTAINERS_CONF="$ENGINE/containers.conf" CONTAINERS_STORAGE_CONF="$ENGINE/storage.conf" \
			timeout -k 5 "$ENGINE_TIMEOUT" "$@" 3>&- 4>&-
	)
}

podman_run() {
	podman run --network none "$@"
}

engine_clean() {
	podman pod rm --force --all --time 0 >/dev/null 2>&1 || true # most tests have
	podman rm --force --all --time 0 >/dev/null 2>&1 || true
}

@test "run: output, input, exit status; a missing program" {
	run_engine -7 podman_run --rm $IMAGE sh -c 'echo to stdout; echo to stderr >&2; exit 7'
	assert_output "to stdout"
	assert_stderr "to stderr"
	[ "$(echo through stdin | podman_run -i --rm $IMAGE cat)" = "through stdin" ]
	run_engine -127 podman_run --rm $IMAGE no-such-program
	assert_stderr "executable file not found in \$PATH"
	assert_nothing_left
}

@test "run -t" {
	run_with_terminal
}

@test "run -d, logs, exec, stop, start, restart, kill, rm -f" {
	podman_run -d --name "$ID" $IMAGE sh -c 'trap "exit 5" TERM; echo ready; while :; do sleep 0.1; done'
	wait_until 10 eval "podman logs $ID | grep -q ready"
	run_engine -9 podman exec "$ID" sh -c 'echo in exec; exit 9'
	assert_output "in exec"
	run_engine -0 podman top "$ID" args
	[[ $output == *"sleep 0.1"* ]]
	run_engine -0 podman stop -t 20 "$ID"
	inspects "$ID" '{{.State.ExitCode}} {{.State.Status}}' "5 exited"
	run_engine -0 podman start "$ID"
	becomes "$ID" '{{.State.Status}}' running
	run_engine -0 podman restart -t 1 "$ID"
	becomes "$ID" '{{.State.Status}}' running
	run_engine -0 podman kill "$ID"
	becomes "$ID" '{{.State.ExitCode}} {{.State.Status}}' "137 exited"
	run_engine -0 podman start "$ID"
	run_engine -0 podman rm -f -t 0 "$ID"
	assert_nothing_left
}

@test "users: root, another, and --userns=keep-id" {
	local who="cat /proc/self/uid_map; touch /data/\$1; id -u"
	mkdir -m 777 "$ENGINE/volume/$ID"
	chown $USER_ID "$ENGINE/volume/$ID"
	run_engine -0 podman_run --rm --user 1000 -v "$ENGINE/volume/$ID:/data" $IMAGE sh -c "$who" sh other
	[ "$(xargs <<<"$output")" = "0 $USER_ID 1 1 $SUB_FIRST 65536 1000" ]
	[ "$(stat -c %u "$ENGINE/volume/$ID/other")" = $((SUB_FIRST + 999)) ]
	run_engine -0 podman_run --rm --userns keep-id -v "$ENGINE/volume/$ID:/data" $IMAGE sh -c "id -u; touch /data/kept"
	assert_output $USER_ID
	[ "$(stat -c %u "$ENGINE/volume/$ID/kept")" = $USER_ID ]
	run_engine -0 podman_run --rm -v "$ENGINE/volume/$ID:/data" $IMAGE sh -c "id -u; touch /data/root"
	if ! is_osless; then
		assert_output 0
		[ "$(stat -c %u "$ENGINE/volume/$ID/root")" = $USER_ID ]
		return
	fi
	assert_output 65534
	[ "$(stat -c %u "$ENGINE/volume/$ID/root")" = $((SUB_FIRST + 65533)) ]
	echo '{ "modes": { "identity": "off" } }' >"$ENGINE/as-runc.json"
	run_engine -0 podman --runtime-flag "policy=$ENGINE/as-runc.json" run --rm --network none $IMAGE id -u
	assert_output 0
	stripped_by_design "nobody; cure: \"identity\": \"off\" in the policy"
}

@test "network by slirp4netns" {
	[ -e /dev/net/tun ] || skip "no /dev/net/tun"
	run_engine -0 podman run --rm --network slirp4netns $IMAGE ip addr show tap0
	[[ $output == *10.0.2.100* ]] || fail "no address"
}

@test "pods with shared namespaces" {
	run_engine -0 podman pod create --name "$ID-pod" --infra-image $IMAGE --infra-command "/bin/sleep 1000" \
		--network none --share ipc,net,uts,pid --hostname pod-box
	podman run -d --pod "$ID-pod" --name "$ID-a" $IMAGE sh -c 'echo shared >/dev/shm/file; sleep 1000'
	run_engine -0 podman run --rm --pod "$ID-pod" $IMAGE sh -c 'uname -n; cat /dev/shm/file; ps | grep -c "[s]leep 1000"'
	assert_output $'pod-box\nshared\n2'
	run_engine -0 podman pod rm -f -t 0 "$ID-pod"
	assert_nothing_left
}

@test "healthcheck; what the probe leaves behind dies" {
	podman_run -d --name "$ID" --health-cmd 'sleep 999 & test -e /tmp/well' --health-interval disable \
		--health-retries 1 $IMAGE sleep 1000
	run_engine -1 podman healthcheck run "$ID"
	podman exec "$ID" touch /tmp/well
	run_engine -0 podman healthcheck run "$ID"
	inspects "$ID" '{{.State.Health.Status}}' healthy
	run_engine -0 podman exec "$ID" ps
	if ! is_osless; then
		[[ $output == *"sleep 999"* ]]
		return
	fi
	[[ $output != *"sleep 999"* ]] || fail "it stays"
}

@test "--memory, pause, stats: podman itself says that there is no cgroup" {
	grep -q ' - cgroup .*memory' /proc/self/mountinfo || skip "the memory controller is not on v1"
	run_engine -0 podman_run -d --name "$ID" --memory 32m $IMAGE sleep 1000
	assert_stderr "ignored on cgroups V1 rootless"
	run_engine ! podman pause "$ID"
	assert_stderr "does not have a cgroup"
	run_engine ! podman stats --no-stream "$ID"
	assert_stderr "cgroup"
}

run_one() {
	podman_run --rm $IMAGE sh -c "exit $1" || [ $? = "$1" ]
}

@test "10 in parallel, and nothing is left" {
	parallel 10 run_one
	run_engine -0 podman ps --all --quiet
	assert_output ""
	assert_nothing_left
}

@test "buildah: a Containerfile" {
	printf '%s\n' "FROM $IMAGE" 'RUN echo built >/tmp/built' 'CMD ["cat", "/tmp/built"]' >"$ENGINE/Containerfile"
	run_engine -0 in_engine buildah build --runtime "$ENGINE/bin/$RUNTIME" --isolation oci --network none --quiet \
		--tag "localhost/made:$ID" --file "$ENGINE/Containerfile" "$ENGINE/volume"
	run_engine -0 podman_run --rm "localhost/made:$ID"
	assert_output built
	in_engine buildah rmi "localhost/made:$ID"
}
