# What the files about engines share: a containerd of the file's own (socket, root, state, network
# namespace), a busybox image made on the spot, what an engine says, and a row of the table for each
# test. Nothing of an engine that runs on this machine is touched.
#
#     load engines
#     ENGINE_NAME=docker
#
# A test's row is its description. It works when the test passes, unless the test says last that it was
# refused_by_design, or stripped_by_design, and by which cure it does work.
#
# From the environment, besides that of helpers.bash: RUNTIME, osless or another program to compare it
# with (runc); CGROUP_DRIVER, by which engines place containers: cgroupfs, or systemd where that runs the
# machine; ENGINES_TABLE, the file that rows are added to: ENGINE, STEP, RUNTIME, VERDICT, NOTE, with tabs
# between them.

load ../bats/helpers

IMAGE=localhost/busybox:test
ENGINE_TIMEOUT=$((60 * SLOWNESS))
CGROUP_DRIVER=${CGROUP_DRIVER:-cgroupfs}
RUNTIME=${RUNTIME:-osless}
RUNTIME_PROGRAM=$OSLESS
[ "$RUNTIME" = osless ] || RUNTIME_PROGRAM=$(command -v "$RUNTIME")

# engine_needs PROGRAM...: whether the file's engine can be started; makes its directory, ENGINE.
engine_needs() {
	file_setup
	[ "$(id -u)" = 0 ] || return 1
	[ "$(type -P "$@" | wc -l)" = $# ] || return 1 # not the files' functions of the same name
	! by_systemd || systemctl start dbus.service # else it starts in the midst of a test, and stays
	ENGINE=$BATS_FILE_TMPDIR/engine
	export ENGINE
	mkdir -p "$ENGINE"
}

# engine_setup STATE-ROOT: of a test; STATE-ROOT is where the engine has the runtime's state directories.
engine_setup() {
	VERDICT='' NOTE=''
	SCOPES=$(list_scopes)
	[ -n "${ENGINE:-}" ] || skip "${ENGINE_LACKS:-needs root and $ENGINE_NAME}"
	ROOT=$1
	mkdir -p "$ROOT"
	test_setup
}

# engine_teardown: what the test's engine_clean, a function of the file, does not remove is a leak.
engine_teardown() {
	local leaked=0
	[ -z "${ENGINE:-}" ] || engine_clean
	test_teardown || leaked=1
	wait_until 5 no_new_scope || leaked=1
	write_row $leaked
	return $leaked
}

# ------------------------------------------------------------------------------------ the table

# refused_by_design CURE: the refusal has been seen, and the cure to help.
refused_by_design() {
	VERDICT="refused by design"
	NOTE="cure: $1"
}

# stripped_by_design WHAT: what is otherwise than asked for, and the cure to help.
stripped_by_design() {
	VERDICT="stripped by design"
	NOTE=$1
}

# write_row LEAKED
write_row() {
	if [ -n "${BATS_TEST_SKIPPED:-}" ]; then
		VERDICT=skipped NOTE=$BATS_TEST_SKIPPED
	elif [ -z "${BATS_TEST_COMPLETED:-}" ] || [ "$1" != 0 ]; then
		VERDICT=broken
		is_osless || VERDICT=fails
	fi
	printf '%s\t%s\t%s\t%s\t%s\n' "$ENGINE_NAME" "$BATS_TEST_DESCRIPTION" "$RUNTIME" \
		"${VERDICT:-works}" "$NOTE" >>"${ENGINES_TABLE:-$BATS_RUN_TMPDIR/engines.tsv}"
}

is_osless() {
	[ "$RUNTIME" = osless ]
}

# osless_only WHY: a step that is no comparison.
osless_only() {
	is_osless || skip "$1"
}

# --------------------------------------------------------------------- contrib/'s configuration

CONTRIB=$BATS_TEST_DIRNAME/../../contrib

# contrib FILE: its text, with the programs under test in the place of the installed ones.
contrib() {
	sed -e "s,/usr/local/bin/osless-audit,$ENGINE/bin/$TAG-audit," -e "s,/usr/local/bin/osless,$OSLESS," \
		"$CONTRIB/$1"
}

# install_audit, remove_audit: the second class, whose name is the run's own; so is that of its policy,
# which can lie nowhere but in the host's directory.
install_audit() {
	mkdir -p "$ENGINE/bin"
	ln -s "$OSLESS" "$ENGINE/bin/$TAG-audit"
	install -D -m 644 "$CONTRIB/policy/osless-audit.json" "/etc/osless/$TAG-audit.json"
}

remove_audit() {
	rm -f "/etc/osless/$TAG-audit.json"
	rmdir --ignore-fail-on-non-empty /etc/osless 2>/dev/null || true # there was none
}

# ----------------------------------------------------------------------------------- containerd

# start_containerd [TOML]: with what follows in its configuration instead of a disabled CRI plugin.
start_containerd() {
	local disabled='"io.containerd.grpc.v1.cri", '
	[ $# = 0 ] || disabled=
	cat >"$ENGINE/config.toml" <<-TOML
		version = 2
		root = "$ENGINE/root"
		state = "$ENGINE/state"
		disabled_plugins = [$disabled"io.containerd.snapshotter.v1.aufs",
		  "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper",
		  "io.containerd.snapshotter.v1.zfs"]
		[grpc]
		  address = "$ENGINE/sock"
		[plugins."io.containerd.internal.v1.opt"]
		  path = "$ENGINE/opt"
		${1:-}
	TOML
	start_daemon containerd containerd --config "$ENGINE/config.toml"
	answers 20 containerd engine version
}

# start_daemon NAME PROGRAM [ARGUMENT...]: in a network namespace of its own; its log is ENGINE/NAME.log,
# its process id in ENGINE/NAME.pid.
start_daemon() {
	local name=$1
	shift
	unshare --net sh -c 'ip link set lo up; exec "$@"' sh "$@" >"$ENGINE/$name.log" 2>&1 \
		3>&- 4>&- </dev/null &
	echo $! >"$ENGINE/$name.pid"
	disown
}

# answers SECONDS NAME COMMAND...: the daemon has come up when it succeeds.
answers() {
	wait_until "$1" "${@:3}" >/dev/null 2>&1 || {
		tail -n 20 "$ENGINE/$2.log" >&2
		return 1
	}
}

# stop_daemon NAME
stop_daemon() {
	local pid
	pid=$(cat "$ENGINE/$1.pid" 2>/dev/null) || return 0
	kill -TERM "$pid" 2>/dev/null || return 0 # it has ended by itself
	wait_until 15 eval "! kill -0 $pid 2>/dev/null" || kill -KILL "$pid"
}

# stop_containerd: and the shims that are left of it, by its address, and its mounts.
stop_containerd() {
	local pid
	[ -n "${ENGINE:-}" ] || return 0
	for pid in $(pgrep -f -- "-address $ENGINE/sock"); do
		kill -KILL "$pid" || true # gone meanwhile
	done
	stop_daemon containerd
	unmount_engine
}

unmount_engine() {
	awk -v under="$ENGINE/" 'index($5, under) == 1 { print $5 }' /proc/self/mountinfo | sort -r |
		xargs -r -n 1 umount -l
}

# engine ARGUMENT...: ctr, in the namespace that is the run's tag; ctr_in NAMESPACE ARGUMENT...
engine() {
	ctr_in "$TAG" "$@"
}

ctr_in() {
	CONTAINERD_SNAPSHOTTER=native timeout -k 5 "$ENGINE_TIMEOUT" \
		ctr --address "$ENGINE/sock" --namespace "$1" "${@:2}" 3>&- 4>&-
}

# run_engine [-STATUS|!] FUNCTION ARGUMENT...: as run_osless.
run_engine() {
	local want=
	case $1 in
	-[0-9]*) want=${1#-} && shift ;;
	!) want=! && shift ;;
	esac
	OUT=$BATS_TEST_TMPDIR/engine.out
	status=0
	"$@" </dev/null >"$OUT" 2>"$OUT.err" || status=$?
	output=$(<"$OUT")
	stderr=$(<"$OUT.err")
	check_status "$want" "$*"
}

# ---------------------------------------------------------------------------------------- images

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

# make_image FILE NAME PROGRAM [ARGUMENT...]: an OCI image layout with busybox as its one layer.
make_image() {
	local dir=$ENGINE/image layer config manifest arch
	mkdir "$dir"
	arch=$(dpkg --print-architecture)
	tar -C "$BATS_FILE_TMPDIR/rootfs" -cf "$dir/layer" .
	layer=$(add_blob "$dir" "$dir/layer")
	jq -n --arg arch "$arch" --arg layer "${layer% *}" '{architecture: $arch, os: "linux",
		config: {Cmd: $ARGS.positional, Env: ["PATH=/bin"]},
		rootfs: {type: "layers", diff_ids: [$layer]}}' --args -- "${@:3}" >"$dir/config"
	config=$(add_blob "$dir" "$dir/config")
	jq -n --argjson config "$(descriptor config.v1+json "$config")" \
		--argjson layer "$(descriptor layer.v1.tar "$layer")" \
		'{schemaVersion: 2, config: $config, layers: [$layer]}' >"$dir/manifest"
	manifest=$(add_blob "$dir" "$dir/manifest")
	jq -n --argjson manifest "$(descriptor manifest.v1+json "$manifest")" --arg name "$2" \
		'{schemaVersion: 2, manifests: [$manifest + {annotations: {"io.containerd.image.name": $name}}]}' \
		>"$dir/index.json"
	echo '{"imageLayoutVersion": "1.0.0"}' >"$dir/oci-layout"
	tar -C "$dir" -cf "$1" oci-layout index.json blobs
	rm -r "$dir"
}

