# The rules R3, R4 and R5 on payloads that break them (waits.c, stops.c), those that only seem to,
# and what the journal tells of each; all rules once more in audit, where that is all that happens.

load ../bats/helpers
load ../bats/probe
load torture

READY_S=12      # scenarios that end with the last fate
FROZEN_S=$((WITHIN_MS * 5 / 2000 + 1))
LIVING="ignored late no-child-wait notices thread"
KILLED="climbs looks exit-1 signalled silent threads-child three"
UNWAITED="$KILLED notices" # whose children are told of: that of notices kills its child

# within KEY: dev.osless.KEY is as short as waits.c wants it.
within() {
	bundle_config --arg key "dev.osless.$1" --arg within "${WITHIN_MS}ms" '.annotations[$key] = $within'
}

# --------------------------------------------------------------------------------- R3 and R4

# fates FATE NAME...: main has seen these cases' heads end so, or not.
fates() {
	local name
	for name in "${@:2}"; do
		said "fate $name $1" || problem "$name is not $1" || true
	done
}

# cases NAME...: what these cases' lines say, as told prints it, without the number. Told is the first
# zombie of three, and the others if they were seen as early.
cases() {
	awk -v names=" $* " -v action="$ACTION" -v comm="$NAME" '
		$1 == "case" && index(names, " " $2 " ") { print $4, $3, action, comm, comm }' "$RUN_OUT" | sort
}

told_cases() {
	told "$1" | sed 's/ [^ ]*$//' | sort
}

# recorded KIND NAME...: the records of this kind are those of these cases, and no others.
recorded() {
	local odd
	odd=$(comm -3 <(cases "${@:2}") <(told_cases "$1") | grep -vE "^[0-9]+ $(parent_of three) ")
	[ -z "$odd" ] || problem "$1: missing, and indented what should not be there:"$'\n'"$odd"
}

# parent_of CASE: its pid, in init's namespace.
parent_of() {
	awk -v name="$1" '$1 == "case" && $2 == name { print $3; exit }' "$RUN_OUT"
}

unwaited() {
	ACTION="kill"
	start_torture unwaited || return 1
	fates killed $KILLED
	fates lives $LIVING exit-0
	# Left are the living, the child of exit-0, and the zombies of nobody else.
	census "$SETTLE_MS" 7:1
	recorded unwaited $UNWAITED climbs-on
	recorded zombie
	end_torture
}

@test "R3: who does not wait for a child that failed is killed; whose parent that is has to notice" {
	within handle-within
	in_all_settings unwaited
}

zombies() {
	ACTION="kill"
	start_torture zombies || return 1
	fates killed $KILLED exit-0
	fates lives $LIVING
	census "$SETTLE_MS" 5
	recorded zombie $UNWAITED climbs-on exit-0
	recorded unwaited
	end_torture
}

@test "R4: who does not wait for any child is killed later" {
	within zombie-within
	in_settings "own host" zombies
}

unwaited_main() {
	bundle_args "/bin/$NAME" unwaited-main live
	OSLESS_TIMEOUT=$((5 * SLOWNESS)) run_osless run -b "$BUNDLE" "$ID"
	[ "$status" = 137 ] || problem "exit status $status, not 137: $stderr"
	CGROUP=/nonexistent SPARE=() # they went with run
	census 0 0
}

@test "R3: the main process is no exception" {
	within handle-within
	in_all_settings unwaited_main
}

frozen() {
	local freezer
	start_torture frozen || return 1
	freezer=$(freezer_of "$(osless state "$ID" | jq .pid)")
	sleep 0.1 # the zombie is seen
	set_frozen "$freezer" 1 || problem "is not frozen" || return 1
	sleep "$FROZEN_S"
	set_frozen "$freezer" 0 || problem "is not thawed" || return 1
	census "$SETTLE_MS" 1
	sleep 0.5 # who was to be killed is
	census 0 1
	recorded unwaited
	end_torture
}

@test "R3: nobody is punished for the time for which the container was frozen" {
	within handle-within
	in_settings own frozen
}

# ---------------------------------------------------------------------------------------- R5

# As often continued as rules.h says, then killed.
stopped_again() {
	local pid number want='' ms
	start_torture stops-again || return 1
	ms=$(awk '/^stops-again killed/ { print $3 }' "$RUN_OUT") # from the first stop to the end
	((${ms:-$((2000 * SLOWNESS))} < 2000 * SLOWNESS)) || problem "not killed in time: ${ms:-never} ms"
	census "$SETTLE_MS" 0
	pid=$(awk '/^stops-again [0-9]/ { print $2 }' "$RUN_OUT")
	for number in 1 2 3 4 5; do
		want+="$pid continue $NAME $NAME $number"$'\n'
	done
	want+="$pid kill $NAME $NAME 6"
	[ "$(told stopped | cut -d' ' -f1,3-)" = "$want" ] || problem "told: $(told stopped)"
	end_torture
}

@test "R5: who is stopped again and again is killed" {
	in_all_settings stopped_again
}

# ---------------------------------------------------------------------------------------- R2

