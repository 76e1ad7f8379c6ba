# Programs in languages that bring much with them: threads, processes and servers of each runtime.

load workloads

# ---------------------------------------------------------------------------------------------- node

# different_answers URL N: it is answered by this many.
different_answers() {
	[ "$(for _ in {1..20}; do get "$1" && echo; done | sort -u | wc -l)" = "$2" ]
}

use_node() {
	workload "$1" nodejs:node apache2-utils:ab curl
	"${@:2}"
	put_program server.js
	serve node /opt/server.js
	ready 30 different_answers /pid 2
	gets /threads "sum 499999500000 by 4 threads"
	gets /child "42, echoed, forked 42"
	gets /pool "64 bytes, 127.0.0.1, kept"
	load_of_requests http://127.0.0.1/plain
	get /die >/dev/null 2>&1 || true # the answer is lost with the worker
	ready 30 different_answers /pid 2
	stop
	works
}

@test "node: http, cluster, worker threads, child processes" {
	use_node "node: http, cluster, worker_threads, child_process" true
}

@test "node under Docker's profile" {
	use_node "node, with Docker's seccomp profile" docker_profile
}

# -------------------------------------------------------------------------------------------- python

@test "python: multiprocessing, threads, subprocess" {
	workload "python: multiprocessing, threading, subprocess" python3
	put_program processes.py
	box python3 /opt/processes.py
	assert_output "$(printf '%s ok\n' fork spawn forkserver manager shared_memory executor threads subprocess \
		signals)"
	works
}

@test "python: an asyncio server and its client, a forking server" {
	workload "python: asyncio server and client, http.server" python3 apache2-utils:ab curl
	put_program aio.py
	serve python3 /opt/aio.py
	ready 30 gets / "echoed 50 of 50, child said 42, thread said 42"
	load_of_requests http://127.0.0.1/plain
	stop
	serve python3 -m http.server -d /var/www/html 80
	ready 30 gets /index.html "It works"
	stop 143
	works
}

# ---------------------------------------------------------------------------------------------- java

@test "java: compiled inside, threads, processes, a server" {
	workload "java: threads, ProcessBuilder, http server" default-jre-headless:java ecj apache2-utils:ab curl
	put_program Server.java
	box ecj -proc:none -17 -d /srv /opt/Server.java
	serve java -XX:+UseSerialGC -cp /srv Server
	ready 30 gets /threads "sum 499999500000 by 8 threads"
	gets /process "42, echoed"
	gets /file "kept, mapped kept"
	load_of_requests http://127.0.0.1/plain
	stop 143
	serve java -Xmx256m -cp /srv Server # with the collector that it chooses
	ready 30 gets /threads "sum 499999500000 by 8 threads"
	stop 143
	works
}

# -------------------------------------------------------------------------------------------- erlang

@test "erlang: two nodes, found by epmd, ports" {
	workload "erlang: ports, two nodes and epmd" rabbitmq-server:erl rabbitmq-server:epmd
	script <<-'END'
		epmd & epmd=$!
		until epmd -names >/dev/null; do sleep 0.1; done
		erl -noinput -sname one@localhost -setcookie secret & one=$!
		until epmd -names | grep -q "name one "; do sleep 0.1; done
		erl -noinput -sname two@localhost -setcookie secret -eval '
		    One = one@localhost,
		    pong = net_adm:ping(One),
		    Sums = [rpc:call(One, lists, sum, [lists:seq(1, N)]) || N <- lists:seq(1, 100)],
		    Port = open_port({spawn, "cat"}, [binary, {line, 80}]),
		    port_command(Port, "through a port\n"),
		    receive {Port, {data, {eol, Line}}} -> io:format("~s~n", [Line]) end,
		    io:format("~s ~w~n", [string:trim(os:cmd("echo $((6 * 7))")), lists:sum(Sums)]),
		    rpc:cast(One, init, stop, []), init:stop().'
		wait $one
		kill $epmd
	END
	assert_output $'through a port\n42 171700'
	works
}

# ----------------------------------------------------------------------------------------- go and rust

@test "built by Go: gosu starts other programs" {
	workload "gosu (built by Go)" gosu
	script <<-'END'
		for i in {1..20}; do gosu nobody:nogroup echo $i; done | wc -l
		gosu nobody sh -c 'exit 9' || echo "status $?"
	END
	assert_output $'20\nstatus 9'
	works
}

@test "built by Rust: ripgrep's threads, fd's processes" {
	workload "ripgrep, fd (built by Rust)" ripgrep:rg fd-find:fdfind
	script <<-'END'
		mkdir /srv/texts
		for i in {1..500}; do echo "line $i" >/srv/texts/$i.txt; done
		rg --threads 4 --count-matches 'line \d*7$' /srv/texts | wc -l
		rg --mmap -c line /srv/texts/1.txt
		fdfind --threads 4 --extension txt . /srv/texts --exec cat | sort -u | wc -l
	END
	assert_output $'50\n1\n500'
	works
}
