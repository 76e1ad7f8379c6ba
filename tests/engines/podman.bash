# What the files about podman (rootless, too), buildah and conmon share besides engines.bash: roots, run directories and
# contrib's configuration of the file's own, and a busybox image.
#
#     load podman
#     ENGINE_NAME=podman

load engines

# podman_needs PROGRAM...: as engine_needs, and what they need is made.
podman_needs() {
	engine_needs "$@" || return 1
	podman_make
}

# podman_make: in ENGINE; the runtime becomes ENGINE/bin/RUNTIME.
podman_make() {
	mkdir -p "$ENGINE"/{bin,volume}
	make_wrapper
	make_config
}

# The runtime with a root of the file's own; its calls are kept.
make_wrapper() {
	cat >"$ENGINE/bin/$RUNTIME" <<-SH
		#!/bin/sh
		echo "\$*" >>$ENGINE/calls
		exec $RUNTIME_PROGRAM --root $ENGINE/runtime "\$@"
	SH
	chmod 755 "$ENGINE/bin/$RUNTIME"
}

# contrib's, with the test's runtime and places.
make_config() {
	cat >"$ENGINE/containers.conf" <<-TOML
		[containers]
		log_driver = "k8s-file"
		default_ulimits = ["nofile=1024:1024", "nproc=10000:10000"]
		[network]
		network_backend = "cni"
		network_config_dir = "$ENGINE/net"
	TOML
	sed -e "s,^$RUNTIME = .*,$RUNTIME = [\"$ENGINE/bin/$RUNTIME\"]," \
		-e '/^\[engine\]/a events_logger = "file"\nlock_type = "file"' \
		"$CONTRIB/podman/containers.conf" >>"$ENGINE/containers.conf"
	cat >"$ENGINE/storage.conf" <<-TOML
		[storage]
		driver = "vfs"
		graphroot = "$ENGINE/graph"
		runroot = "$ENGINE/run"
	TOML
}

# The conmons and pause processes that this file started: ENGINE is on their command lines.
podman_end() {
	local pid
	[ -n "${ENGINE:-}" ] || return 0
	for pid in $(pgrep -f -- "$ENGINE/"); do
		[ "$pid" = $$ ] || [ "$pid" = "$BASHPID" ] || kill -KILL "$pid" 2>/dev/null || true # gone meanwhile
	done
	unmount_engine
}

setup() {
	engine_setup "${ENGINE:-}/runtime"
}

teardown() {
	engine_teardown
}

# The cgroups that podman itself makes for a test (conmon's, a pod's), around those of the containers: it
# leaves them, also with runc. One that is still in use, or has a container's cgroup in it, stays, and is then a leak.
drop_parents() {
	local mount
	while read -r mount; do
		find "$mount/$ID" -mindepth 1 -maxdepth 1 -type d ! -name "libpod-*" -exec rmdir {} + 2>/dev/null || true
		rmdir "$mount/$ID" 2>/dev/null || true
	done < <(awk '/ - cgroup2? / { print $5 }' /proc/self/mountinfo)
	[ -z "$(list_cgroups | grep -F "/$ID" | grep -v '\.slice$')" ] # slices are systemd's
}

nothing_left() {
	wait_until 5 drop_parents || true # what stays is told
	assert_nothing_left
}

# in_engine PROGRAM ARGUMENT...: conmon leaves a file `oom` in the directory where it is.
in_engine() {
	env -C "$ENGINE" CONTAINERS_CONF="$ENGINE/containers.conf" CONTAINERS_STORAGE_CONF="$ENGINE/storage.conf" \
		OSLESS_TEST="${ID:-}" timeout -k 5 "$ENGINE_TIMEOUT" "$@" 3>&- 4>&-
}

podman() {
	in_engine podman --tmpdir "$ENGINE/tmp" --runtime "$RUNTIME" --cgroup-manager "$CGROUP_DRIVER" "$@"
}

# podman_run ARGUMENT...: without a network, and in a cgroup that bears the test's name.
podman_run() {
	podman run --network none --cgroup-parent "$(parent)" "$@"
}

# parent: the test's, as podman is told of it.
parent() {
	if by_systemd; then
		echo "$ID.slice"
	else
		echo "/$ID"
	fi
}

engine_clean() {
	podman pod rm --force --all --time 0 >/dev/null 2>&1 || true # most tests have
	podman rm --force --all --time 0 >/dev/null 2>&1 || true
	wait_until 5 drop_parents || true # assert_nothing_left tells
}

podman_import() {
	tar -C "$BATS_FILE_TMPDIR/rootfs" -c . |
		podman import --change 'CMD ["/bin/sh"]' --change 'ENV PATH=/bin' - $IMAGE
}

# inspect NAME FORMAT
inspect() {
	podman inspect --format "$2" "$1"
}

# inspects NAME FORMAT TEXT; becomes, within 10 s.
inspects() {
	[ "$(inspect "$1" "$2")" = "$3" ]
}

becomes() {
	wait_until 10 inspects "$@" || fail "$1: $2 is $(inspect "$1" "$2"), not $3"
}

# The whole of the step "run -t".
run_with_terminal() {
	if ! is_osless; then
		run_engine -0 podman_run --rm -t $IMAGE tty -s
		return
	fi
	run_engine -126 podman_run --rm -t $IMAGE tty -s
	assert_stderr "terminals are not supported: run without -t"
	run_engine -0 podman_run --rm $IMAGE true
	refused_by_design "no -t"
}
