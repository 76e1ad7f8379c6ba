# What the files about real workloads share: a container whose rootfs is an overlay of its own over
# Debian's packages (tests/workloads/rootfs), with the config that Docker sends, under osless' default
# policy; clients from outside; and a row of the table for each test.
#
#     load workloads
#
# A test says first which row it is (workload), and last how it came out: works, or refused_by_design
# and then by which cure it does work. A test that fails is a broken workload.
#
# From the environment, besides that of helpers.bash: WORKLOADS_TABLE, the file that rows are added
# to: NAME, VERDICT, NOTE, CALLS, with tabs between them.

OSLESS_TIMEOUT=${OSLESS_TIMEOUT:-90} # a database is made inside, a virtual machine begins

load ../bats/look-helpers
load ../bats/probe
load ../servers/servers

WORKLOADS_DIR=$BATS_TEST_DIRNAME
SAMPLE=$WORKLOADS_DIR/../samples/docker-default.config.json

setup_file() {
	mkdir -p "$ROOT"
	[ "$(id -u)" != 0 ] || ROOTFS=$("$WORKLOADS_DIR/rootfs")
	export ROOTFS
}

setup() {
	ROW='' VERDICT='' NOTE=''
	test_setup
}

teardown() {
	local leaked=0
	[ -z "${ID:-}" ] || collect_denials
	test_teardown || leaked=1
	! mountpoint -q "${BUNDLE:-/none}/rootfs" || umount "$BUNDLE/rootfs" || umount -l "$BUNDLE/rootfs"
	write_row $leaked
	[ "$VERDICT" != broken ]
}

# make_bundle DIR: in the place of helpers.bash's. Docker's config without its profile, and without
# the sysctl by which everybody may bind every port; what it bind-mounts lies in the rootfs.
make_bundle() {
	BUNDLE=$1
	mkdir -p "$BUNDLE"/{rootfs,upper,work}
	mount -t overlay overlay -o "lowerdir=$ROOTFS,upperdir=$BUNDLE/upper,workdir=$BUNDLE/work" \
		"$BUNDLE/rootfs"
	jq '.root = { path: "rootfs" } | .hostname = "box"
		| .process.env = [ "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" ]
		| .mounts |= map(select(.type != "bind"))
		| del(.hooks, .linux.seccomp, .linux.sysctl, .linux.cgroupsPath)' \
		"$SAMPLE" >"$BUNDLE/config.json"
	put /etc/hosts <<<"127.0.0.1 localhost box"
}

# docker_profile: the seccomp profile that Docker sends along, too.
docker_profile() {
	bundle_config --slurpfile sample "$SAMPLE" '.linux.seccomp = $sample[0].linux.seccomp'
}

# as_user NAME: the config names this user of the rootfs, as `docker run --user` would; the engine then
# grants no effective capabilities.
as_user() {
	local groups
	groups=$(in_rootfs id -G "$1" | jq -sc .)
	bundle_config --argjson uid "$(in_rootfs id -u "$1")" --argjson groups "$groups" '
		.process.user = { $uid, gid: $groups[0], additionalGids: $groups }
		| .process.capabilities |= { bounding }'
}

# drop_all: no capability at all, as `--cap-drop ALL`.
drop_all() {
	bundle_config '.process.capabilities |= map_values([])'
}

# in_rootfs PROGRAM [ARGUMENT...]: on the host, in the overlay. Nothing may be written there but so: many
# of its links are absolute, and would lead to the host's files.
in_rootfs() {
	chroot "$BUNDLE/rootfs" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@" 3>&- 4>&-
}

# put PATH: stdin becomes this file of the rootfs.
put() {
	# shellcheck disable=SC2016 # for the other shell
	in_rootfs sh -c 'mkdir -p "$(dirname "$1")" && cat >"$1"' put "$1"
}

# put_program NAME...: of programs/, in /opt.
put_program() {
	local name
	for name in "$@"; do
		put "/opt/$name" <"$WORKLOADS_DIR/programs/$name"
	done
}

# ------------------------------------------------------------------------------------ the table

