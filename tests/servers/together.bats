# Several servers in one tree: a store, and a supervisor of two web servers in front of it.

load ../bats/look-helpers
load ../bats/probe
load servers

setup() {
	test_setup
	need_programs apache2 nginx redis-server redis-cli curl nsenter
	make_servers_bundle
	apache_config sysvsem 8080
	nginx_config 80
	# shellcheck disable=SC2016 # for jq
	front=$(jq -nc --argjson apache "$(worker apache "$APACHE")" \
		--argjson nginx "$(worker nginx "$NGINX" '.stopSignal = "QUIT"')" '
		{ id: "front", supervisor: { intensity: 1, period: 30, children: [ $apache, $nginx ] } }')
	TREE='.strategy = "rest_for_one"' tree "$(worker redis "$REDIS")" "$front"
	start_servers 15 all_serve
}

all_serve() {
	redis_answers && serves 80 && serves 8080
}

# pids_of ID...: of their processes, in one line.
pids_of() {
	local id
	for id in "$@"; do
		worker_pid "$id"
	done | paste -s -d ' '
}

@test "together: an orderly shutdown stops them in reverse" {
	stop_servers 0
	exits_in_order nginx apache redis
	run_osless -0 explain "$ID"
	[[ $output == *"signal TERM asked for an orderly shutdown"* ]]
}

@test "together: the first killed takes the others along, and they come again in order" {
	local before started
	before=$(pids_of apache nginx)
	kill_master redis all_serve
	echo "# together: redis killed, all serve again after $TOOK_MS ms" >&3
	exits_in_order redis nginx apache
	# shellcheck disable=SC2086 # words
	is_gone $before || fail "apache or nginx was not restarted"
	started=$(osless events --no-follow "$ID" |
		jq -sr '[ .[].data | select(.event == "started").child ] | join(" ")')
	[ "$started" = "redis apache nginx redis apache nginx" ] || fail "started: $started"
	stop_servers 0
}

@test "together: one of the last killed takes nobody along" {
	local before
	before=$(pids_of redis apache)
	kill_master nginx all_serve
	[ "$(pids_of redis apache)" = "$before" ]
	stop_servers 0
}

@test "together: the nested supervisor gives up, and is restarted with all that it has" {
	local before
	before=$(pids_of redis)
	kill_master nginx all_serve
	kill_master nginx all_serve # with one more restart than its intensity, 1
	[ "$(pids_of redis)" = "$before" ]
	told gave-up '.data.child == "front"'
	exits_in_order nginx nginx apache
	stop_servers 0
}
