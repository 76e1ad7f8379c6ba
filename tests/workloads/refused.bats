# What is refused by design: seen to be refused, and seen to work by its cure.

load workloads

# gets_nowhere PART COMMAND...: the server ends by itself, not well, and says so.
gets_nowhere() {
	box ! "${@:2}"
	says "$1"
}

# says PART: the last container has, on stdout or stderr.
says() {
	[[ $output$stderr == *"$1"* ]] || fail "nothing says: $1"
}

# is_told REFUSAL: events have it, as the table's last column says it.
is_told() {
	denials_of "$ID" | grep -xF "$1" >/dev/null || fail "no event tells: $1"
}

# explains PART: `explain` has it, of the container that is there.
explains() {
	local text
	text=$(osless explain "$ID")
	[[ $text == *"$1"* ]] || fail "explain lacks: $1"$'\n'"$text"
}

# ------------------------------------------------------------------------------------------- chroot

@test "a chroot directive: haproxy as Debian configures it" {
	workload "haproxy, Debian's chroot and daemon directives" haproxy curl
	in_rootfs sh -c 'mkdir -p /run/haproxy; cat >>/etc/haproxy/haproxy.cfg' <<-'CONF'
		frontend all
		    bind :80
		    http-request return status 200 content-type text/plain string "at your service"
	CONF
	gets_nowhere "Cannot chroot" haproxy -db -f /etc/haproxy/haproxy.cfg
	is_told "haproxy: chroot EPERM"
	in_rootfs sed -i '/^\s*chroot\b/d' /etc/haproxy/haproxy.cfg
	serve haproxy -W -db -f /etc/haproxy/haproxy.cfg
	ready 30 gets / "at your service"
	stop
	refused_by_design "chroot(2)" "leave the directive out: the container is a root of its own"
}

# ----------------------------------------------------------------------------- data of another user

POSTGRES='cd /tmp; exec $(echo /usr/lib/postgresql/*/bin/postgres) -D $(echo /var/lib/postgresql/*/main) -k /tmp
	-c config_file=$(echo /etc/postgresql/*/main/postgresql.conf)'
POSTGRES=${POSTGRES//[$'\n\t']/ }

@test "postgresql on the data of another user" {
	workload "postgresql, existing data of user postgres" postgresql:psql
	gets_nowhere "has wrong ownership" sh -c "$POSTGRES"
	in_rootfs sh -c 'sed -i "s/^\(host.*127.*\) .*/\1 trust/" /etc/postgresql/*/main/pg_hba.conf'
	as_user postgres
	serve sh -c "$POSTGRES"
	ready 30 client psql -h 127.0.0.1 -U postgres -c "select 1"
	stop
	refused_by_design "data whose owner it must be" "let config name that owner (--user postgres)"
}

# ----------------------------------------------------------------------------------- scripts that ask

@test "a script that wants a certain user: rabbitmq's wrapper" {
	workload "rabbitmq, Debian's wrapper script" rabbitmq-server amqp-tools:amqp-publish
	gets_nowhere "Only root or rabbitmq should run" rabbitmq-server
	serve_tree "$(child epmd epmd)" "$(child main sh -c 'until epmd -names >/dev/null; do sleep 0.1; done
		exec /usr/lib/rabbitmq/bin/rabbitmq-server')"
	ready 60 client amqp-declare-queue -q ready
	stop
	refused_by_design "a script that wants a certain user" \
		"begin what it would begin, /usr/lib/rabbitmq/bin/rabbitmq-server"
}

# ------------------------------------------------------------------------------------------- daemons

@test "a daemon: redis with daemonize, and what Debian's configuration says" {
	workload "redis, daemonize yes" redis-server redis-server:redis-cli
	serve sh -c 'redis-server /etc/redis/redis.conf; sleep 1; redis-cli ping; sleep 100'
	ready 30 told orphan
	! redis_pongs || fail "a daemon serves"
	explains "run it in the foreground"
	drop_box
	serve redis-server /etc/redis/redis.conf --daemonize no --supervised no
	ready 30 redis_pongs
	stop
	refused_by_design "orphans are killed (R2)" "run it in the foreground (daemonize no)"
}

@test "a daemon that a program starts for itself: erlang's epmd" {
	workload "erlang, a node that starts epmd itself" rabbitmq-server:erl rabbitmq-server:epmd
	box ! erl -noinput -sname one -eval 'init:stop().'
	told orphan
	explains "epmd outlives its parent"
	serve_tree "$(child epmd epmd)" "$(child main sh -c 'until epmd -names >/dev/null; do sleep 0.1; done
		exec erl -noinput -sname one')"
	ready 30 registered
	stop
	refused_by_design "orphans are killed (R2)" "make epmd a worker that is started first"
}

registered() {
	client epmd -names | grep -q "name one "
}

# ----------------------------------------------------------------------------- terminals, job control

@test "a pseudoterminal: script(1), python's pty" {
	workload "script(1), python's pty" python3 util-linux:script
	gets_nowhere "failed to create pseudo-terminal" script -qc 'echo said' /dev/null
	gets_nowhere "out of pty devices" python3 -c 'import pty; pty.openpty()'
	box python3 -c 'import subprocess; print(subprocess.check_output("test -t 1 || echo a pipe", shell=True))'
	assert_output "b'a pipe\n'"
	refused_by_design "terminals" "let the program write to a pipe"
}

@test "job control: a job that is to stop" {
	workload "bash: kill -STOP"
	script <<-'END'
		set -m
		sleep 100 &
		kill -STOP $! 2>&1 | grep -o "Operation not permitted"
		kill $!; wait $! || echo "job $?"
	END
	assert_output $'Operation not permitted\njob 143'
	is_told "bash: kill(SIGSTOP) EPERM"
	refused_by_design "stop signals" "end it, and start it again: or pause the whole container"
}

# ---------------------------------------------------------------------------------------- root's tools

@test "packages are installed: dpkg" {
	workload "dpkg --install"
	make_package
	gets_nowhere "requires superuser privilege" dpkg -i /srv/repo/greeting.deb
	box dpkg --force-not-root -i /srv/repo/greeting.deb
	box greeting
	assert_output hello
	refused_by_design "dpkg wants uid 0" "install where images are built, or dpkg --force-not-root"
}

@test "one program watches another: strace" {
	workload strace strace
	gets_nowhere "Operation not permitted" strace -f true
	is_told "strace: ptrace(PTRACE_SEIZE) EPERM"
	refused_by_design "ptrace(2)" "watch from the host: strace -p of the host's pid"
}

@test "an entrypoint that leaves root, where all capabilities are dropped" {
	workload "entrypoint: exec gosu, --cap-drop ALL" gosu redis-server
	entrypoint gosu redis
	drop_all
	gets_nowhere 'failed switching to "redis": operation not permitted' \
		/entrypoint.sh redis-server --save ''
	in_rootfs rm /srv/begun
	in_rootfs chmod 777 /srv
	as_user redis
	serve /entrypoint.sh redis-server --save ''
	ready 30 redis_pongs
	stop
	refused_by_design "a change of user by uid 0" "let config name the user (--user redis)"
}
