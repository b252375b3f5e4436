package podium.syscall.wasi;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import podium.syscall.Clock;
import podium.syscall.Process;
import podium.syscall.Task;

/// A task that does not wait: it keeps what a call keeps, and remembers for how long it would.
final class TestTask implements InvocationHandler {

    @Nullable Object kept;

    /// Nanoseconds of the last wait; -1 when there was none.
    long timeout = -1;

    final Task task = proxy(Task.class, this);

    private static final Process PROCESS =
            proxy(
                    Process.class,
                    (_, method, _) -> {
                        if (method.getName().equals("monotonic")) return Clock.monotonic();
                        throw new UnsupportedOperationException(method.toString());
                    });

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
        switch (method.getName()) {
            case "kept" -> {
                return kept;
            }
            case "keep" -> {
                kept = arguments[0];
                return null;
            }
            case "process" -> {
                return PROCESS;
            }
            case "block" -> {
                timeout = (long) arguments[2];
                return Task.BLOCKED;
            }
            default -> throw new UnsupportedOperationException(method.toString());
        }
    }
}
