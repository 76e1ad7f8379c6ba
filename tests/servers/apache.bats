# apache2 with processes (prefork) in the foreground as a permanent worker: the architecture that
# supervision was thought up for.

load ../bats/look-helpers
load ../bats/probe
load servers

setup() {
	test_setup
	need_programs apache2 curl nsenter
	make_servers_bundle
}

# start_apache MUTEX
start_apache() {
	apache_config "$1"
	tree "$(worker apache "$APACHE")"
	start_servers 10 serves
	wait_until 5 has_children "$(worker_pid apache)" 5
}

@test "apache: the master killed, its children die, it serves again" {
	start_apache sysvsem
	killed_again_and_again apache 5 serves
	stop_servers 0
}

@test "apache: the same with a mutex in shared memory" {
	start_apache pthread
	killed_again_and_again apache 3 serves
	stop_servers 0
}

has_fresh_child() {
	has_children "$1" 5 && is_gone "$2"
}

@test "apache: a child killed is the master's affair" {
	local master child
	start_apache sysvsem
	master=$(worker_pid apache)
	child=$(descendants "$master" | head -n 1)
	kill -KILL "$child"
	wait_until 10 has_fresh_child "$master" "$child" || fail "no child in its place" || show_servers
	serves
	[ "$(worker_pid apache)" = "$master" ]
	[ "$(restarts apache)" = 0 ]
	stop_servers 0
}

@test "apache: killed more often than the intensity, the container ends and explains it" {
	TREE='.intensity = 2' start_apache sysvsem
	killed_too_often apache serves
}

@test "apache: WINCH is its graceful end" {
	apache_config pthread
	tree "$(worker apache "$APACHE" '.stopSignal = "WINCH"')"
	start_servers 10 serves
	stop_servers 0
	[ "$(grep -c 'caught SIGWINCH, shutting down gracefully' "$RUN_OUT.err")" = 1 ]
}
