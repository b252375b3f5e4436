package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A script in a pod sees nothing of the host, and reaches nothing, that its pod was not granted.
class EscapeTest {

    private static final String SEES =
            """
            variables: {"GRANTED":"yes","HOME":"/root","PATH":"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
            command: ["node","/usr/bin/node","/app/escape.js","/usr/bin/node","/app","node"]
            processes: [2,0]
            signal to a process of the host: "ESRCH"
            signal to the one that started this: "ESRCH"
            a file of the host: "ENOENT"
            written: "ENOENT"
            above the root: "ENOENT"
            above a mount: "ENOENT"
            a relative link in a mount: "ENOENT"
            an absolute link in a mount: "ENOENT"
            a folder linked in a mount: ["app","data","dev","etc","proc","root","tmp","usr"]
            written through a link in a mount: undefined
            a link of its own: "ENOENT"
            what is granted: "inside"
            what is granted, changed: undefined
            the root: ["app","data","dev","etc","proc","root","secret","tmp","usr"]
            the mount: ["absolute","folder","inside","relative"]
            etc: ["group","hosts","passwd","resolv.conf"]
            passwords: "root:x:0:0:root:/root:/bin/sh\\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\\n"
            sys: "ENOENT"
            dev: ["fd","full","null","pts","random","shm","stderr","stdin","stdout","tty","urandom","zero"]
            memory: "ENOENT"
            proc: ["cmdline","cpuinfo","filesystems","loadavg","meminfo","mounts","self","stat","sys","thread-self","uptime","version"]
            environ: "ENOENT"
            maps: "ENOENT"
            root of proc: "/"
            through the root of proc: "ENOENT"
            through the folder of proc: "ENOENT"
            init: "ENOENT"
            a process of the host: "ENOENT"
            mounts: "none / memory rw 0 0\\nnone /tmp memory rw 0 0\\nnone /dev dev rw 0 0\\nnone /proc proc rw 0 0\\nnone /app memory rw 0 0\\nnone /data memory rw 0 0\\n"
            version: "Linux version 6.12.0 (podium) #1 Podium\\n"
            kernel name: "escape\\n"
            name: "escape"
            user: {"uid":0,"gid":0,"username":"root","homedir":"/root","shell":"/bin/sh"}
            home: ["/root","/tmp"]
            interfaces: ["127.0.0.1","::1","10.0.2.15"]
            machine: ["Linux","wasm32","6.12.0","#1 Podium","WebAssembly",1073741824]
            uptime: true
            load: [0,0,0]
            time zone: 0
            a command: "ENOENT"
            """;

    private static final String REACHES =
            """
            connect to 127.0.0.1: "ECONNREFUSED"
            connect to ::1: "ECONNREFUSED"
            connect to 0.0.0.0: "ECONNREFUSED"
            connect to ::ffff:127.0.0.1: "ECONNREFUSED"
            connect to an address of the host: "ENETUNREACH"
            connect to 192.0.2.1: "ENETUNREACH"
            connect to 169.254.169.254: "ENETUNREACH"
            connect to a socket of the host: "ENOENT"
            look up localhost: "::1"
            look up the host: "ENOTFOUND"
            look up example.com: "ENOTFOUND"
            look up host.docker.internal: "ENOTFOUND"
            datagram: "ENETUNREACH"
            """;

    @TempDir Path folder;

    private Path secret;
    private Path mount;

    @BeforeEach
    void prepare() throws IOException {
        secret = Files.writeString(folder.resolve("secret"), "secret");
        mount = Files.createDirectory(folder.resolve("mount"));
        Files.writeString(mount.resolve("inside"), "inside");
        Files.createSymbolicLink(mount.resolve("relative"), Path.of("../secret"));
        Files.createSymbolicLink(mount.resolve("absolute"), secret);
        Files.createSymbolicLink(mount.resolve("folder"), Path.of(".."));
    }

    /// What the script prints that is told all it needs, and the host's answer that it must not
    /// get.
    private String attempt(String names, String... options) throws Exception {
        var any = new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 0);
        try (var server = new ServerSocket();
                var receiver = new DatagramSocket(null)) {
            server.bind(any);
            server.setSoTimeout(1);
            receiver.bind(new InetSocketAddress(any.getAddress(), server.getLocalPort()));
            receiver.setSoTimeout(1);
            var script = Program.ROOT.resolve("integration-tests/src/test/resources/escape.js");
            var arguments = new ArrayList<>(List.of("run", "--mount", mount + ":/data"));
            arguments.addAll(List.of(options));
            arguments.addAll(
                    List.of(
                            script.toString(),
                            "" + server.getLocalPort(),
                            secret.toString(),
                            InetAddress.getLocalHost().getHostName(),
                            "" + ProcessHandle.current().pid(),
                            folder + "/podium/none.sock",
                            addressOfTheHost(),
                            names));
            var environment = Map.of("SECRET", "secret", "GRANTED", "yes", "TZ", "Asia/Tokyo");
            var result = Program.run(folder, environment, arguments);
            assertEquals("", result.error());
            assertEquals(0, result.status());
            assertThrows(SocketTimeoutException.class, server::accept);
            assertThrows(
                    SocketTimeoutException.class,
                    () -> receiver.receive(new DatagramPacket(new byte[9], 9)));
            return result.output();
        }
    }

    private static String addressOfTheHost() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .map(InetAddress::getHostAddress)
                .findFirst()
                .orElse("192.0.2.2");
    }

    @Test
    void nothingIsSeenOrReached() throws Exception {
        assertEquals(SEES + REACHES, attempt("names", "--env", "GRANTED"));
        assertEquals("secret", Files.readString(secret));
        assertEquals("inside", Files.readString(mount.resolve("inside")));
    }

    /// Networks are granted, not the host's loopback with them.
    @Test
    void theHostsLoopbackIsNoNetwork() throws Exception {
        var reached = attempt("", "--net", "127.0.0.0/8", "--net", "::1/128");
        assertFalse(reached.contains("CONNECTED"), reached);
        var lines = reached.lines().toList();
        for (var line : REACHES.lines().filter(line -> line.contains("ECONNREFUSED")).toList())
            assertTrue(lines.contains(line), reached);
    }
}
