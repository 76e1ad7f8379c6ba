# Databases, caches and brokers, each with data made inside the container, and there again when it has
# been started anew.

load workloads

# --------------------------------------------------------------------------------------------- redis

REDIS=(redis-server /etc/redis/redis.conf --daemonize no --supervised no --logfile '' --appendonly yes)

redis_says() {
	[ "$(client redis-cli "${@:2}")" = "$1" ]
}

has_saved() {
	local info
	info=$(client redis-cli info persistence)
	[[ $info == *rdb_bgsave_in_progress:0*rdb_last_bgsave_status:ok* &&
		$info == *aof_rewrite_in_progress:0*aof_last_bgrewrite_status:ok* ]]
}

use_redis() {
	workload "$1" redis-server redis-server:redis-cli redis-server:redis-benchmark
	"${@:2}"
	serve "${REDIS[@]}"
	ready 30 redis_says PONG ping
	client redis-benchmark -q -n 5000 -t set,get,incr,lpush,lpop,mset -P 4 >/dev/null
	client redis-cli eval 'for i = 1, 20000 do redis.call("set", "key:" .. i, "value:" .. i) end' 0
	redis_says "Background saving started" bgsave
	ready 30 has_saved
	redis_says "Background append only file rewriting started" bgrewriteaof
	ready 30 has_saved
	redis_says value:777 get key:777
	stop
	serve "${REDIS[@]}"
	ready 30 redis_says value:20000 get key:20000
	stop
	works
}

@test "redis: saved in the background, its log rewritten, started anew" {
	use_redis "redis, bgsave and AOF rewrite" true
}

@test "redis under Docker's profile" {
	use_redis "redis, with Docker's seccomp profile" docker_profile
}

# ----------------------------------------------------------------------------------------- memcached

@test "memcached" {
	workload memcached memcached
	serve memcached -u memcache -m 32 -t 4
	ready 30 memcached_keeps
	stop
	works
}

