package podium.syscall.net;

import static podium.syscall.net.SocketConstants.AF_INET;
import static podium.syscall.net.SocketConstants.AF_INET6;
import static podium.syscall.net.SocketConstants.AF_UNIX;

import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import podium.pod.NetworkGrants;
import podium.pod.PortalRule;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.FdTable;
import podium.syscall.Grant;
import podium.syscall.GuestMemory;
import podium.syscall.OpenFile;
import podium.syscall.PodContext;
import podium.syscall.Pollable;
import podium.syscall.Process;
import podium.syscall.SignalInfo;
import podium.syscall.Task;
import podium.syscall.TaskSignals;
import podium.testkit.FixedMemory;

/// A guest as the socket system calls see it: memory, descriptors, a gate that waits. One a thread.
final class TestGuest {

    /// Nothing in these tests waits longer.
    static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

    private static final int SCRATCH = 0x1000;
    static final int BUFFER = 0x10000;

    final Networks networks;
    final SocketCalls sockets;
    final MessageCalls messages = new MessageCalls();
    final OptionCalls options = new OptionCalls();
    final GuestMemory memory = new GuestMemory(new FixedMemory(256));
    final Files files;
    final List<Integer> signals = new ArrayList<>();
    final Task task;
    final Pod pod;
    private boolean timedOut;
    private Pollable waitsFor;
    private int events;
    private long timeout;

    /// What several guests of one pod share.
    record Pod(PodContext context) {

        static Pod of(NetworkGrants grants) {
            var states = new ConcurrentHashMap<Class<?>, Object>();
            return new Pod(
                    fake(
                            PodContext.class,
                            Map.of(
                                    "name", _ -> "pod",
                                    "hostname", _ -> "pod",
                                    "network", _ -> grants,
                                    "portals", _ -> List.of(PortalRule.of("tcp")),
                                    "state",
                                            a ->
                                                    states.computeIfAbsent(
                                                            (Class<?>) a[0],
                                                            _ -> ((Supplier<?>) a[1]).get()))));
        }
    }

    TestGuest() {
        this(new Networks(), Pod.of(NetworkGrants.NONE), 64);
    }

    TestGuest(Networks networks, Pod pod, int limit) {
        this.networks = networks;
        this.pod = pod;
        sockets = new SocketCalls(networks);
        files = new Files(limit);
        var process =
                fake(
                        Process.class,
                        Map.of(
                                "files", _ -> files,
                                "pod", _ -> pod.context,
                                "pid", _ -> 7,
                                "credentials", _ -> Credentials.ROOT));
        Function<Object[], Object> send =
                a -> {
                    signals.add(((SignalInfo) a[0]).signal());
                    return null;
                };
        var taskSignals = fake(TaskSignals.class, Map.of("send", send));
        task =
                fake(
                        Task.class,
                        Map.of(
                                "process", _ -> process,
                                "files", _ -> files,
                                "memory", _ -> memory,
                                "signals", _ -> taskSignals,
                                "timedOut", _ -> timedOut,
                                "block", this::block));
    }

    PodNetwork network() {
        return networks.of(task);
    }

    private Object block(Object[] arguments) {
        waitsFor = (Pollable) arguments[0];
        events = (int) arguments[1];
        timeout = arguments.length > 2 ? (long) arguments[2] : Task.FOREVER;
        return Task.BLOCKED;
    }

    /// What the gate does.
    int call(IntSupplier systemCall) {
        timedOut = false;
        try {
            for (; ; ) {
                int result = systemCall.getAsInt();
                if (result != Task.BLOCKED) return result;
                await();
            }
        } catch (podium.syscall.ErrnoException e) {
            return e.errno().negated();
        }
    }

