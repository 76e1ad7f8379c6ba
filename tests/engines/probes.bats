# Health probes as engines make them, without an engine: 1,000 execs in 20 containers of a probe that forks
# and leaves children behind.

load engines

ENGINE_NAME=osless

setup() {
	VERDICT='' NOTE=''
	test_setup
}

teardown() {
	local leaked=0
	test_teardown || leaked=1
	write_row $leaked
	return $leaked
}

setup_file() {
	file_setup
}

# A child that it waits for, one that fails and that it does not wait for, one that a daemon leaves, and one
# that goes on; its own status is 3.
PROBE='true & wait $!; false & (setsid sleep 1000 &) ; sleep 1000 & exit 3'

# containers: their ids. init_of ID.
containers() {
	seq -f "$ID-%g" 20
}

init_of() {
	cat "$BATS_TEST_TMPDIR/$1.pid"
}

# memory_of_inits: in KiB, without the journal, a file of fixed size that fills.
memory_of_inits() {
	local id
	for id in $(containers); do
		cat "/proc/$(init_of "$id")/smaps_rollup"
	done | awk '/^Anonymous:/ { sum += $2 } END { print sum }'
}

# probe_fifty NUMBER: of a container.
probe_fifty() {
	local round
	for ((round = 0; round < 50; round++)); do
		osless exec "$ID-$1" sh -c "$PROBE" || [ $? = 3 ] || return 1
	done
}

# only_program ID: init and the payload's one process are all there is, in whatever state.
only_program() {
	[ "$(processes_in "$1")" = 2 ] && [ "$(pgrep --parent "$(init_of "$1")" | wc -l)" = 1 ]
}

@test "1000 probes that leave children behind, in 20 containers: no zombie, no process, no memory is left" {
	local id before after
	bundle_args sleep 1000
	for id in $(containers); do
		bundle_config --arg id "$id" '.linux.cgroupsPath = "/\($id)"'
		run_osless -0 run -d --pid-file "$BATS_TEST_TMPDIR/$id.pid" -b "$BUNDLE" "$id"
	done
	parallel 20 probe_once # what init has of memory for a first exec it keeps
	before=$(memory_of_inits)
	parallel 20 probe_fifty
	for id in $(containers); do
		wait_until 5 only_program "$id" || fail "$id: $(pgrep --parent "$(init_of "$id")" -l)"
	done
	after=$(memory_of_inits)
	echo "20 inits: $before KiB before, $after KiB after 1000 execs"
	# A page each at most: nothing that grows with the probes.
	[ "$after" -le $((before + 20 * 4)) ] || fail "init has grown"
}

probe_once() {
	osless exec "$ID-$1" sh -c "$PROBE" || [ $? = 3 ]
}
