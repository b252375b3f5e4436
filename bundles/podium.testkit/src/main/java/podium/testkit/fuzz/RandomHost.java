package podium.testkit.fuzz;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import podium.engine.Extern;
import podium.engine.FunctionType;
import podium.engine.HostFunction;
import podium.engine.ImportType;
import podium.engine.Imports;
import podium.engine.ValueType;

/// A host that provides every function, of whatever type. They note what they are called with,
/// return random values, and fail now and then.
final class RandomHost implements Imports {

    /// Of the JVM's: a method takes that many words, and the instance's context is one of them.
    private static final int MOST_PARAMETERS = 100;

    private static final int MOST_EVENTS = 5_000;

    private static final MethodHandle CALL = handle();

    /// What a host function throws.
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;

        Failure() {
            super("of the host", null, false, false);
        }
    }

    private final Random random;
    private final List<String> events;
    private final int pages;

    RandomHost(long seed, List<String> events, int pages) {
        random = new Random(seed);
        this.events = events;
        this.pages = pages;
    }

    private static MethodHandle handle() {
        try {
            return MethodHandles.lookup()
                    .findVirtual(
                            RandomHost.class,
                            "call",
                            MethodType.methodType(
                                    Object.class, FunctionType.class, Object[].class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @Override
    public int memoryLimit() {
        return pages;
    }

    @Override
    public @Nullable Extern resolve(ImportType wanted) {
        if (!(wanted.type() instanceof FunctionType type)) return null;
        if (type.parameters().size() > MOST_PARAMETERS) return null;
        if (type.parameters().contains(ValueType.EXNREF)) return null;
        if (type.results().contains(ValueType.EXNREF)) return null;
        var handle =
                MethodHandles.insertArguments(CALL.bindTo(this), 0, type)
                        .asCollector(Object[].class, type.parameters().size());
        var all = MethodHandles.dropArguments(handle, 0, Object.class);
        return new HostFunction(type, all.asType(HostFunction.handleType(type)));
    }

    @Nullable Object call(FunctionType type, @Nullable Object[] arguments) {
        events.add("host " + Execution.text(arguments));
        if (random.nextInt(40) == 0 || events.size() > MOST_EVENTS) throw new Failure();
        var values = new RandomValues(random);
        var results = type.results().stream().map((ValueType r) -> values.value(r)).toArray();
        return switch (results.length) {
            case 0 -> null;
            case 1 -> results[0];
            default -> results;
        };
    }
}
