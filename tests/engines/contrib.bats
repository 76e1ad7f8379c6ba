# contrib/'s configuration that no engine of Debian 12 reads: containerd 2's, CRI-O's, and Kubernetes'.
# What containerd 1.6, dockerd and podman read is tried by cri.bats, docker.bats and podman.bats.

load engines

ENGINE_NAME=contrib

setup_file() {
	file_setup
}

setup() {
	VERDICT='' NOTE=''
	/usr/bin/python3 -c 'import tomllib, yaml' || skip "needs python3-yaml"
	DOCUMENTS=$BATS_TEST_TMPDIR/documents
}

teardown() {
	write_row 0
}

# runtimes FILE PLUGIN: the runtime classes of containerd's configuration, as JSON.
runtimes() {
	/usr/bin/python3 -c 'import json, sys, tomllib
plugin = tomllib.load(sys.stdin.buffer)["plugins"][sys.argv[1]]
print(json.dumps(plugin["containerd"]["runtimes"], sort_keys=True))' "$2" <"$CONTRIB/containerd/$1"
}

# manifests FILE: a JSON document a line.
manifests() {
	/usr/bin/python3 -c 'import json, sys, yaml
for document in yaml.safe_load_all(sys.stdin): print(json.dumps(document))' <"$CONTRIB/kubernetes/$1"
}

@test "containerd: both versions of the file say the same" {
	local v2 v3
	v2=$(runtimes config-v2.toml io.containerd.grpc.v1.cri)
	v3=$(runtimes config-v3.toml io.containerd.cri.v1.runtime)
	[ "$v2" = "$v3" ]
	[ "$(jq -c keys <<<"$v2")" = '["osless","osless-audit"]' ]
	grep -qx 'version = 2' "$CONTRIB/containerd/config-v2.toml"
	grep -qx 'version = 3' "$CONTRIB/containerd/config-v3.toml"
}

@test "CRI-O: its file is TOML, and names what is there" {
	/usr/bin/python3 - "$CONTRIB/crio/10-osless.conf" <<-'END'
		import sys, tomllib
		runtime = tomllib.load(open(sys.argv[1], "rb"))["crio"]["runtime"]
		table = runtime["runtimes"]["osless"]
		assert runtime["cgroup_manager"] == "cgroupfs" and runtime["conmon_cgroup"] == "pod"
		assert table["runtime_type"] == "oci" and table["monitor_path"] == "/usr/bin/conmon"
	END
}

@test "Kubernetes: each class' handler is one of containerd's runtimes" {
	manifests runtimeclass.yaml >"$DOCUMENTS"
	[ "$(jq -r '[.apiVersion, .kind] | join(" ")' "$DOCUMENTS" | sort -u)" = "node.k8s.io/v1 RuntimeClass" ]
	[ "$(jq -sc '[.[].handler] | sort' "$DOCUMENTS")" = \
		"$(runtimes config-v2.toml io.containerd.grpc.v1.cri | jq -c keys)" ]
}

@test "Kubernetes: the sample names a class, asks for no terminal, and its annotations are known" {
	manifests deployment.yaml >"$DOCUMENTS"
	local class
	class=$(jq -r .spec.template.spec.runtimeClassName "$DOCUMENTS")
	manifests runtimeclass.yaml | jq -se --arg class "$class" 'any(.[]; .metadata.name == $class)' >/dev/null
	jq -e '[.. | objects | .tty?, .stdin? | select(. == true)] == []' "$DOCUMENTS" >/dev/null
	jq -e '.spec.selector.matchLabels == .spec.template.metadata.labels' "$DOCUMENTS" >/dev/null
	[ "$(id -u)" = 0 ] || return 0
	make_bundle "$BATS_TEST_TMPDIR/bundle"
	bundle_config --slurpfile of "$DOCUMENTS" '.annotations = $of[0].spec.template.metadata.annotations'
	ID=$TAG-plan
	CALLS=0
	run_osless -0 plan "$BUNDLE"
	[[ $output == *permanent* ]] || fail "the annotations have no effect"
}
