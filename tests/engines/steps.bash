# What the files about podman, buildah and conmon share: an engine of the test's own (roots, run
# directories, configuration), a busybox image made on the spot, and steps that are done with runc first
# and then with osless: where runc passes, osless passes, or refuses by design and names the cure.
#
#     load steps
#
# Each step is a row of a table: ENGINE, STEP, runc's outcome, osless', NOTE, with tabs between them, in
# the file that ENGINES_TABLE names.

load ../bats/helpers

IMAGE=localhost/busybox:test
ENGINE_TIMEOUT=60

# engine_setup PROGRAM...: nothing where one of them is missing; then every test is skipped.
engine_setup() {
	local program
	file_setup
	[ "$(id -u)" = 0 ] || return 0
	for program in runc "$@"; do
		type -P "$program" >/dev/null || return 0 # not the functions of the same name
	done
	ENGINE=$BATS_FILE_TMPDIR/e
	export ENGINE
	mkdir -p "$ENGINE"/{bin,volume}
	make_runtime osless "$OSLESS" "$ROOT"
	make_runtime runc "$(type -P runc)" "$ENGINE/runc"
	make_config
}

# The conmons and pause processes that this file started: ENGINE is on their command lines.
engine_teardown() {
	local pid
	[ -n "${ENGINE:-}" ] || return 0
	for pid in $(pgrep -f -- "$ENGINE/"); do
		[ "$pid" = $$ ] || [ "$pid" = "$BASHPID" ] || kill -KILL "$pid" 2>/dev/null || true # gone meanwhile
	done
	awk -v under="$ENGINE/" 'index($5, under) == 1 { print $5 }' /proc/self/mountinfo |
		xargs -r -n 1 umount -l
}

# make_runtime NAME PROGRAM ROOT: with a root of the test's own; calls are kept.
make_runtime() {
	printf '#!/bin/sh\necho "%s $*" >>%s/calls\nexec %s --root %s "$@"\n' "$1" "$ENGINE" "$2" "$3" \
		>"$ENGINE/bin/$1"
	chmod 755 "$ENGINE/bin/$1"
}

# contrib's configuration, with the test's runtimes and places.
make_config() {
	cat >"$ENGINE/containers.conf" <<-TOML
		[containers]
		log_driver = "k8s-file"
		default_ulimits = ["nofile=1024:1024", "nproc=10000:10000"]
		[network]
		network_backend = "cni"
		network_config_dir = "$ENGINE/net"
	TOML
	sed -e 's,"/usr/local/bin/osless"[^]]*,"'"$ENGINE/bin/osless"'",' \
		-e 's,^runc = .*,runc = ["'"$ENGINE/bin/runc"'"],' \
		-e '/^\[engine\]/a events_logger = "file"\nlock_type = "file"' \
		"$BATS_TEST_DIRNAME/../../contrib/podman/containers.conf" >>"$ENGINE/containers.conf"
	cat >"$ENGINE/storage.conf" <<-TOML
		[storage]
		driver = "vfs"
		graphroot = "$ENGINE/graph"
		runroot = "$ENGINE/run"
	TOML
}

setup() {
	[ -n "${ENGINE:-}" ] || skip "needs root, runc and the engine"
	test_setup
}

teardown() {
	local leaked=0
	[ -n "${ENGINE:-}" ] || return 0
	clear_engine
	test_teardown || leaked=1
	return $leaked
}

# The cgroups that podman itself makes for a test (conmon's, a pod's), around those of the containers: it
# leaves them, also with runc. One that is still in use, or has a container's cgroup in it, stays, and is then a leak.
drop_parents() {
	local mount
	while read -r mount; do
		find "$mount/$ID" -mindepth 1 -maxdepth 1 -type d ! -name "libpod-*" -exec rmdir {} + 2>/dev/null || true
		rmdir "$mount/$ID" 2>/dev/null || true
	done < <(awk '/ - cgroup2? / { print $5 }' /proc/self/mountinfo)
	[ -z "$(list_cgroups | grep -F "/$ID")" ]
}

nothing_left() {
	wait_until 5 drop_parents || true # what stays is told
	assert_nothing_left
}

# In the place of check-leaks.bash's: podman makes /run/netns a mount, once on a machine, and leaves it.
list_mounts() {
	awk '$5 != "/run/netns" { print $5 }' /proc/self/mountinfo
}

