// A server on port 80 by a pool of threads; each path uses another part of the virtual machine.
import com.sun.net.httpserver.HttpServer;

import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

public class Server {
	interface Answer {
		String say() throws Exception;
	}

	static String threads() throws Exception {
		ExecutorService pool = Executors.newFixedThreadPool(8);
		List<Future<Long>> shares = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			final int first = i;
			shares.add(pool.submit(
			    () -> LongStream.range(0, 1000000).filter(n -> n % 8 == first).sum()));
		}
		long sum = 0;
		for (Future<Long> share : shares)
			sum += share.get();
		pool.shutdown();
		return "sum " + sum + " by 8 threads";
	}

	static String process() throws Exception {
		Process shell = new ProcessBuilder("sh", "-c", "echo $((6 * 7))").start();
		String product = new String(shell.getInputStream().readAllBytes()).trim();
		Process cat = new ProcessBuilder("cat").redirectErrorStream(true).start();
		try (OutputStream in = cat.getOutputStream()) {
			in.write("echoed".getBytes());
		}
		String text = new String(cat.getInputStream().readAllBytes());
		if (shell.waitFor() != 0 || cat.waitFor() != 0)
			throw new IllegalStateException("a process failed");
		return product + ", " + text;
	}

	static String file() throws Exception {
		Path path = Files.createTempFile("server", ".txt");
		Files.writeString(path, "kept");
		try (FileChannel channel = FileChannel.open(path)) {
			MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_ONLY, 0, 4);
			return Files.readString(path) + ", mapped " + StandardCharsets.US_ASCII.decode(map);
		} finally {
			Files.delete(path);
		}
	}

	static void on(HttpServer server, String path, Answer answer) {
		server.createContext(path, exchange -> {
			int status = 200;
			byte[] text;
			try {
				text = answer.say().getBytes();
			} catch (Exception e) {
				status = 500;
				text = e.toString().getBytes();
			}
			exchange.sendResponseHeaders(status, text.length);
			exchange.getResponseBody().write(text);
			exchange.close();
		});
	}

	public static void main(String[] args) throws Exception {
		HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 80), 0);
		on(server, "/threads", Server::threads);
		on(server, "/process", Server::process);
		on(server, "/file", Server::file);
		on(server, "/plain", () -> "plain");
		server.setExecutor(Executors.newFixedThreadPool(4));
		server.start();
	}
}
