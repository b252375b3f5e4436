package podium.syscall.wasi;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import podium.syscall.Task;

/// A task that does not wait: it keeps what a call keeps, and remembers for how long it would.
final class TestTask implements InvocationHandler {

    @Nullable Object kept;

    /// Nanoseconds of the last wait; -1 when there was none.
    long timeout = -1;

    final Task task =
            (Task)
                    Proxy.newProxyInstance(
                            Task.class.getClassLoader(), new Class<?>[] {Task.class}, this);

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
            case "block" -> {
                timeout = (long) arguments[2];
                return Task.BLOCKED;
            }
            default -> throw new UnsupportedOperationException(method.toString());
        }
    }
}