# --------------------------------------------------------------------------- what the host can see

# cgroup_file CONTROLLER FILE-ON-V1 FILE-ON-V2 PATH: the content of the container's file at that path.
cgroup_file() {
	local mount
	mount=$(awk -v word="$1" '/ - cgroup / && $NF ~ "(^|,)" word "(,|$)" { print $5; exit }' \
		/proc/self/mountinfo)
	if [ -n "$mount" ]; then
		cat "$mount/$4/$2"
	else
		cat "$(awk '/ - cgroup2 / { print $5; exit }' /proc/self/mountinfo)/$4/$3"
	fi
}

# processes_in PATH: how many the cgroup has, with those below it.
processes_in() {
	local dirs
	dirs=("/sys/fs/cgroup/pids/$1" "/sys/fs/cgroup/unified/$1" "/sys/fs/cgroup/$1")
	find "${dirs[@]}" -name cgroup.procs -exec cat {} + 2>/dev/null | sort -u | wc -l
}

# make_parent, remove_parent: PARENT, a cgroup in all hierarchies or a slice, for all containers of a file,
# so that it is no leak of the first test's.
make_parent() {
	PARENT=$TAG-pods
	export PARENT
	if by_systemd; then
		PARENT+=.slice
		systemctl start "$PARENT"
	else
		awk -v path="/$PARENT" '/ - cgroup2? / { print $5 path }' /proc/self/mountinfo | xargs mkdir -p
	fi
}

