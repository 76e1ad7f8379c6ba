# What the files about single sections share: a static C program in the rootfs (probe.c), one-line
# containers, cgroup files as the host sees them, and processes that hold namespaces.
#
#     load helpers
#     load probe
#
# A file that defines its own setup_file calls probe_setup in it.

setup_file() {
	probe_setup
}

probe_setup() {
	file_setup
	PROBE=$BATS_FILE_TMPDIR/probe
	export PROBE
	cc -static -O1 -std=gnu11 -D_GNU_SOURCE -o "$PROBE" "$HELPERS_DIR/probe.c"
	[ "$(id -u)" != 0 ] || cp "$PROBE" "$BATS_FILE_TMPDIR/rootfs/bin/probe"
}

# build_with_table PROGRAM SOURCE: a static program that has the system-call table in it.
build_with_table() {
	local top
	top=$(cd "$HELPERS_DIR/../.." && pwd)
	cc -static -O1 -std=gnu11 -D_GNU_SOURCE -fno-stack-protector -I"$top/src" -I"$top" \
		-o "$1" "$2" "$top"/src/profile/{table,rules}.c
}

# inside [-STATUS|!] PROGRAM [ARGUMENT...]: runs it in a container of the bundle; 0 is wanted where
# nothing else is said. POLICY names a host policy file, RUN_OPTIONS more options of run.
inside() {
	local want=-0
	case $1 in -[0-9]* | !) want=$1 && shift ;; esac
	bundle_args "$@"
	run_bundle "$want"
}

# run_bundle [-STATUS|!]: the same with the config as it is; every status will do without one.
run_bundle() {
	# shellcheck disable=SC2086 # words
	run_osless ${1:-} ${POLICY:+--policy "$POLICY"} run ${RUN_OPTIONS:-} -b "$BUNDLE" "$ID"
}

# start_inside PROGRAM [ARGUMENT...]: the same, detached; PID is init's, for the host.
start_inside() {
	bundle_args "$@"
	# shellcheck disable=SC2086 # words
	run_osless -0 ${POLICY:+--policy "$POLICY"} run -d ${RUN_OPTIONS:-} \
		--pid-file "$BATS_TEST_TMPDIR/pid" -b "$BUNDLE" "$ID"
	PID=$(<"$BATS_TEST_TMPDIR/pid")
}

# refuses WORD...: run fails with one line that has all of them, and leaves nothing.
refuses() {
	local word
	run_bundle -1
	for word in "$@"; do
		assert_one_line_error "$word" || return 1
	done
	assert_output ""
	assert_nothing_left
}

# policy JSON: the host policy of the containers to come.
policy() {
	POLICY=$BATS_TEST_TMPDIR/policy.json
	printf '%s\n' "$1" >"$POLICY"
	chmod 600 "$POLICY"
}

# assert_line LINE: one of stdout's is exactly this.
assert_line() {
	grep -qxF -- "$1" <<<"$output" || fail "stdout lacks the line: $1"
}

# children_of PID
children_of() {
	local children=
	{ read -r children <"/proc/$1/task/$1/children"; } 2>/dev/null || true # no newline ends it
	echo "$children"
}

# payload_of PID: the host's pid of init's child, once it runs another program than init.
payload_of() {
	local child
	for child in $(children_of "$1"); do
		[ "$(readlink "/proc/$child/exe")" = "$(readlink "/proc/$1/exe")" ] || echo "$child"
	done
}

# is_gone PID...: neither running nor a zombie.
is_gone() {
	local pid
	for pid in "$@"; do
		[ ! -e "/proc/$pid" ] || return 1
	done
}

# is_dead PID...: gone, or a zombie that somebody else has to reap.
is_dead() {
	local pid
	for pid in "$@"; do
		! grep -qE '^State:\s[^ZX]' "/proc/$pid/status" 2>/dev/null || return 1
	done
}

# ------------------------------------------------------------------------------------- cgroups

# is_v2: whether cgroup v2 is alone here.
is_v2() {
	[ -e /sys/fs/cgroup/cgroup.controllers ]
}

# own_cgroup CONTROLLER: the directory in which containers without a cgroupsPath have theirs, without
# a slash at its end: the caller's own; "unified" is v2's; with v2 alone its parent, for all.
own_cgroup() {
	local path
	if is_v2; then
		path=$(sed -n 's/^0:://p' /proc/self/cgroup)
		echo "/sys/fs/cgroup${path%/*}"
		return
	elif [ "$1" = unified ]; then
		path=$(sed -n 's/^0:://p' /proc/self/cgroup)
	else
		path=$(awk -F: -v name="$1" '{ n = split($2, names, ",")
			for (i = 1; i <= n; i++) if (names[i] == name) print $3 }' /proc/self/cgroup)
	fi
	echo "/sys/fs/cgroup/$1${path%/}"
}

# need_controller CONTROLLER...: skips where this machine has it neither in v1 nor in v2.
need_controller() {
	local name
	for name in "$@"; do
		if is_v2; then
			case $name in devices | freezer) continue ;; blkio) name=io ;; esac
			grep -qw "$name" /sys/fs/cgroup/cgroup.controllers || skip "no controller $name here"
		else
			need_cgroup "$name"
		fi
	done
}

# need_cgroup CONTROLLER...: skips where this machine has none of its own hierarchy for it.
need_cgroup() {
	local name
	for name in "$@"; do
		[ -e "/sys/fs/cgroup/$name/cgroup.procs" ] || skip "no cgroup hierarchy $name here"
	done
}

by_systemd() {
	[[ " ${OSLESS_OPTIONS:-} " == *" --systemd-cgroup "* ]]
}

