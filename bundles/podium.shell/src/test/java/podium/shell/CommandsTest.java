package podium.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import podium.pod.Pod;
import podium.pod.PodException;
import podium.pod.PodManager;
import podium.pod.PodProcess;
import podium.pod.PodSpec;
import podium.pod.ProcessSpec;
import podium.portal.Connection;
import podium.portal.GuestPort;
import podium.portal.Portal;
import podium.portal.PortalManager;

/// The commands as Gogo calls them.
class CommandsTest {

    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    private final ThreadIOImpl threads = new ThreadIOImpl();
    private final List<String> events = new ArrayList<>();
    private final List<Pod> pods = new ArrayList<>();
    private CommandSession session;

    @BeforeEach
    void start() {
        threads.start();
        var processor = new CommandProcessorImpl(threads);
        session = processor.createSession(InputStream.nullInputStream(), console, console);
        var commands = new PodCommands(fake(PodManager.class, managers()));
        for (var name : List.of("run", "ps", "ls", "kill", "logs", "close"))
            processor.addCommand("pod", commands, name);
        var portals =
                new PortalCommands(
                        fake(PortalManager.class, Map.of("portals", _ -> List.of(portal()))));
        processor.addCommand("portal", portals, "list");
    }

    @AfterEach
    void stop() {
        session.close();
        threads.stop();
    }

    private Map<String, Function<Object[], Object>> managers() {
        return Map.of(
                "pods", _ -> pods,
                "pod",
                        a ->
                                pods.stream()
                                        .filter(p -> p.name().equals(a[0]))
                                        .findFirst()
                                        .orElse(null),
                "create", a -> pod((PodSpec) a[0]));
    }

    private Pod pod(PodSpec spec) {
        var name = spec.name().isEmpty() ? "made" : spec.name();
        events.add("create " + name + " " + spec.portals().stream().map(r -> r.scheme()).toList());
        var holder = new Pod[1];
        var process =
                fake(
                        PodProcess.class,
                        Map.of(
                                "pid", _ -> 7,
                                "arguments", _ -> List.of("node", "x.js"),
                                "failure", _ -> null,
                                "signal",
                                        a -> {
                                            events.add("signal " + a[0]);
                                            return null;
                                        },
                                "kill", _ -> 143,
                                "exit", _ -> CompletableFuture.completedFuture(3)));
        holder[0] =
                fake(
                        Pod.class,
                        Map.of(
                                "name", _ -> name,
                                "processes", _ -> List.of(process),
                                "usage", _ -> new Pod.Usage(1, 2, 3, 5 << 20, 9_000_000, 11),
                                "start",
                                        a -> {
                                            var program = (ProcessSpec) a[0];
                                            events.add("start " + program.arguments());
                                            try {
                                                program.output().write("out\n".getBytes());
                                            } catch (java.io.IOException e) {
                                                throw new java.io.UncheckedIOException(e);
                                            }
                                            return process;
                                        },
                                "close",
                                        _ -> {
                                            events.add("close " + name);
                                            pods.remove(holder[0]);
                                            return null;
                                        }));
        pods.add(holder[0]);
        return holder[0];
    }

    private static Portal portal() {
        var port =
                new GuestPort() {
                    @Override
                    public String pod() {
                        return "shop";
                    }

                    @Override
                    public int port() {
                        return 3000;
                    }

                    @Override
                    public List<podium.pod.PortalRule> rules() {
                        return List.of();
                    }

                    @Override
                    public Connection connect(InetSocketAddress peer) {
                        throw new UnsupportedOperationException();
                    }
                };
        return new Portal() {
            @Override
            public URI uri() {
                return URI.create("http://shop-3000.localhost:8080/");
            }

            @Override
            public GuestPort port() {
                return port;
            }

            @Override
            public String scheme() {
                return "http";
            }

            @Override
            public Traffic traffic() {
                return new Traffic(1, 2, 2048, 3 << 20);
            }

            @Override
            public boolean close(Duration grace) {
                return true;
            }
        };
    }

    @SuppressWarnings("unchecked")
    private static <T> T fake(Class<T> type, Map<String, Function<Object[], Object>> methods) {
        return (T)
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) ->
                                switch (method.getName()) {
                                    case "hashCode" -> System.identityHashCode(proxy);
                                    case "equals" -> proxy == arguments[0];
                                    default -> methods.get(method.getName()).apply(arguments);
                                });
    }

    @Test
    void runsInAPodOfItsOwn() throws Exception {
        assertEquals("exit code 3", session.execute("pod:run node x.js 'a b'"));
        assertEquals("out\n", console.toString());
        assertEquals(
                List.of("create made [http]", "start [node, x.js, a b]", "close made"), events);
    }

    @Test
    void runsInTheBackgroundAndShowsTheOutput() throws Exception {
        assertEquals("shop 7", session.execute("pod:run -d -p shop -e none node x.js"));
        assertEquals("create shop []", events.getFirst());
        assertEquals("out\n", session.execute("pod:logs shop 7"));
        assertEquals("", console.toString());
    }

    @Test
    void usesAPodThatIsThere() throws Exception {
        pod(PodSpec.of("shop"));
        session.execute("pod:run --pod shop node");
        assertEquals(List.of("create shop []", "start [node]"), events);
        assertEquals("POD   PID  COMMAND\nshop    7  node x.js", session.execute("pod:ps"));
        assertTrue(
                session.execute("pod:ls")
                        .toString()
                        .contains("shop          1        2      3  5.0 MiB  9 ms     11"));
        assertEquals("7 ended with exit code 143", session.execute("pod:kill shop 7"));
        session.execute("pod:kill -s 1 shop 7");
        assertEquals("signal 1", events.getLast());
        session.execute("pod:close shop");
        assertEquals("close shop", events.getLast());
    }

    @Test
    void whatIsNotThereIsNamed() {
        pod(PodSpec.of("shop"));
        var e = assertThrows(PodException.class, () -> session.execute("pod:kill shap 7"));
        assertEquals("there is no pod named shap; there are shop", e.getMessage());
        e = assertThrows(PodException.class, () -> session.execute("pod:kill shop 8"));
        assertEquals("pod shop has no process 8", e.getMessage());
    }

    @Test
    void listsPortals() throws Exception {
        assertEquals(
                """
                POD   PORT  URI                               OPEN  TOTAL     IN      OUT
                shop  3000  http://shop-3000.localhost:8080/     1      2  2 KiB  3.0 MiB""",
                session.execute("portal:list"));
    }
}
