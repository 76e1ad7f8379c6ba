# Documents of exec and update, spoilt in many ways: each is taken or refused with one line, and the
# container, the same for all of them, is none the worse for it.

load helpers
load probe

# mutants COUNT FILE...: spoilt variants of these documents, in MUTANTS.
mutants() {
	local count=$1
	shift
	MUTANTS=$BATS_TEST_TMPDIR/mutants
	mkdir "$MUTANTS"
	python3 "$HELPERS_DIR/mutate.py" "$count" "$MUTANTS" "$@"
}

# judge FILE FAILURE VERB: status is 0 or FAILURE, with one line that says why. Sanitizers, which
# speak at length, are no such line.
judge() {
	local lines
	case $status in
	0 | "$2") ;;
	*) fail "${1##*/}: exit status $status" || return 1 ;;
	esac
	lines=$(grep -cv '^osless: warning: ' <<<"$stderr") || true
	if [ "$status" = 0 ]; then
		[ -z "$stderr" ] || [ "$lines" = 0 ] || fail "${1##*/}: success says something"
	else
		[ "$lines" = 1 ] && [[ $stderr == *"osless: $3 $ID: "* ]] || fail "${1##*/}: not one line"
	fi
}

# each_mutant FAILURE VERB ARGUMENT...: the mutant is the last argument's value.
each_mutant() {
	local mutant failure=$1 taken=0 refused=0
	shift
	for mutant in "$MUTANTS"/*; do
		run_osless "$@" "$mutant" "$ID"
		judge "$mutant" "$failure" "$1" || return 1
		[ "$status" = 0 ] && taken=$((taken + 1)) || refused=$((refused + 1))
	done
	# of either there must be many, or the mutants are not what they should be
	[ $taken -ge 5 ] && [ $refused -ge 25 ] || fail "$taken are taken, $refused refused"
}

# unharmed: the same two processes, no more, and nothing that init would still hold.
unharmed() {
	status_is "$ID" running
	[ "$(osless ps -f json "$ID")" = "$MEMBERS" ] || fail "$(osless ps "$ID") are its processes"
	[ "$(ls "/proc/$PID/fd" | wc -l)" = "$FDS" ] || fail "init has other descriptors"
	run_osless -0 exec "$ID" true
}

start() {
	command -v python3 >/dev/null || skip "needs python3"
	start_inside sleep 1000
	run_osless -0 exec "$ID" true
	MEMBERS=$(osless ps -f json "$ID")
	FDS=$(ls "/proc/$PID/fd" | wc -l)
}

@test "exec --process" {
	local doc docs=()
	start
	for doc in "$HELPERS_DIR"/../samples/*.process.json; do
		docs+=("$BATS_TEST_TMPDIR/${doc##*/}")
		jq '.args = [ "true" ]' "$doc" >"${docs[-1]}"
	done
	mutants 66 "${docs[@]}"
	each_mutant 255 exec --process
	unharmed
}

@test "update --resources" {
	start
	mutants 44 "$HELPERS_DIR"/../samples/*.resources.json
	each_mutant 1 update --resources
	run_osless -0 update --memory -1 --pids-limit -1 --cpu-quota -1 "$ID"
	unharmed
}