    private void await() {
        var ready = new CountDownLatch(1);
        Pollable.Watcher watcher = _ -> check(ready);
        waitsFor.watch(watcher);
        try {
            check(ready);
            if (!ready.await(Math.min(timeout, PATIENCE), TimeUnit.NANOSECONDS)) {
                if (timeout >= PATIENCE) throw new AssertionError("waits for ever: " + waitsFor);
                timedOut = true;
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            waitsFor.unwatch(watcher);
        }
    }

    private void check(CountDownLatch ready) {
        if ((waitsFor.readiness() & (events | Pollable.ERR | Pollable.HUP)) != 0) ready.countDown();
    }

    int socket(int domain, int type) {
        return call(() -> sockets.socket(task, domain, type, 0));
    }

    int bind(int fd, String address, int port) {
        return call(() -> sockets.bind(task, fd, SCRATCH, name(address, port)));
    }

    int connect(int fd, String address, int port) {
        return call(() -> sockets.connect(task, fd, SCRATCH, name(address, port)));
    }

    int listen(int fd, int backlog) {
        return call(() -> sockets.listen(task, fd, backlog));
    }

    int accept(int fd) {
        return call(() -> sockets.accept4(task, fd, 0, 0, 0));
    }

    int shutdown(int fd, int how) {
        return call(() -> sockets.shutdown(task, fd, how));
    }

    int send(int fd, String text) {
        return send(fd, text, 0);
    }

    int send(int fd, String text, int flags) {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        memory.put(BUFFER, bytes);
        return call(() -> messages.sendto(task, fd, BUFFER, bytes.length, flags, 0, 0));
    }

    int sendTo(int fd, String text, String address, int port) {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        memory.put(BUFFER, bytes);
        return call(
                () ->
                        messages.sendto(
                                task, fd, BUFFER, bytes.length, 0, SCRATCH, name(address, port)));
    }

    /// What was received, or `-` and an errno's name.
    String receive(int fd, int most, int flags) {
        int n = call(() -> messages.recvfrom(task, fd, BUFFER, most, flags, 0, 0));
        if (n < 0) return "-" + Errno.of(-n);
        return new String(memory.bytes(BUFFER, n), StandardCharsets.ISO_8859_1);
    }

    String receive(int fd) {
        return receive(fd, 65_536, 0);
    }

    /// Address and port, as `127.0.0.1:80`.
    String localName(int fd) {
        memory.putInt(SCRATCH - 4, 128);
        int n = call(() -> sockets.getsockname(task, fd, SCRATCH, SCRATCH - 4));
        return n < 0 ? "-" + Errno.of(-n) : shown();
    }

    String peerName(int fd) {
        memory.putInt(SCRATCH - 4, 128);
        int n = call(() -> sockets.getpeername(task, fd, SCRATCH, SCRATCH - 4));
        return n < 0 ? "-" + Errno.of(-n) : shown();
    }

    int port(int fd) {
        var name = localName(fd);
        return Integer.parseInt(name.substring(name.lastIndexOf(':') + 1));
    }

    private String shown() {
        var name = (SocketName.Inet) SockAddr.read(memory, SCRATCH, memory.getInt(SCRATCH - 4));
        return name.address().getHostAddress() + ":" + name.port();
    }

    int option(int fd, int level, int name) {
        memory.putInt(SCRATCH - 4, 4);
        int n = call(() -> options.getsockopt(task, fd, level, name, SCRATCH, SCRATCH - 4));
        return n < 0 ? n : memory.getInt(SCRATCH);
    }

    int setOption(int fd, int level, int name, int value) {
        memory.putInt(SCRATCH, value);
        return call(() -> options.setsockopt(task, fd, level, name, SCRATCH, 4));
    }

    void nonBlocking(int fd) {
        var file = files.get(fd);
        file.setFlags(file.flags() | OpenFile.O_NONBLOCK);
    }

    int readiness(int fd) {
        return files.get(fd).readiness();
    }

    void close(int fd) {
        files.close(fd);
    }

    /// Writes a sockaddr to the scratch place.
    ///
    /// @param address an IP address; `/path`, `@abstract`, or `""` for none
    /// @return its length
    int name(String address, int port) {
        SocketName name;
        int family;
        if (address.startsWith("@")) {
            name = new SocketName.Abstract(address.substring(1));
            family = AF_UNIX;
        } else if (address.startsWith("/")) {
            name = new SocketName.Path(address);
            family = AF_UNIX;
        } else {
            boolean six = address.contains(":");
            family = six ? AF_INET6 : AF_INET;
            name = new SocketName.Inet(family, InetAddress.ofLiteral(address), port);
        }
        var bytes = SockAddr.encode(name, family);
        memory.put(SCRATCH, bytes);
        return bytes.length;
    }

    @SuppressWarnings("unchecked")
    static <T> T fake(Class<T> type, Map<String, Function<Object[], Object>> methods) {
        return (T)
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> {
                            var answer = methods.get(method.getName());
                            if (answer != null) return answer.apply(arguments);
                            if (method.isDefault())
                                return java.lang.reflect.InvocationHandler.invokeDefault(
                                        proxy, method, arguments);
                            if (method.getName().equals("hashCode"))
                                return System.identityHashCode(proxy);
                            if (method.getName().equals("equals")) return proxy == arguments[0];
                            if (method.getName().equals("toString")) return type.getSimpleName();
                            throw new UnsupportedOperationException(method.toString());
                        });
    }

    /// Descriptors in a map.
    static final class Files implements FdTable {

        private final Map<Integer, OpenFile> files = new HashMap<>();
        private final int limit;

        Files(int limit) {
            this.limit = limit;
        }

        @Override
        public synchronized OpenFile get(int fd) {
            var file = files.get(fd);
            if (file == null) throw Errno.EBADF.exception();
            return file;
        }

        @Override
        public synchronized OpenFile retain(int fd) {
            var file = get(fd);
            file.retain();
            return file;
        }

        @Override
        public synchronized int add(
                OpenFile file, int from, boolean closeOnExec, @Nullable Grant grant) {
            for (int fd = from; fd < limit; fd++)
                if (files.putIfAbsent(fd, file) == null) return fd;
            file.release();
            throw Errno.EMFILE.exception();
        }

        @Override
        public synchronized void set(int fd, OpenFile file, boolean closeOnExec) {
            var before = files.put(fd, file);
            if (before != null) before.release();
        }

        @Override
        public void close(int fd) {
            OpenFile file;
            synchronized (this) {
                file = files.remove(fd);
            }
            if (file == null) throw Errno.EBADF.exception();
            file.release();
        }

        @Override
        public boolean closeOnExec(int fd) {
            return false;
        }

        @Override
        public void setCloseOnExec(int fd, boolean closeOnExec) {}

        @Override
        public synchronized int[] open() {
            return files.keySet().stream().mapToInt(i -> i).sorted().toArray();
        }

        @Override
        public @Nullable Grant grant(int fd, OpenFile file) {
            return null;
        }

        @Override
        public boolean changeGrant(int fd, OpenFile file, @Nullable Grant from, Grant to) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void move(int from, int to) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int limit() {
            return limit;
        }
    }
}