# The first few by name, and the rest as a number; not those who were killed while their parent was
# dying, and are dead before they could be orphans. Whose they were is known of those seen before.
orphans_told() {
	local head count
	start_torture family || return 1
	sleep 0.1 # it is known who has children
	head=$(awk '/^NSpid:/ { print $NF }' "/proc/$(member_called torture-head)/status")
	kill_head && census "$SETTLE_MS" 0 || return 1
	count=$(told_of orphan)
	((count >= 5 && count <= 10)) || problem "told of $count orphans, not of 5 to 10"
	[ "$(told orphan | awk -v head="$head" -v comm="$NAME" \
		'$2 == head && $3 == "kill" && $4 == comm && $5 == "torture-head"' | wc -l)" -ge 4 ] ||
		problem "not told whose they were: $(told orphan)"
	[ "$(told orphan | awk -v comm="$NAME" '$3 != "kill" || $4 != comm' | wc -l)" = 0 ] ||
		problem "told: $(told orphan)"
	end_torture
}

@test "R2: orphans are told of, with whose children they were" {
	in_all_settings orphans_told
}

# -------------------------------------------------------------------------------- one process

@test "one process: no way to a second one, and threads are free" {
	bundle_config '.annotations["dev.osless.processes"] = "1"'
	torture one-process 0 "fork EAGAIN" "vfork EAGAIN" "clone EAGAIN" "clone-files EAGAIN" \
		"clone3 ENOSYS" "posix_spawn EAGAIN" "thread accepted"
}

# -------------------------------------------------------------------------------------- audit

# audit JSON: the host's policy from now on.
audit() {
	printf '%s\n' "$1" >"$BATS_TEST_TMPDIR/policy.json"
	chmod 600 "$BATS_TEST_TMPDIR/policy.json"
	POLICY_OPTION="--policy $BATS_TEST_TMPDIR/policy.json"
}

# audited SCENARIO OTHERS KIND COUNT: so many live, and are told of: what would have been done.
audited() {
	start_torture "$1" || return 1
	wait_until 3 tells_of "$3" "$4" || problem "$1: $(told_of "$3") times $3, not $4"
	census 0 "$2"
	only_told "$1"
	end_torture
}

only_told() {
	local did
	did=$(osless events --no-follow "$ID" |
		jq -c 'select(.type == "osless") | .data | select(.action | IN("none", "would", null) | not)')
	[ -z "$did" ] || problem "$1: $did"
}

# audited_orphans SCENARIO OTHERS ORPHANS...: the whole table, a container each.
audited_orphans() {
	local scenario others orphans
	while read -r scenario others orphans; do
		audited "$scenario" "$others" orphan "$orphans" || true
		osless delete --force "$ID" >/dev/null 2>&1 || true
	done
}

family_table() {
	audited_orphans <<-TABLE
		chain 200 1
		clone3 1 1
		daemons 20 20
		fan-out 500 500
		leader 4 4
		new-pids 1 1
		no-child-wait 1 1
		sigchld-ignored 1 1
		spawn 10 10
		subreaper 1 1
		threads 64 64
		vfork-exec 10 10
		vfork-hang 1 1
	TABLE
}

short_table() {
	audited_orphans <<-TABLE
		chain 200 1
		threads 64 64
	TABLE
}

@test "audit: families outlive their parents, and each orphan is told of" {
	audit '{ "modes": { "supervision": "audit" } }'
	in_settings own family_table
	in_settings "host joined" short_table
}

# Everybody who has lost a parent, until there is no more room.
bomb() {
	start_torture "$SCENARIO" || return 1
	wait_until 2 some_orphans || problem "no orphans are told of"
	only_told "$SCENARIO"
	end_torture
}

some_orphans() {
	[ "$(told_of orphan)" -gt 0 ]
}

@test "audit: storms and bombs go on, are told of, and end with the main process" {
	bundle_config '.linux.resources.pids = { limit: 64 }'
	audit '{ "rules": { "orphans": "audit" } }'
	for SCENARIO in storm moving-bomb growing-bomb; do
		in_settings own bomb
	done
}

killed_outside_audited() {
	start_torture family && kill_head || return 1
	wait_until 3 tells_of orphan 5 || problem "told of $(told_of orphan) orphans"
	census 0 10
	only_told family
	end_torture
}

@test "audit: so does a family whose parent is killed from outside" {
	audit '{ "rules": { "orphans": "audit" } }'
	in_settings "own host" killed_outside_audited
}

dying_main_audited() {
	SCENARIO=chain die
}

@test "audit: with the main process everybody ends, as ever" {
	audit '{ "modes": { "supervision": "audit" } }'
	in_all_settings dying_main_audited
}

# 13 heads and 2 below them; 11 zombies.
waits_audited() {
	ACTION=would
	start_torture unwaited-audited || return 1
	wait_until 4 tells_of unwaited 10 || problem "told of $(told_of unwaited)"
	wait_until 4 tells_of zombie 11 || problem "told of $(told_of zombie)"
	census 0 26:11
	recorded unwaited $UNWAITED
	recorded zombie $UNWAITED exit-0
	only_told unwaited-audited
	end_torture
}

@test "audit: parents that never wait are told of" {
	within handle-within
	within zombie-within
	audit '{ "rules": { "unwaited": "audit", "zombies": "audit" } }'
	in_settings "own host" waits_audited
}

stops_audited() {
	audited timer-stops 4:4 stopped 4
}

@test "audit: who is stopped stays stopped, and is told of once" {
	audit '{ "rules": { "stopped": "audit" } }'
	in_settings "own host" stops_audited
}
