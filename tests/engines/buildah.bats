# osless under Debian's buildah: images made of nothing, and by a Containerfile.

load steps

setup_file() {
	engine_setup buildah podman conmon
	[ -z "${ENGINE:-}" ] || make_image
}

teardown_file() {
	engine_teardown
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

# clear_engine: in the place of steps.bash's.
clear_engine() {
	in_engine buildah rm --all >/dev/null 2>&1 || true
}

from_scratch() {
	buildah from --name "$ID" scratch
	buildah copy -q "$ID" "$BATS_FILE_TMPDIR/rootfs" /
	buildah config --env PATH=/bin --cmd 'cat /made' "$ID"
}

scratch() {
	from_scratch
	run_engine -3 buildah_run sh -c 'echo hello >/made; exit 3'
	run_engine -0 buildah_run cat /made
	assert_output hello
	run_engine -0 buildah commit -q "$ID" "localhost/made:$ID"
	run_engine -0 podman_run --rm "localhost/made:$ID"
	assert_output hello
	buildah rmi "localhost/made:$ID"
}

@test "from scratch, copy, run, commit; and the image runs" {
	step "from scratch, copy, run, commit" scratch
	nothing_left
}

missing() {
	from_scratch
	run_engine ! buildah_run no-such-program
	assert_stderr "executable file not found in \$PATH"
}

@test "run: a missing program" {
	step "run: a missing program" missing
}

options() {
	from_scratch
	mkdir -p "$ENGINE/volume/$ID-$RUNTIME"
	run_engine -0 buildah_run "--volume=$ENGINE/volume/$ID-$RUNTIME:/data" --user=1000:1000 --env=NAME=value \
		--workingdir=/tmp sh -c 'echo $NAME $PWD $(id -u); ls -d /data'
	assert_output $'value /tmp 1000\n/data'
}

@test "run: volume, user, environment, directory" {
	step "run: volume, user, env, workingdir" options
}

terminal_given() {
	from_scratch
	run_engine -0 buildah_run -t tty -s
}

terminal_refused() {
	from_scratch
	run_engine ! buildah_run -t tty -s
	assert_stderr "terminals are not supported: run without -t"
	run_engine -0 buildah_run true
}

@test "run -t is refused" {
	refused "run -t" terminal_given terminal_refused "without -t"
}

# build OPTION...: of the Containerfile on stdin.
build() {
	cat >"$BATS_TEST_TMPDIR/Containerfile"
	mkdir -p "$BATS_TEST_TMPDIR/context"
	run_engine buildah build --runtime "$ENGINE/bin/$RUNTIME" --isolation oci --network none --quiet \
		--file "$BATS_TEST_TMPDIR/Containerfile" "$@" "$BATS_TEST_TMPDIR/context"
}

built() {
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
}

@test "build: a Containerfile, and one whose RUN fails" {
	step "build: RUN, USER, CMD; a RUN that fails" built
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

owner_of_runc() {
	owner
	assert_output $'0\n1000'
}

owner_of_osless() {
	owner
	assert_output $'65534\n65534'
	echo '{ "modes": { "identity": "off", "syscalls": "off" } }' >"$ENGINE/build.json"
	owner --runtime-flag "policy=$ENGINE/build.json"
	assert_output $'0\n1000'
}

@test "build: files are nobody's, and chown does nothing; the policy cures it" {
	both "build: owners of what RUN makes" owner_of_runc owner_of_osless "nobody's, and no chown" \
		"cure: a policy for builds: \"identity\": \"off\", \"syscalls\": \"off\""
	nothing_left
}