remove_parent() {
	[ -n "${PARENT:-}" ] || return 0
	if by_systemd; then
		systemctl stop "$PARENT"
	else
		find /sys/fs/cgroup -depth -type d -path "*/$PARENT*" -exec rmdir {} +
	fi
}

by_systemd() {
	[ "$CGROUP_DRIVER" = systemd ]
}

# cgroup_below PARENT PREFIX NAME: the path of a container's cgroup; with systemd PARENT is a slice and the
# name of its unit has the engine's PREFIX.
cgroup_below() {
	local slice='' part
	if ! by_systemd; then
		echo "$1/$3"
		return
	fi
	for part in $(tr - ' ' <<<"${1%.slice}"); do
		slice+=${slice:+-}$part
		printf '%s.slice/' "$slice"
	done
	echo "$2-$3.scope"
}

list_scopes() {
	! by_systemd || systemctl list-units --all --type scope --plain --no-legend | cut -d' ' -f1 | sort
}

# no_new_scope: since the test began.
no_new_scope() {
	[ -z "$(comm -13 <(echo "$SCOPES") <(list_scopes))" ]
}

# own_processes: those of the runtime that stay in the cgroup: osless' init.
own_processes() {
	is_osless && echo 1 || echo 0
}

# processes_are COUNT PATH: of the payload's.
processes_are() {
	[ "$(processes_in "$2")" = $(($1 + $(own_processes))) ]
}

# parallel COUNT FUNCTION: FUNCTION 1 ... FUNCTION COUNT at once; fails when one does.
parallel() {
	local jobs=() job failed=0
	for ((job = 1; job <= $1; job++)); do
		"$2" $job 3>&- 4>&- </dev/null >"$BATS_TEST_TMPDIR/job.$job" 2>&1 &
		jobs[job]=$!
	done
	for ((job = 1; job <= $1; job++)); do
		wait "${jobs[job]}" || {
			failed=1
			sed "s/^/$job: /" "$BATS_TEST_TMPDIR/job.$job" >&2
		}
	done
	return $failed
}
