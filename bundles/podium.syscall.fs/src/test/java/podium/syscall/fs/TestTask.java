package podium.syscall.fs;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import podium.syscall.Credentials;
import podium.syscall.ErrnoException;
import podium.syscall.GuestMemory;
import podium.syscall.LinuxString;
import podium.syscall.Pollable;
import podium.syscall.Process;
import podium.syscall.Task;
import podium.testkit.FixedMemory;
import podium.vfs.FsContext;
import podium.vfs.MountNamespace;
import podium.vfs.Vfs;

/// A task without a kernel, of which a test is the gate. What file system calls do not need is not
/// supported.
final class TestTask implements AutoCloseable {

    /// A system call.
    interface Call {
        int call();
    }

    final GuestMemory memory = new GuestMemory(new FixedMemory(64));
    final TestFiles files = new TestFiles();
    Credentials credentials = Credentials.ROOT;
    @Nullable Pollable blockedOn;
    int blockedFor;
    boolean timedOut;
    @Nullable Object kept;

    /// As system calls see it.
    final Task task;

    private final FsContext context;

    TestTask(Vfs vfs, MountNamespace namespace, int pid) {
        try (var first = vfs.context(namespace, Credentials.ROOT)) {
            context = vfs.copy(first, () -> credentials);
        }
        var process =
                proxy(
                        Process.class,
                        (_, method, _) ->
                                switch (method.getName()) {
                                    case "files" -> files;
                                    case "fs" -> context;
                                    case "pid" -> pid;
                                    default -> throw unsupported(method.getName());
                                });
        task =
                proxy(
                        Task.class,
                        (self, method, arguments) -> {
                            if (method.isDefault())
                                return InvocationHandler.invokeDefault(self, method, arguments);
                            return switch (method.getName()) {
                                case "process" -> process;
                                case "memory" -> memory;
                                case "tid" -> pid;
                                case "timedOut" -> timedOut;
                                case "resumed" -> false;
                                case "kept" -> kept;
                                case "keep" -> {
                                    kept = arguments[0];
                                    yield null;
                                }
                                case "onInterrupt" -> null;
                                case "block" -> block((Pollable) arguments[0], (int) arguments[1]);
                                default -> throw unsupported(method.getName());
                            };
                        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static UnsupportedOperationException unsupported(String name) {
        return new UnsupportedOperationException(name);
    }

    private int block(Pollable pollable, int events) {
        blockedOn = pollable;
        blockedFor = events;
        return Task.BLOCKED;
    }

    /// What the gate makes of a call.
    static int call(Call call) {
        try {
            return call.call();
        } catch (ErrnoException e) {
            return e.errno().negated();
        }
    }

    /// Puts a NUL-terminated text into memory.
    int put(int at, String text) {
        memory.put(at, LinuxString.encode(text + "\0"));
        return at;
    }

    @Override
    public void close() {
        for (int fd : files.open()) files.close(fd);
        context.close();
    }
}
