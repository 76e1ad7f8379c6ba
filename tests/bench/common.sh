# shellcheck shell=dash disable=SC2154 # they set what is named here
# Sourced by the programs of tests/bench. They set:
#
#     OSLESS    the runtime under test
#     work      a directory of their own
#     runtimes  those in use, words
#     here      this directory
#     id        what their containers' names begin with

die() {
	echo "bench: $*" >&2
	exit 1
}

enter_private_namespace() {
	[ "$(id -u)" = 0 ] || die "containers need root: run as root"
	BENCH_HOST_MNT=$(readlink /proc/self/ns/mnt)
	export BENCH_HOST_MNT
	exec unshare --mount --propagation private "$0" "$@"
}

hide_cgroup2() {
	[ "$(readlink /proc/self/ns/mnt)" != "$BENCH_HOST_MNT" ] || die "not in a private mount namespace"
	mount --make-rprivate /
	if [ -d /sys/fs/cgroup/unified/ ] && mountpoint -q /sys/fs/cgroup/unified; then
		umount /sys/fs/cgroup/unified
		# crun makes a directory there even so: not on the machine's own tmpfs.
		mount -t tmpfs hidden /sys/fs/cgroup/unified
	fi
}

# A tmpfs, as /run is wherever systemd runs, is under the runtimes' roots: a disk's file system would
# be measured with them.
mount_run() {
	mount -t tmpfs -o mode=0755 run /run
}

# The private root of runtime $1.
root_of() {
	echo "/run/osless-bench/$1"
}

# The command line of runtime $1, up to the verb.
runtime() {
	case $1 in
	osless) echo "$OSLESS --root $(root_of "$1")" ;;
	*) echo "$(command -v "$1") --root $(root_of "$1")" ;;
	esac
}

# What a broken-off run has left.
delete_all() {
	for name in $runtimes; do
		for state in "$(root_of "$name")"/*/; do
			# shellcheck disable=SC2046 # runtime prints words
			[ -d "$state" ] && timeout -k 5 20 $(runtime "$name") delete --force "$(basename "$state")"
		done
	done >/dev/null 2>&1
}

# await SECONDS COMMAND...
await() {
	left=$(($1 * 20))
	shift
	until "$@"; do
		left=$((left - 1))
		[ $left -gt 0 ] || die "gave up waiting: $*"
		sleep 0.05
	done
}

# join_cgroups PID OF-PID: in every hierarchy.
join_cgroups() {
	while IFS=: read -r number names path; do
		names=${names#name=}
		[ "$number" != 0 ] || names=unified
		for mount in "/sys/fs/cgroup/$names" /sys/fs/cgroup; do
			if [ -w "$mount$path/cgroup.procs" ]; then
				echo "$1" >"$mount$path/cgroup.procs"
				break
			fi
		done
	done <"/proc/$2/cgroup"
}

# docker_profile: linux.seccomp as Docker sends it, JSON.
docker_profile() {
	jq .linux.seccomp "$here/../samples/docker-default.config.json"
}

# policy NAME JSON
policy() {
	echo "$2" >"$work/$1.policy"
	chmod 600 "$work/$1.policy"
}

# start_kind KIND POLICY-NAME: the bundle $work/KIND, detached, by crun where that is the kind's name,
# else by osless. Its output goes to $work/KIND.out; sets payload, the program's pid.
start_kind() {
	name=osless
	case $1 in
	crun*) name=crun ;;
	esac
	set -- "$1" "$name" "--policy $work/$2.policy"
	[ "$name" = osless ] || set -- "$1" "$name" ""
	# shellcheck disable=SC2046,SC2086 # words
	$(runtime "$2") $3 run --detach --pid-file "$work/$1.pid" --bundle "$work/$1" "$id-$1" \
		</dev/null >"$work/$1.out" 2>"$work/$1.err" || die "$1: $(cat "$work/$1.err")"
	payload=$(cat "$work/$1.pid")
	[ "$name" = osless ] || return 0
	await 5 has_child "$payload"
	payload=$(cat "/proc/$payload/task/$payload/children")
	payload=${payload%% *}
}

has_child() {
	[ -n "$(cat "/proc/$1/task/$1/children")" ]
}

stop_kind() {
	name=osless
	case $1 in
	crun*) name=crun ;;
	esac
	# shellcheck disable=SC2046 # runtime prints words
	$(runtime "$name") delete --force "$id-$1"
}

# pin CPU PID: all its threads. Where there is one CPU, all are there anyhow.
pin() {
	[ "$(nproc)" = 1 ] || taskset -a -p -c "$1" "$2" >/dev/null
}

# need PROGRAM...
need() {
	for program in "$@"; do
		command -v "$program" >/dev/null || die "$program is not installed"
	done
}

# print_head TITLE
print_head() {
	echo "## $1, measured $(date -u +%Y-%m-%d)"
	echo
	echo "- kernel $(uname -r) $(uname -m), $(nproc) CPUs, load $(cut -d' ' -f1-3 /proc/loadavg) at the start"
	for name in $runtimes; do
		# shellcheck disable=SC2046 # runtime prints words
		echo "- $name: $($(runtime "$name") --version | head -n 1)"
	done
}

print_end() {
	echo
	echo "Load at the end: $(cut -d' ' -f1-3 /proc/loadavg)"
	echo
}
