# The built-in table as a program meets it that makes every call (everycall.c): refused ones answer what
# the table says, those that execute what the kernel answers without a filter.

load helpers
load probe

setup_file() {
	file_setup
	[ "$(id -u)" = 0 ] || return 0
	build_with_table "$BATS_FILE_TMPDIR/rootfs/bin/everycall" "$HELPERS_DIR/everycall.c"
}

# everycall WORDS POLICY: its lines, in $LINES_OF; what it counts, in COUNTS.
everycall() {
	local words=$1
	policy "$2"
	bundle_args everycall $words
	run_osless -0 --policy "$POLICY" run -b "$BUNDLE" "$ID"
	cp "$OUT" "$LINES_OF"
	COUNTS=$stderr
}

# same_as_without WHAT TIER IDS IDENTITY-MODE: with the filter, and then without.
same_as_without() {
	local differences
	OSLESS_TIMEOUT=120
	LINES_OF=$BATS_TEST_TMPDIR/with
	everycall "$1 $2 $3" "{ \"tier\": \"$2\", \"modes\": { \"identity\": \"$4\" } }"
	echo "# $1, $2, ids $3: $COUNTS" >&3
	WITH=$COUNTS
	LINES_OF=$BATS_TEST_TMPDIR/without
	everycall "$1 $2 $3 only" "{ \"modes\": { \"identity\": \"$4\", \"syscalls\": \"off\" } }"
	# Whether a child is killed by its own child's signal before it could say so is chance.
	differences=$(paste -d '\n' "$BATS_TEST_TMPDIR"/{with,without} | grep -v '^clone .* \(ended\|ok\)$' |
		uniq -u)
	output='' # thousands of lines
	[ -z "$differences" ] || fail "with the filter, and without: $differences"
}

# counted EXECUTED REFUSED: so many at least, so that a test which makes no calls fails.
counted() {
	local executed refused
	read -r executed _ refused _ <<<"$WITH"
	[ "$executed" -ge "$1" ] && [ "$refused" -ge "$2" ] || fail "too few calls: $WITH"
}

@test "every number under tier gvisor" {
	same_as_without numbers gvisor pretended enforce
	counted 180 300
}

@test "every number under tier minimal" {
	same_as_without numbers minimal pretended enforce
	case $(uname -m) in
	aarch64) counted 130 400 ;; # which never had the calls of before openat(2)
	*) counted 140 400 ;;
	esac
}

@test "every number, with real identities" {
	same_as_without numbers gvisor real off
	counted 200 330
}

@test "every argument rule under tier gvisor" {
	same_as_without rules gvisor pretended enforce
	counted 1000 1000
}

@test "every argument rule under tier minimal" {
	same_as_without rules minimal pretended enforce
	counted 1000 1000
}

@test "numbers beyond the table, x32, and the 32-bit entry" {
	inside everycall entries
	echo "# ${output//$'\n'/, }" >&3
	[[ $output == *"odd numbers: 605 refused"* ]]
}
