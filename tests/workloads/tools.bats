# What scripts are made of: jobs, time limits, sessions, archives, packages, and the entrypoints of images.

load workloads

@test "bash: jobs in the background, their order and their status" {
	workload "bash: jobs, wait, trap, coproc, pipes"
	script <<-'END'
		(sleep 1; exit 7) & seven=$!
		(sleep 0.1; exit 3) & three=$!
		jobs -p | wc -l
		wait -n || echo "first $?"
		wait $seven || echo "seven $?"
		wait $three || echo "three $?"
		trap 'echo trapped' USR1
		kill -USR1 $$
		coproc tr a-z A-Z
		echo "through a coprocess" >&"${COPROC[1]}"
		eval "exec ${COPROC[1]}>&-"
		cat <&"${COPROC[0]}"
		echo "lines $(wc -l < <(seq 1000))"
		set -o pipefail; false | true || echo "pipe $?"
		seq 20 | xargs -P 4 -n 1 sh -c 'exit 0' && echo "xargs 0"
	END
	assert_output "$(printf '%s\n' 2 "first 3" "seven 7" "three 3" trapped "THROUGH A COPROCESS" \
		"lines 1000" "pipe 1" "xargs 0")"
	works
}

@test "bash: set -m, its process groups" {
	workload "bash: set -m, kill %1, fg"
	script <<-'END'
		set -m
		sleep 100 | sleep 100 &
		jobs | wc -l
		group=$(ps -o pgid= -p $! | tr -d ' ')
		[ "$group" != "$(ps -o pgid= -p $$ | tr -d ' ')" ] && echo "a group of its own"
		kill %1; wait $! || echo "job $?"
		(exit 5) & fg %1 >/dev/null || echo "foreground $?"
		sleep 100 &
		kill -- -$!; wait $! || echo "group $?"
	END
	assert_output $'1\na group of its own\njob 143\nforeground 5\ngroup 143'
	works "bash: ioctl(TIOCSPGRP) ENOTTY" # fg gives the job a terminal, if there is one
}

@test "timeout, setsid, nohup" {
	workload "timeout, setsid, nohup"
	script <<-'END'
		timeout 0.2 sleep 10 || echo "timeout $?"
		timeout -s KILL 0.2 sleep 10 || echo "killed $?"
		timeout --preserve-status 10 sh -c 'exit 4' || echo "its own $?"
		timeout --foreground 0.2 sleep 10 || echo "foreground $?"
		setsid -w sh -c '[ $(ps -o sid= -p $$) = $$ ] && echo "a session of its own"; exit 6' || echo "setsid $?"
		setsid sleep 100 & session=$!
		sleep 0.1; kill $session; wait $session || echo "leader $?"
		nohup sh -c 'echo nohup' 2>/dev/null
	END
	assert_output "$(printf '%s\n' "timeout 124" "killed 137" "its own 4" "foreground 124" "a session of its own" \
		"setsid 6" "leader 143" nohup)"
	works
}

@test "tar, install -o, cp -a, chown: files of others" {
	workload "tar, install -o, cp -a, chown -R"
	script <<-'END'
		mkdir -p /srv/in/deep && echo text >/srv/in/deep/file && ln -s file /srv/in/deep/link
		chmod 640 /srv/in/deep/file
		tar -C /srv --owner=1234 --group=1234 -czf /srv/in.tar.gz in
		mkdir /srv/out && tar -C /srv/out --same-owner -xzpf /srv/in.tar.gz
		stat -c '%a %N' /srv/out/in/deep/{file,link}
		install -d -o www-data -g www-data -m 750 /srv/made
		install -o www-data -g www-data -m 4600 /srv/in/deep/file /srv/made/file
		stat -c '%a' /srv/made /srv/made/file
		cp -a /srv/out/in /srv/copy && cmp /srv/copy/deep/file /srv/in/deep/file
		chown -R redis:redis /srv/copy && chgrp adm /srv/copy && chmod -R u+rwX,go-w /srv/copy
		rm -r /srv/copy && echo removed
	END
	assert_output "640 '/srv/out/in/deep/file'
777 '/srv/out/in/deep/link' -> 'file'
750
4600
removed"
	works
}

# make_repository: a file: repository with that package, as the only source.
make_repository() {
	make_package
	# shellcheck disable=SC2016 # for the other shell
	in_rootfs sh -ec 'cd /srv/repo
		{
			dpkg-deb -f greeting.deb
			echo "Filename: ./greeting.deb"
			echo "Size: $(stat -c %s greeting.deb)"
			echo "SHA256: $(sha256sum <greeting.deb | cut -d" " -f1)"
		} >Packages
		rm -rf /etc/apt/sources.list /etc/apt/sources.list.d
		echo "deb [trusted=yes] file:/srv/repo ./" >/etc/apt/sources.list'
}

@test "apt-get update from a file: repository; apt-get download, dpkg-deb" {
	workload "apt-get update (file: repository), download, dpkg-deb -x"
	make_repository
	script <<-'END'
		apt-get -q update 2>&1 | { ! grep -E '^(E|W):'; }
		apt-cache show osless-greeting | grep ^Version
		cd /tmp && apt-get -qq download osless-greeting
		dpkg-deb -x osless-greeting_*.deb /srv/unpacked && /srv/unpacked/usr/bin/greeting
		apt-get -qq -s install osless-greeting | grep -c ^Inst
	END
	assert_output $'Version: 1.0\nhello\n1'
	works
}

# ------------------------------------------------------------------------------------- entrypoints

@test "an entrypoint with gosu, and gosu itself" {
	workload "entrypoint: exec gosu user \"\$0\" \"\$@\"" gosu redis-server
	enters_by gosu redis
	script <<-'END'
		gosu redis sh -c 'echo "$(id -u), $HOME"'
		gosu redis:redis cat /etc/hostname >/dev/null && echo reads
	END
	assert_output $'65534, /var/lib/redis\nreads'
	works
}

@test "an entrypoint with setpriv, and setpriv itself" {
	workload "entrypoint: exec setpriv --reuid=user --clear-groups" util-linux:setpriv redis-server
	enters_by setpriv --reuid=redis --regid=redis --clear-groups
	script <<<'setpriv --reuid=redis --regid=redis --clear-groups id -u
		setpriv --reuid=redis --regid=redis --init-groups --no-new-privs id -g'
	assert_output $'65534\n65534'
	works
}

@test "an entrypoint with s6-setuidgid, and s6-setuidgid itself" {
	workload "entrypoint: exec s6-setuidgid user (su-exec's like)" s6:s6-setuidgid redis-server
	enters_by s6-setuidgid redis
	box s6-setuidgid redis id -u
	assert_output 65534
	works
}
