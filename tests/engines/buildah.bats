# osless under Debian's buildah: images made of nothing, and by a Containerfile.

load podman

ENGINE_NAME=buildah

setup_file() {
	podman_needs buildah podman conmon || return 0
	podman_import
}

teardown_file() {
	podman_end
}

buildah() {
	in_engine buildah "$@"
}

# buildah_run [OPTION...] PROGRAM [ARGUMENT...]: in the test's working container.
buildah_run() {
	local options=()
	while [[ $1 == -* ]]; do
		options+=("$1")
		shift
	done
	buildah run --runtime "$ENGINE/bin/$RUNTIME" --isolation oci --network none "${options[@]}" "$ID" -- "$@"
}

# In the place of podman.bash's.
engine_clean() {
	in_engine buildah rm --all >/dev/null 2>&1 || true # there may be none
	wait_until 5 drop_parents || true # assert_nothing_left tells
}

from_scratch() {
	buildah from --name "$ID" scratch
	buildah copy -q "$ID" "$BATS_FILE_TMPDIR/rootfs" /
	buildah config --env PATH=/bin --cmd 'cat /made' "$ID"
}

@test "from scratch, copy, run, commit; and the image runs" {
	from_scratch
	run_engine -3 buildah_run sh -c 'echo hello >/made; exit 3'
	run_engine -0 buildah_run cat /made
	assert_output hello
	run_engine -0 buildah commit -q "$ID" "localhost/made:$ID"
	run_engine -0 podman_run --rm "localhost/made:$ID"
	assert_output hello
	buildah rmi "localhost/made:$ID"
	nothing_left
}

@test "run: a missing program" {
	from_scratch
	run_engine ! buildah_run no-such-program
	assert_stderr "executable file not found in \$PATH"
}

@test "run: volume, user, environment, directory" {
	from_scratch
	mkdir -p "$ENGINE/volume/$ID"
	run_engine -0 buildah_run "--volume=$ENGINE/volume/$ID:/data" --user=1000:1000 --env=NAME=value \
		--workingdir=/tmp sh -c 'echo $NAME $PWD $(id -u); ls -d /data'
	assert_output $'value /tmp 1000\n/data'
}

@test "run -t" {
	from_scratch
	if ! is_osless; then
		run_engine -0 buildah_run -t tty -s
		return
	fi
	run_engine ! buildah_run -t tty -s
	assert_stderr "terminals are not supported: run without -t"
	run_engine -0 buildah_run true
	refused_by_design "no -t"
}

# build OPTION...: of the Containerfile on stdin.
build() {
	cat >"$BATS_TEST_TMPDIR/Containerfile"
	mkdir -p "$BATS_TEST_TMPDIR/context"
	run_engine buildah build --runtime "$ENGINE/bin/$RUNTIME" --isolation oci --network none --quiet \
		--file "$BATS_TEST_TMPDIR/Containerfile" "$@" "$BATS_TEST_TMPDIR/context"
}

@test "build: a Containerfile, and one whose RUN fails" {
	build --tag "localhost/made:$ID" <<-END
		FROM $IMAGE
		RUN echo built >/built && mkdir -m 777 /open && echo more >/more
		RUN ["/bin/sh", "-c", "test -e /built"]
		USER 1000:1000
		RUN id -u >/open/who
		CMD ["cat", "/built", "/open/who", "/more"]
	END
	[ "$status" = 0 ] || fail "it was not built"
	run_engine -0 podman_run --rm "localhost/made:$ID"
	assert_output $'built\n1000\nmore'
	buildah rmi "localhost/made:$ID"
	build <<<"FROM $IMAGE"$'\n''RUN exit 4'
	[ "$status" = 4 ] || fail "exit status $status, want 4"
	nothing_left
}

# owner OPTION...: of what a RUN makes, as the image has it.
owner() {
	build --tag "localhost/made:$ID" "$@" <<-END
		FROM $IMAGE
		RUN touch /root/made /made && chown 1000 /made
	END
	[ "$status" = 0 ] || fail "it was not built"
	run_engine -0 podman_run --rm "localhost/made:$ID" stat -c %u /root/made /made
	buildah rmi "localhost/made:$ID" >/dev/null
}

@test "build: owners of what RUN makes" {
	owner
	if ! is_osless; then
		assert_output $'0\n1000'
		return
	fi
	assert_output $'65534\n65534'
	echo '{ "modes": { "identity": "off", "syscalls": "off" } }' >"$ENGINE/build.json"
	owner --runtime-flag "policy=$ENGINE/build.json"
	assert_output $'0\n1000'
	nothing_left
	stripped_by_design "nobody's; cure: \"identity\" and \"syscalls\" off in a policy for builds"
}
