# linux.sysctl: only what a namespace of the container's own holds, and never the host's.

load helpers
load probe

# sysctl KEY VALUE
sysctl() {
	bundle_config --arg key "$1" --arg value "$2" '.linux.sysctl = { ($key): $value }'
}

@test "net: of the own network namespace" {
	local host
	host=$(cat /proc/sys/net/ipv4/ip_local_port_range)
	bundle_config '.linux.sysctl = { "net.ipv4.ip_local_port_range": "20000 20100",
		"net.core.somaxconn": "77", "net.ipv4.ip_forward": "1" }'
	inside sh -c 'cd /proc/sys/net; cat ipv4/ip_local_port_range core/somaxconn ipv4/ip_forward'
	assert_output $'20000\t20100\n77\n1'
	[ "$(cat /proc/sys/net/ipv4/ip_local_port_range)" = "$host" ]
}

@test "both spellings, and an interface with a dot in its name" {
	sysctl net/core/somaxconn 78
	inside cat /proc/sys/net/core/somaxconn
	assert_output 78
	sysctl net.ipv4.conf.lo.forwarding 1
	inside cat /proc/sys/net/ipv4/conf/lo/forwarding
	assert_output 1
	sysctl net.ipv4.conf.eth0/1.forwarding 1
	refuses eth0.1 "no such file or directory"
}

@test "kernel and fs.mqueue: of the own ipc namespace" {
	local host
	host=$(cat /proc/sys/kernel/shmmni /proc/sys/kernel/msgmax /proc/sys/fs/mqueue/msg_max)
	bundle_config '.linux.sysctl = { "kernel.shmmni": "77", "kernel.msgmax": "9000",
		"kernel.sem": "32000 1024000000 500 32001", "fs.mqueue.msg_max": "11" }'
	inside sh -c 'cd /proc/sys; cat kernel/shmmni kernel/msgmax kernel/sem fs/mqueue/msg_max'
	assert_output $'77\n9000\n32000\t1024000000\t500\t32001\n11'
	[ "$(cat /proc/sys/kernel/shmmni /proc/sys/kernel/msgmax /proc/sys/fs/mqueue/msg_max)" = "$host" ]
}

@test "kernel.domainname: of the own uts namespace" {
	local host
	host=$(cat /proc/sys/kernel/domainname)
	sysctl kernel.domainname example.org
	inside cat /proc/sys/kernel/domainname
	assert_output example.org
	[ "$(cat /proc/sys/kernel/domainname)" = "$host" ]
}

@test "a joined namespace that is not the host's is the container's own" {
	hold -n
	namespace network "/proc/$HOLDER/ns/net"
	sysctl net.ipv4.ip_default_ttl 33
	inside cat /proc/sys/net/ipv4/ip_default_ttl
	assert_output 33
	release
}

@test "refused: the namespace is the host's" {
	local pair
	for pair in network:net.ipv4.ip_default_ttl:33 ipc:kernel.msgmax:9000 ipc:fs.mqueue.msg_max:11 \
		uts:kernel.domainname:x; do
		cp "$HELPERS_DIR/config.json" "$BUNDLE"
		bundle_config 'del(.hostname)'
		no_namespace "${pair%%:*}"
		pair=${pair#*:}
		sysctl "${pair%:*}" "${pair#*:}"
		refuses "${pair%:*}" namespace
	done
}

# The host's own, by a path: config.json looks as if it were the container's.
@test "refused: the namespace is the host's by its path" {
	local path before
	before=$(cat /proc/sys/net/ipv4/ip_default_ttl)
	for path in /proc/self/ns/net "/proc/$$/ns/net"; do
		namespace network "$path"
		sysctl net.ipv4.ip_default_ttl 33
		bundle_args true
		run_osless run -b "$BUNDLE" "$ID"
		if [ "$(cat /proc/sys/net/ipv4/ip_default_ttl)" != "$before" ]; then
			echo "$before" >/proc/sys/net/ipv4/ip_default_ttl
			fail "$path: the host's sysctl was written"
		fi
		[ "$status" = 1 ] || fail "$path: exit status $status"
		assert_one_line_error net.ipv4.ip_default_ttl
	done
}

@test "refused: sysctls that are in no namespace" {
	local key
	for key in vm.swappiness kernel.core_pattern kernel.pid_max fs.file-max kernel.randomize_va_space \
		user.max_user_namespaces kernel.shm_next_id kernel/core_pattern; do
		sysctl $key 1
		refuses $key
	done
}

@test "refused: the host name, which has a field of its own" {
	sysctl kernel.hostname other
	refuses kernel.hostname hostname
	sysctl kernel/hostname other
	refuses kernel.hostname hostname
}

@test "refused: keys that are more than a name" {
	local key
	for key in 'net.core.somaxconn=1+kernel.core_pattern' 'net.core.somaxconn+x' 'kernel.shmmax=1' \
		'net/../kernel/core_pattern' 'net..core.somaxconn' net. net/ . '' '/net/core/somaxconn' \
		'net/./core/somaxconn'; do
		sysctl "$key" 1
		run_bundle -1
		assert_one_line_error sysctl
	done
	assert_nothing_left
}

@test "one that there is not, and a value that the kernel refuses" {
	sysctl net.core.nonexistent 1
	refuses net/core/nonexistent "no such file or directory"
	sysctl net.ipv4.ip_default_ttl 1000
	refuses net/ipv4/ip_default_ttl 1000 "invalid argument"
}

@test "the payload cannot write them" {
	inside sh -c '(echo 1 >/proc/sys/net/core/somaxconn) 2>/dev/null || echo refused'
	assert_output refused
}

@test "they are there for hooks of the container, and before the program" {
	sysctl net.core.somaxconn 79
	bundle_config '.hooks.startContainer = [ { path: "/bin/sh",
		args: [ "sh", "-c", "test $(cat /proc/sys/net/core/somaxconn) = 79" ],
		env: [ "PATH=/bin" ] } ]'
	inside true
}