# container_cgroup CONTROLLER [ID]: the directory of a container, of $ID, whose cgroupsPath is absent.
container_cgroup() {
	local hierarchy=/$1
	if by_systemd; then
		! is_v2 || hierarchy=
		echo "/sys/fs/cgroup$hierarchy/system.slice/osless-${2:-$ID}.scope"
	else
		echo "$(own_cgroup "$1")/${2:-$ID}"
	fi
}

# cgroup_value CONTROLLER FILE [ID]: of the container $ID, whose cgroupsPath is absent. FILE is v1's, and so
# is what is printed, but for cpu.shares, which on v2 is cpu.weight.
cgroup_value() {
	local dir swap
	dir=$(container_cgroup "$1" "${3:-$ID}")
	if ! is_v2; then
		cat "$dir/$2"
		return
	fi
	case $2 in
	memory.limit_in_bytes) bytes_of "$dir/memory.max" ;;
	memory.soft_limit_in_bytes) sed "s/^0\$/$UNLIMITED/" "$dir/memory.low" ;;
	memory.memsw.limit_in_bytes)
		swap=$(<"$dir/memory.swap.max")
		[ "$swap" != max ] && echo $(($(<"$dir/memory.max") + swap)) || echo $UNLIMITED
		;;
	cpu.shares) cat "$dir/cpu.weight" ;;
	cpu.cfs_quota_us) awk '{ print $1 == "max" ? -1 : $1 }' "$dir/cpu.max" ;;
	cpu.cfs_period_us) cut -d' ' -f2 "$dir/cpu.max" ;;
	cpu.cfs_burst_us) cat "$dir/cpu.max.burst" ;;
	*) cat "$dir/$2" ;;
	esac
}

UNLIMITED=9223372036854771712 # as v1 says it

bytes_of() {
	sed "s/^max\$/$UNLIMITED/" "$1"
}

# assert_cgroup CONTROLLER FILE VALUE: v1's.
assert_cgroup() {
	local value want=$3
	[ "$2" != cpu.shares ] || ! is_v2 || want=$(weight_of "$3")
	value=$(cgroup_value "$1" "$2")
	[ "$value" = "$want" ] || fail "$1/$2 is $value, not $want"
}

# weight_of SHARES: what runc 1.3 and later make of them, the least cpu.weight not below the formula's.
weight_of() {
	awk -v shares="$1" 'BEGIN { l = log(shares) / log(2); weight = 10 ^ ((l * l + 125 * l) / 612 - 7 / 34)
		print int(weight) + (weight > int(weight)) }'
}

# create_with JQ-FILTER: a container, created only, whose linux.resources are changed so.
create_with() {
	bundle_config ".linux.resources |= (. // {} | $1)"
	run_osless -0 create -b "$BUNDLE" "$ID"
}

# list_container_cgroups: those that bear the container's ID.
list_container_cgroups() {
	list_cgroups | grep -F "$ID" || true # none is an answer
}

# ---------------------------------------------------------------------------------- namespaces

# hold UNSHARE-OPTION...: a process that keeps new namespaces alive; HOLDER is its pid.
hold() {
	unshare "$@" sleep 1000 </dev/null >/dev/null 2>&1 3>&- 4>&- &
	HOLDER=$!
	wait_until 5 holder_sleeps || fail "unshare $* does not work"
}

# With --fork it is the child that sleeps.
holder_sleeps() {
	[ "$(<"/proc/$HOLDER/comm")" = sleep ] ||
		[ "$(cat "/proc/$(children_of "$HOLDER")/comm" 2>/dev/null)" = sleep ]
}

release() {
	# shellcheck disable=SC2046 # words
	kill -KILL $(children_of "$HOLDER") "$HOLDER" 2>/dev/null || true # the child takes it along
	wait "$HOLDER" 2>/dev/null || true # it was killed
}

# namespace WORD [PATH]: the bundle's namespace of this type becomes a new one, or that at PATH.
namespace() {
	bundle_config --arg type "$1" --arg path "${2:-}" '
		.linux.namespaces |= map(select(.type != $type))
		+ [ { type: $type } + if $path == "" then {} else { path: $path } end ]'
}

# no_namespace WORD: the host's stays.
no_namespace() {
	bundle_config --arg type "$1" 'del(.linux.namespaces[] | select(.type == $type))'
}

# user_namespace FIRST SIZE [CONTAINER-ID]: with this one map for users and groups. The mapped root
# must get through to the rootfs, whose parents are made for one user.
user_namespace() {
	namespace user
	bundle_config --argjson host "$1" --argjson size "$2" --argjson id "${3:-0}" '
		[ { containerID: $id, hostID: $host, size: $size } ] as $map |
		.linux.uidMappings = $map | .linux.gidMappings = $map'
	let_others_through "$BUNDLE"
}

# let_others_through DIR: from the run's own directory down to it.
let_others_through() {
	local dir=$1
	while [ "$dir" != "${BATS_RUN_TMPDIR%/*}" ]; do
		chmod a+x "$dir"
		dir=${dir%/*}
	done
}

# other_version DIR: osless as another version, DIR/osless with its osless-systemd: of another build, and
# with a field of the plan renamed, so that neither can read the other's plans. Only beginnings change:
# the linker makes one string of those that end alike.
other_version() {
	local commit file
	commit=$("$OSLESS" --version | sed -n 's/^commit: //p')
	mkdir -p "$1"
	for file in osless osless-systemd; do
		[ -e "${OSLESS%/*}/$file" ] || continue
		sed "s/hooks_poststop/books_poststop/g; s/$commit/_${commit#?}/g" "${OSLESS%/*}/$file" >"$1/$file"
		chmod 755 "$1/$file"
	done
}
