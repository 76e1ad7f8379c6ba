# postgres as a permanent worker. It refuses to start while a backend of its predecessor holds the
# shared memory: so this tells whether orphans are really gone by then.

load ../bats/look-helpers
load ../bats/probe
load servers

DATA=/var/lib/data

setup() {
	test_setup
	find_postgres
	need_programs nsenter
	make_servers_bundle
}

find_postgres() {
	local bin
	for bin in /usr/lib/postgresql/*/bin; do
		[ ! -x "$bin/postgres" ] || POSTGRES=$bin
	done
	[ -n "${POSTGRES:-}" ] || skip "postgres is not installed"
}

# start_postgres [JQ-EXPRESSION]: like an image's entry point: the first start makes the database.
start_postgres() {
	tree "$(worker postgres "[ -s $DATA/PG_VERSION ] ||
		$POSTGRES/initdb --no-sync --auth=trust --locale=C -D $DATA >&2
		exec $POSTGRES/postgres -D $DATA -c listen_addresses=127.0.0.1 -c unix_socket_directories=/run" \
		"${1:-.stopSignal = \"INT\"}")"
	start_servers 30 answers
}

sql() {
	within "$POSTGRES/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h 127.0.0.1 -U nobody -c "$1" postgres
}

answers() {
	[ "$(sql "select 1" 2>/dev/null)" = 1 ]
}

has_rows() {
	[ "$(sql "select count(*), sum(number) from rows" 2>/dev/null)" = "1000|500500" ]
}

make_rows() {
	sql "create table rows as select generate_series(1, 1000) as number"
}

# busy_backends: one that sleeps, one that computes and looks up at nothing.
busy_backends() {
	CLIENTS=()
	sql "select pg_sleep(1000)" >/dev/null 2>&1 &
	CLIENTS+=($!)
	sql "select count(*) from generate_series(1, 1000000) a, generate_series(1, 1000000) b" >/dev/null 2>&1 &
	CLIENTS+=($!)
	wait_until 5 two_are_busy
}

two_are_busy() {
	[ "$(sql "select count(*) from pg_stat_activity where state = 'active' and pid <> pg_backend_pid()")" = 2 ]
}

release_clients() {
	wait "${CLIENTS[@]}" || true # their backends were killed
}

@test "postgres: the postmaster killed, its backends die, the rows are there again" {
	local i
	start_postgres
	make_rows
	for i in 1 2 3; do
		busy_backends
		kill_master postgres has_rows
		echo "# postgres: postmaster killed, its rows are there again after $TOOK_MS ms" >&3
		[ "$TOOK_MS" -lt $AGAIN_MS ]
		release_clients
	done
	begins_alone postgres 4
	! grep -F "shared memory" "$RUN_OUT.err"
	stop_servers 0
}

@test "postgres: a backend killed is the postmaster's affair" {
	local master
	start_postgres
	make_rows
	busy_backends
	master=$(worker_pid postgres)
	kill -KILL "$(descendants "$master" | tail -n 1)"
	release_clients # all backends are ended by the postmaster, and the database recovers
	wait_until 10 has_rows
	[ "$(worker_pid postgres)" = "$master" ]
	[ "$(restarts postgres)" = 0 ]
	stop_servers 0
}

@test "postgres: INT is its fast shutdown, though clients are connected" {
	local start
	start_postgres
	busy_backends
	start=$(now_ms)
	stop_servers 0
	echo "# postgres: fast shutdown took $(($(now_ms) - start)) ms" >&3
	release_clients
	grep -qF "received fast shutdown request" "$RUN_OUT.err"
	grep -qF "database system is shut down" "$RUN_OUT.err"
	! told killed
}

@test "postgres: TERM waits for clients, until the time is over" {
	start_postgres '.shutdown = 1'
	busy_backends
	stop_servers 137
	release_clients
	grep -qF "received smart shutdown request" "$RUN_OUT.err"
	told killed '.data.child == "postgres"'
}

@test "postgres: killed more often than the intensity, the container ends and explains it" {
	TREE='.intensity = 2' start_postgres
	killed_too_often postgres answers
}