# workload NAME PACKAGE-AND-PROGRAM...: a pair is PACKAGE:PROGRAM, or one word for both. Skips, with the
# reason in the table, where the rootfs lacks it.
workload() {
	local pair
	ROW=$1
	for pair in "${@:2}"; do
		# shellcheck disable=SC2016 # for the other shell: the program may be a pattern
		in_rootfs sh -c 'command -v $1' sh "${pair#*:}" >/dev/null || {
			NOTE="no package ${pair%:*}"
			skip "$NOTE"
		}
	done
}

# works [REFUSAL...]: and nothing was refused to it with an event but, at most, these (denials_of).
works() {
	local refused
	collect_denials
	refused=$(printf '%s\n' "$@" | grep -vxFf - "$BATS_TEST_TMPDIR/denials" || true) # none is well
	[ -z "$refused" ] || fail "refused in normal operation: $refused" || return 1
	VERDICT=works
}

# refused_by_design WHAT CURE: what is refused has been seen to be, and the cure to help.
refused_by_design() {
	VERDICT="refused by design"
	NOTE="$1; cure: $2"
}

# write_row LEAKED
write_row() {
	[ -n "$ROW" ] || return 0
	if [ -n "${BATS_TEST_SKIPPED:-}" ]; then
		VERDICT=skipped
	elif [ -z "${BATS_TEST_COMPLETED:-}" ] || [ "$1" != 0 ] || [ -z "$VERDICT" ]; then
		VERDICT=broken NOTE=$BATS_TEST_DESCRIPTION
	fi
	printf '%s\t%s\t%s\t%s\n' "$ROW" "$VERDICT" "$NOTE" \
		"$(sort -u "$BATS_TEST_TMPDIR/denials" 2>/dev/null | paste -sd, | sed 's/,/, /g')" \
		>>"${WORKLOADS_TABLE:-$BATS_RUN_TMPDIR/workloads.tsv}"
}

