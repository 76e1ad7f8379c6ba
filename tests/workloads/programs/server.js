// A cluster of two workers on port 80; each path uses another part of node.
"use strict";
const cluster = require("node:cluster");
const { execFile, fork, spawn } = require("node:child_process");
const crypto = require("node:crypto");
const dns = require("node:dns");
const fs = require("node:fs");
const http = require("node:http");
const os = require("node:os");
const path = require("node:path");
const { promisify } = require("node:util");
const { Worker } = require("node:worker_threads");

if (process.argv[2] === "forked") {
	process.on("message", (n) => process.send(n * 7, () => process.exit()));
} else if (cluster.isPrimary) {
	cluster.fork();
	cluster.fork();
	cluster.on("exit", () => stopping || cluster.fork());
	process.on("SIGTERM", stop);
} else {
	http.createServer(answer).listen(80, "127.0.0.1");
}

var stopping = false;

function stop() {
	stopping = true;
	cluster.disconnect(() => process.exit(0));
}

// Each thread adds its share of 0..999999 to what all share.
async function threads() {
	const shared = new SharedArrayBuffer(8);
	const code = `const { workerData } = require("node:worker_threads");
		let sum = 0n;
		for (let i = workerData.first; i < 1000000; i += 4) sum += BigInt(i);
		Atomics.add(new BigInt64Array(workerData.shared), 0, sum);`;
	await Promise.all([0, 1, 2, 3].map((first) => new Promise((done, failed) => {
		new Worker(code, { eval: true, workerData: { first, shared } })
			.on("exit", done).on("error", failed);
	})));
	return `sum ${new BigInt64Array(shared)[0]} by 4 threads`;
}

async function child() {
	const { stdout } = await promisify(execFile)("sh", ["-c", "echo $((6 * 7))"]);
	const cat = spawn("cat");
	cat.stdin.end("echoed");
	let text = "";
	for await (const part of cat.stdout) text += part;
	const forked = fork(__filename, ["forked"]);
	const product = await new Promise((done) => forked.once("message", done).send(6));
	return `${stdout.trim()}, ${text}, forked ${product}`;
}

// What libuv does in its pool of threads.
async function pool() {
	const key = await promisify(crypto.pbkdf2)("word", "salt", 10000, 64, "sha512");
	const { address } = await dns.promises.lookup("localhost", { family: 4 });
	const file = path.join(os.tmpdir(), `pool-${process.pid}`);
	await fs.promises.writeFile(file, "kept");
	const copy = `${file}.copy`;
	await fs.promises.copyFile(file, copy);
	return `${key.length} bytes, ${address}, ${await fs.promises.readFile(copy, "utf8")}`;
}

const paths = {
	"/pid": () => String(process.pid),
	"/plain": () => "plain",
	"/threads": threads,
	"/child": child,
	"/pool": pool,
	"/die": () => process.exit(1),
};

async function answer(request, response) {
	try {
		response.end(await paths[request.url]());
	} catch (error) {
		response.statusCode = 500;
		response.end(String(error));
	}
}
