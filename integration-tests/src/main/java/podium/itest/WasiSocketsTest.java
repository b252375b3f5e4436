package podium.itest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import podium.pod.PodException;
import podium.pod.PodManager;
import podium.pod.PodSpec;
import podium.pod.PortalRule;
import podium.pod.ProcessSpec;
import podium.pod.Result;
import podium.portal.Portal;
import podium.portal.PortalManager;

/// Programs of WASI that make sockets themselves, by a bundle that need not be there.
@Timeout(120)
class WasiSocketsTest {

    private static final Path SOURCES = RealNode.ROOT.resolve("integration-tests/src/main/c");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// Makes sockets for ever.
    private static final String TICKS =
            """
            #include <stdio.h>
            #include <unistd.h>
            #include "sockets.h"
            int main() {
              for (int i = 1, fd, error;; i++) {
                if ((error = sock_open(INET4, DATAGRAM, &fd))) return error;
                close(fd);
                if (i % 100 == 0 && (printf("%d\\n", i) < 0 || fflush(stdout))) return 1;
                usleep(1000);
              }
            }
            """;

    /// Its number in WASI.
    private static final int ENOSYS = 52;

    @TempDir static Path folder;

    private static byte[] sockets;
    private static byte[] ticks;

    @InjectService(timeout = 10_000)
    PodManager pods;

    @InjectService(timeout = 10_000)
    PortalManager portals;

    @InjectBundleContext BundleContext context;

    @BeforeAll
    static void compile() throws Exception {
        var module = folder.resolve("sockets.wasm");
        WasiGuest.compile(module, SOURCES.resolve("sockets.c"));
        sockets = Files.readAllBytes(module);
        WasiGuest.compile(module, TICKS, "-I" + SOURCES);
        ticks = Files.readAllBytes(module);
    }

    private static ProcessSpec spec(byte[] module, String... arguments) {
        return ProcessSpec.of(List.of(arguments)).withModule(module);
    }

    @Test
    void socketsWorkInsideThePod() throws Exception {
        try (var pod = pods.create(PodSpec.of(""))) {
            assertEquals(
                    new Result(0, "met: all\n", ""), pod.run(spec(sockets, "sockets"), PATIENCE));
        }
    }

    @Test
    void aServerIsReachedThroughAPortal() throws Exception {
        var spec = PodSpec.of("wasi-server").withPortal(PortalRule.of("tcp", 4000));
        var output = new ByteArrayOutputStream();
        try (var pod = pods.create(spec)) {
            var server = spec(sockets, "server", "4000");
            var process = pod.start(server.withStreams(server.input(), output, output));
            var uri = portal("wasi-server").uri();
            try (var client = new Socket(uri.getHost(), uri.getPort())) {
                client.getOutputStream().write("hello, world".getBytes(UTF_8));
                client.shutdownOutput();
                var reply = client.getInputStream().readAllBytes();
                assertEquals("hello, world", new String(reply, UTF_8));
            }
            assertEquals(0, process.exit().get(30, TimeUnit.SECONDS));
        }
        assertEquals("met: all\n", output.toString(UTF_8));
    }

    private Portal portal(String pod) throws InterruptedException {
        for (int i = 0; i < 1000; i++) {
            for (var portal : portals.portals()) if (portal.port().pod().equals(pod)) return portal;
            Thread.sleep(10);
        }
        throw new AssertionError("no portal of " + pod);
    }

    /// A program that runs meanwhile notices nothing of a bundle that comes back. Without it calls
    /// fail after a while, and what would start is told what to install.
    @Test
    void theBundleIsReplacedAndRemoved() throws Exception {
        var bundle = bundle();
        var output = new ByteArrayOutputStream();
        try (var pod = pods.create(PodSpec.of(""))) {
            var ticking = spec(ticks, "ticks");
            var process = pod.start(ticking.withStreams(ticking.input(), output, output));
            await(output, 1);
            bundle.stop();
            bundle.start();
            await(output, output.toString(UTF_8).lines().count() + 2);
            assertTrue(process.alive(), process.failure());
            bundle.stop();
            try {
                assertEquals(ENOSYS, process.exit().get(30, TimeUnit.SECONDS));
                var e =
                        assertThrows(
                                PodException.class, () -> pod.run(spec(ticks, "ticks"), PATIENCE));
                assertEquals(126, e.status());
                assertEquals(
                        "cannot execute ticks: wasi_snapshot_preview1.sock_open is not provided;"
                                + " install podium.syscall.wasi.sockets",
                        e.getMessage());
            } finally {
                bundle.start();
            }
            assertEquals(0, pod.run(spec(sockets, "sockets"), PATIENCE).status());
        }
    }

    private Bundle bundle() {
        return Arrays.stream(context.getBundles())
                .filter(b -> b.getSymbolicName().equals("podium.syscall.wasi.sockets"))
                .findFirst()
                .orElseThrow();
    }

    private static void await(ByteArrayOutputStream output, long lines)
            throws InterruptedException {
        for (int i = 0; output.toString(UTF_8).lines().count() < lines; i++) {
            assertTrue(i < 3000, () -> output.toString(UTF_8));
            Thread.sleep(10);
        }
    }
}