# in_engine PROGRAM ARGUMENT...
in_engine() {
	CONTAINERS_CONF=$ENGINE/containers.conf CONTAINERS_STORAGE_CONF=$ENGINE/storage.conf OSLESS_TEST=$ID \
		timeout -k 5 "$ENGINE_TIMEOUT" "$@" 3>&- 4>&-
}

podman() {
	in_engine podman --tmpdir "$ENGINE/tmp" --runtime "$RUNTIME" "$@"
}

# podman_run ARGUMENT...: without a network, and in a cgroup that bears the test's name.
podman_run() {
	podman run --network none --cgroup-parent "/$ID" "$@"
}

# clear_engine: whatever a step has left.
clear_engine() {
	RUNTIME=osless podman pod rm --force --all --time 0 >/dev/null 2>&1 || true
	RUNTIME=osless podman rm --force --all --time 0 >/dev/null 2>&1 || true
	wait_until 5 drop_parents || true # assert_nothing_left tells
}

make_image() {
	tar -C "$BATS_FILE_TMPDIR/rootfs" -c . |
		RUNTIME=osless podman import --change 'CMD ["/bin/sh"]' --change 'ENV PATH=/bin' - $IMAGE
}

# run_engine [-STATUS|!] COMMAND ARGUMENT...: as run_osless.
run_engine() {
	local want=
	case $1 in -[0-9]* | !) want=${1#-} && shift ;; esac
	OUT=$BATS_TEST_TMPDIR/engine.out
	status=0
	"$@" </dev/null >"$OUT" 2>"$OUT.err" || status=$?
	output=$(<"$OUT")
	stderr=$(<"$OUT.err")
	check_status "$want" "$*"
}

# in_shell RUNTIME FUNCTION: in a shell of its own, so that its first failing command ends it although
# the caller looks at how it ended.
in_shell() {
	declare -f >"$BATS_TEST_TMPDIR/step"
	echo "$2" >>"$BATS_TEST_TMPDIR/step"
	RUNTIME=$1 ID=$ID TAG=$TAG ROOT=$ROOT IMAGE=$IMAGE OSLESS=$OSLESS ENGINE_TIMEOUT=$ENGINE_TIMEOUT \
		bash -eux "$BATS_TEST_TMPDIR/step" </dev/null >"$BATS_TEST_TMPDIR/$1.log" 2>&1 3>&- 4>&-
}

# verdict WORD: as the table of tests/engines/run has it.
verdict() {
	case $1 in
	passes) echo works ;;
	fails) echo broken ;;
	refused*) echo "refused by design" ;;
	*) echo "$1" ;;
	esac
}

# write_row STEP RUNC OSLESS NOTE
write_row() {
	local engine
	engine=$(basename "$BATS_TEST_FILENAME" .bats)
	printf '%s\t%s\t%s\t%s\t%s\n' "$engine" "$1" runc "$(verdict "$2")" "" \
		"$engine" "$1" osless "$(verdict "$3")" "$4" >>"${ENGINES_TABLE:-$BATS_RUN_TMPDIR/engines.tsv}"
}

# both STEP RUNC-FUNCTION OSLESS-FUNCTION PASSES NOTE: PASSES is the word for osless' success.
both() {
	local runc=passes osless=$4
	in_shell runc "$2" || runc=fails
	clear_engine
	in_shell osless "$3" || osless=fails
	write_row "$1" $runc "$osless" "$5"
	[ "$osless" = "$4" ] || { cat "$BATS_TEST_TMPDIR/osless.log" >&2 && return 1; }
	[ $runc = passes ] || { cat "$BATS_TEST_TMPDIR/runc.log" >&2 && return 1; }
}

# step STEP FUNCTION
step() {
	both "$1" "$2" "$2" passes ""
}

# refused STEP RUNC-FUNCTION OSLESS-FUNCTION CURE: the second sees the refusal, and the cure help.
refused() {
	both "$1" "$2" "$3" "refused by design" "cure: $4"
}

# needs_verb VERB STEP: of osless; skips where this version has none.
needs_verb() {
	"$OSLESS" "$1" --help 2>&1 | grep -q "has no $1 yet" || return 0
	write_row "$2" "" skipped "osless has no $1 yet"
	skip "osless has no $1 yet"
}

# inspect NAME FORMAT
inspect() {
	podman inspect --format "$2" "$1"
}

inspects() {
	[ "$(inspect "$1" "$2")" = "$3" ]
}

becomes() {
	wait_until 10 inspects "$@" || fail "$1: $2 is $(inspect "$1" "$2"), not $3"
}
