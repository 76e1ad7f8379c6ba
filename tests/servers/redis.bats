# redis as a permanent worker: what it has acknowledged is there after a restart.

load ../bats/look-helpers
load ../bats/probe
load servers

setup() {
	test_setup
	need_programs redis-server redis-cli nsenter
	make_servers_bundle
}

start_redis() {
	tree "$(worker redis "$REDIS")"
	start_servers 10 redis_answers
}

has_keys() {
	[ "$(redis dbsize)" = "$1" ] && [ "$(redis get key:500)" = value:500 ]
}

@test "redis: killed, its data are there again" {
	start_redis
	redis eval 'for i = 1, 1000 do redis.call("set", "key:" .. i, "value:" .. i) end' 0
	killed_again_and_again redis 5 has_keys 1000
	stop_servers 0
}

# count_up: until the connection ends; what is acknowledged is a line.
count_up() {
	# shellcheck disable=SC2016 # for the other shell
	within bash -c 'exec 5<>/dev/tcp/127.0.0.1/6379
		while echo INCR count >&5 && read -r answer <&5; do echo "${answer//[!0-9]/}"; done'
}

has_counted() {
	[ "$(wc -l <"$BATS_TEST_TMPDIR/counted")" -ge "$1" ]
}

@test "redis: killed while it writes, all that it has acknowledged is there" {
	local client last stored
	start_redis
	count_up >"$BATS_TEST_TMPDIR/counted" &
	client=$!
	wait_until 5 has_counted 200
	kill -KILL "$(worker_pid redis)"
	wait "$client" || true # it was cut off
	last=$(tail -n 1 "$BATS_TEST_TMPDIR/counted")
	wait_until 5 redis_answers
	stored=$(redis get count)
	# One more may be stored, and its answer lost.
	[ "$stored" = "$last" ] || [ "$stored" = $((last + 1)) ] || fail "$stored stored, $last acknowledged"
	stop_servers 0
}

@test "redis: killed while its child saves, the child dies too" {
	local master
	start_redis
	redis eval 'for i = 1, 1000 do redis.call("set", "key:" .. i, "value:" .. i) end' 0
	redis config set rdb-key-save-delay 1000000
	redis bgsave
	master=$(worker_pid redis)
	wait_until 5 has_children "$master" 1
	killed_again_and_again redis 1 has_keys 1000
	told orphan
	stop_servers 0
}

@test "redis: killed more often than the intensity, the container ends and explains it" {
	TREE='.intensity = 2' start_redis
	killed_too_often redis redis_answers
}