# denials_of ID: what was refused with an event, a line for each PROGRAM: CALL ERRNO; constants among the
# arguments stand with the call.
denials_of() {
	osless events --no-follow "$1" | jq -r '.data | select(.event == "denied").denial
		| ([ .decoded // "" | scan("[A-Z][A-Z0-9_]{3,}") ] | join(" ")) as $words
		| (if $words == "" then .call else "\(.call)(\($words))" end) as $call
		| "\(.exe // .comm | split("/")[-1]): \($call) \(.errno)"'
}

# collect_denials: before the container is deleted.
collect_denials() {
	[ ! -d "$ROOT/$ID" ] || denials_of "$ID"
} >>"$BATS_TEST_TMPDIR/denials"

# ---------------------------------------------------------------------------------- containers

# box [-STATUS|!] PROGRAM [ARGUMENT...]: runs it to its end, which is to be 0 where nothing else is said.
box() {
	local want=-0
	case $1 in -[0-9]* | !) want=$1 && shift ;; esac
	drop_box
	bundle_args "$@"
	run_osless "$want" run --keep -b "$BUNDLE" "$ID"
}

# script: the same with a script, from stdin, by bash.
script() {
	put /opt/script
	box "$@" bash -eu /opt/script
}

# serve PROGRAM [ARGUMENT...]: runs it detached; PID is init's. serve_tree CHILD...: a whole tree.
serve() {
	bundle_args "$@"
	serve_bundle
}

serve_tree() {
	declare_tree "$(printf '%s\n' "$@" | jq -sc '{ children: . }')"
	serve_bundle
}

serve_bundle() {
	drop_box
	run_osless -0 run -d --pid-file "$BATS_TEST_TMPDIR/pid" -b "$BUNDLE" "$ID"
	PID=$(<"$BATS_TEST_TMPDIR/pid")
	RUN_OUT=$OUT
}

# child ID PROGRAM [ARGUMENT...]: of a tree.
child() {
	jq -nc '{ id: $ARGS.positional[0], args: $ARGS.positional[1:] }' --args -- "$@"
}

# ready SECONDS COMMAND...: until it succeeds; what it says is shown where it never does.
ready() {
	wait_until "$1" succeeds_or_ends "${@:2}" && ! status_is "$ID" stopped ||
		fail "not ready: ${*:2}"$'\n'"$(<"$BATS_TEST_TMPDIR/said")" || show_servers
}

succeeds_or_ends() {
	"$@" >"$BATS_TEST_TMPDIR/said" 2>&1 || status_is "$ID" stopped
}

# shellcheck disable=SC2120 # by the bats files
# stop [STATUS]: asked to by TERM, it ends so, and nothing had to be killed for it.
stop() {
	run_osless -0 kill "$ID" TERM
	wait_until 30 status_is "$ID" stopped || fail "it goes on after TERM" || show_servers || return 1
	ended_with "${1:-0}" || show_servers || return 1
	drop_box
}

# ended_with STATUS: as a shell would say it.
ended_with() {
	osless events --no-follow "$ID" | jq -se --argjson want "$1" '
		[ .[].data | select(.event == "ended") ][-1].status
		| (.exit // (128 + .signal)) == $want' >/dev/null || fail "the container did not end with $1"
}

# drop_box: the container, if any, is deleted; the overlay stays as it is.
drop_box() {
	[ -d "$ROOT/$ID" ] || return 0
	collect_denials
	run_osless -0 delete --force "$ID"
}

# client PROGRAM [ARGUMENT...]: of the rootfs, among the container's files and in its network, but not under
# osless: what is refused is refused to the server.
client() {
	nsenter -t "$PID" -m -n -u -i -w env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
		timeout -k 1 60 "$@" 3>&- 4>&-
}

# get URL: of the server on port 80 where the URL is a path.
get() {
	local url=$1
	[[ $url == http* ]] || url=http://127.0.0.1$url
	client curl -sSf --max-time 10 "$url"
}

# gets URL PART: it answers so.
gets() {
	local answer
	answer=$(get "$1" 2>&1) && [[ $answer == *"$2"* ]] || fail "$1 answers: $answer"
}

# load_of_requests URL: 2000 over 20 connections; each is answered, and by success.
load_of_requests() {
	local said
	said=$(client ab -q -n 2000 -c 20 "$1" </dev/null) || fail "ab: $said" || return 1
	[[ $said =~ Complete\ requests:\ +2000[^0-9] && $said =~ Failed\ requests:\ +0[^0-9] &&
		$said != *"Non-2xx"* ]] || fail "ab: $said"
}

# ------------------------------------------------------------------------ packages and entrypoints

# make_package: /srv/repo/greeting.deb.
make_package() {
	put /srv/build/DEBIAN/control <<-'END'
		Package: osless-greeting
		Version: 1.0
		Architecture: all
		Maintainer: nobody <nobody@localhost>
		Description: says hello
	END
	put /srv/build/usr/bin/greeting <<<$'#!/bin/sh\necho hello'
	in_rootfs sh -c 'chmod 755 /srv/build/usr/bin/greeting && mkdir /srv/repo &&
		dpkg-deb --root-owner-group -b /srv/build /srv/repo/greeting.deb >/dev/null'
}

# entrypoint PROGRAM-AND-ARGUMENTS...: an image's, that goes over to the user redis by this where it is
# root; it counts how often it was begun.
entrypoint() {
	put /entrypoint.sh <<-END
		#!/bin/bash
		set -e
		echo begun >>/srv/begun
		[ "\$(wc -l </srv/begun)" -lt 5 ] || exit 99
		chown redis:redis /srv || true
		if [ "\$1" = redis-server ] && [ "\$(id -u)" = 0 ]; then
		    exec $* "\$0" "\$@"
		fi
		exec "\$@"
	END
	in_rootfs chmod 755 /entrypoint.sh
}

# enters_by WORD...: such an entrypoint starts its server, and does not loop.
enters_by() {
	entrypoint "$@"
	serve /entrypoint.sh redis-server --save ''
	ready 10 redis_pongs
	[ "$(in_rootfs wc -l /srv/begun)" = "1 /srv/begun" ] || fail "begun $(in_rootfs wc -l /srv/begun)"
	stop
}

redis_pongs() {
	[ "$(client redis-cli ping)" = PONG ]
}