memcached_keeps() {
	# shellcheck disable=SC2016 # for the other shell
	[ "$(client bash -c 'exec 5<>/dev/tcp/127.0.0.1/11211
		printf "set key 0 0 5\r\nhello\r\nget key\r\nquit\r\n" >&5
		tr -d "\r" <&5')" = $'STORED\nVALUE key 0 5\nhello\nEND' ]
}

# ---------------------------------------------------------------------------------------- postgresql

# As an image's entrypoint does it: a new database where there is none.
POSTGRES='PATH=$PATH:$(echo /usr/lib/postgresql/*/bin)
	[ -e /srv/db/PG_VERSION ] || initdb -D /srv/db -U postgres --auth=trust >/dev/null
	mkdir -p /run/postgresql && exec postgres -D /srv/db'

# Workers of their own take part in a query, by shared memory.
PARALLEL="set max_parallel_workers_per_gather = 2; set parallel_setup_cost = 0; set parallel_tuple_cost = 0;
	set min_parallel_table_scan_size = 0"

psql_says() {
	[ "$(client psql -h 127.0.0.1 -U postgres -qAtc "$2")" = "$1" ]
}

use_postgres() {
	workload "$1" postgresql:psql postgresql:pgbench
	"${@:2}"
	serve sh -c "$POSTGRES"
	ready 30 psql_says 1 "select 1"
	client pgbench -h 127.0.0.1 -U postgres -q -i -s 2 postgres
	said=$(client pgbench -h 127.0.0.1 -U postgres -c 4 -j 2 -T 3 postgres)
	[[ $said == *"number of failed transactions: 0 "* ]] || fail "$said"
	psql_says t "$PARALLEL; select sum(abalance) <> 1.5 from pgbench_accounts"
	rows=$(client psql -h 127.0.0.1 -U postgres -Atc "select count(*) from pgbench_history")
	[ "$rows" -gt 0 ]
	stop
	serve sh -c "$POSTGRES"
	ready 30 psql_says "$rows" "select count(*) from pgbench_history"
	stop
	works
}

@test "postgresql: initdb, pgbench, started anew" {
	use_postgres "postgresql, initdb and pgbench" true
}

@test "postgresql under Docker's profile" {
	use_postgres "postgresql, with Docker's seccomp profile" docker_profile
}

# ------------------------------------------------------------------------------------------- mariadb

MARIADB='[ -d /srv/db/mysql ] || mariadb-install-db --datadir=/srv/db --skip-test-db >/dev/null
	mkdir -p /run/mysqld && exec mariadbd --datadir=/srv/db'

sql() {
	client mariadb -N "$@"
}

sql_says() {
	[ "$(sql -e "$2")" = "$1" ]
}

MAY_PROBE=("mariadbd: io_uring_setup ENOSYS") # then it takes libaio

@test "mariadb: a new data directory, tables, started anew" {
	workload "mariadb, new data directory" mariadb-server:mariadbd mariadb-server:mariadb-install-db \
		mariadb-client:mariadb
	serve sh -c "$MARIADB"
	ready 60 sql_says 1 "select 1"
	sql -e "create database shop; use shop;
		create table orders (id int primary key auto_increment, what text) engine=InnoDB;
		insert into orders (what) select repeat('x', 100) from seq_1_to_20000;
		delete from orders where id % 2;"
	sql_says 10000 "select count(*) from shop.orders"
	stop
	serve sh -c "$MARIADB"
	ready 30 sql_says 10000 "select count(*) from shop.orders"
	stop
	works "${MAY_PROBE[@]}"
}

# Made by Debian's package, and owned by the user mysql.
@test "mariadb on the data of another user" {
	workload "mariadb, existing data of another user" mariadb-server:mariadbd mariadb-client:mariadb
	in_rootfs chmod -R go-rwx /var/lib/mysql
	serve sh -c 'mkdir -p /run/mysqld && exec mariadbd'
	ready 30 sql_says 1 "select 1"
	sql -e "create database shop; create table shop.orders (id int primary key) engine=InnoDB;
		insert into shop.orders select * from shop.seq_1_to_1000"
	sql_says 1000 "select count(*) from shop.orders"
	stop
	works "${MAY_PROBE[@]}"
}

# -------------------------------------------------------------------------------------------- sqlite

@test "sqlite" {
	workload sqlite sqlite3
	script <<-'END'
		db=/srv/shop.db
		sqlite3 $db 'pragma journal_mode = wal' >/dev/null
		sqlite3 $db 'create table orders (id integer primary key, what text)'
		writer() {
		    for i in 1 2 3 4 5 6 7 8; do
		        sqlite3 -cmd '.timeout 10000' $db "insert into orders (what) values ('$1-$i')"
		    done
		}
		writer a & a=$!
		writer b & b=$!
		wait $a && wait $b
		sqlite3 $db 'select count(*) from orders; pragma integrity_check'
	END
	assert_output $'16\nok'
	works
}

# ------------------------------------------------------------------------------------------ rabbitmq

# Its port mapper stands beside it, since a daemon that the node starts would be an orphan. Its directories are
# Debian's, those of the user rabbitmq.
rabbitmq_tree() {
	child epmd epmd
	child main sh -c 'until epmd -names >/dev/null; do sleep 0.1; done
		exec /usr/lib/rabbitmq/bin/rabbitmq-server'
}

@test "rabbitmq, with epmd as a worker of its own" {
	workload "rabbitmq, with epmd beside it" rabbitmq-server rabbitmq-server:epmd amqp-tools:amqp-publish
	local tree
	mapfile -t tree < <(rabbitmq_tree)
	put /etc/rabbitmq/rabbitmq.conf <<<'log.console = true'
	serve_tree "${tree[@]}"
	ready 60 takes_messages
	client amqp-declare-queue -q work >/dev/null
	client amqp-publish -p -r work -b "do this"
	client amqp-publish -r work -b "do that"
	[ "$(client amqp-get -q work)" = "do this" ]
	[ "$(client amqp-get -q work)" = "do that" ]
	stop
	serve_tree "${tree[@]}"
	ready 60 takes_messages
	stop
	works
}

takes_messages() {
	client amqp-declare-queue -q ready
}
