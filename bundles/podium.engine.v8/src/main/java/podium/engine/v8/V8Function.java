package podium.engine.v8;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;
import podium.engine.FunctionType;
import podium.engine.GuestFunction;
import podium.engine.V128;
import podium.engine.ValueType;

/// A function of a guest's.
final class V8Function implements GuestFunction {

    private static final MethodHandle CALL = call();

    private final V8Instance instance;
    private final int number;
    private final FunctionType type;

    /// Whether the bridge has what it takes to call it; used inside the isolate.
    private boolean callable;

    private static MethodHandle call() {
        try {
            return MethodHandles.lookup()
                    .findVirtual(
                            V8Function.class,
                            "call",
                            MethodType.methodType(Object.class, Object[].class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// @param instance which is responsible for it
    V8Function(V8Instance instance, int number, FunctionType type) {
        this.instance = instance;
        this.number = number;
        this.type = type;
    }

    V8Instance instance() {
        return instance;
    }

    int number() {
        return number;
    }

    @Override
    public FunctionType type() {
        return type;
    }

    @Override
    public MethodHandle handle() {
        var parameters = type.parameters().stream().map(ValueType::javaType).toList();
        return CALL.bindTo(this)
                .asCollector(Object[].class, parameters.size())
                .asType(MethodType.methodType(type.resultJavaType(), parameters));
    }

    @Override
    public @Nullable Object call(@Nullable Object... arguments) {
        var parameters = type.parameters();
        if (arguments.length != parameters.size())
            throw new IllegalArgumentException(
                    "a function of type "
                            + type
                            + " called with "
                            + arguments.length
                            + " arguments");
        for (int i = 0; i < arguments.length; i++) check(parameters.get(i), arguments[i]);
        if (!Letters.passable(type)) throw Letters.impassable(type);
        return instance.isolate().guest(() -> callInside(arguments));
    }

    private @Nullable Object callInside(@Nullable Object[] arguments) throws Throwable {
        instance.checkOpen();
        var isolate = instance.isolate();
        if (!callable)
            isolate.run(
                    "callable", number, Letters.of(type.parameters()), Letters.of(type.results()));
        callable = true;
        isolate.box().put(type.parameters(), arguments);
        try {
            isolate.crossing().call(instance, number);
        } finally {
            isolate.settle();
        }
        return switch (type.results().size()) {
            case 0 -> null;
            case 1 -> isolate.box().get(type.results().getFirst(), 1, instance);
            default -> isolate.box().get(type.results(), instance);
        };
    }

    private void check(ValueType wanted, @Nullable Object argument) {
        boolean fits =
                switch (wanted) {
                    case I32 -> argument instanceof Integer;
                    case I64 -> argument instanceof Long;
                    case F32 -> argument instanceof Float;
                    case F64 -> argument instanceof Double;
                    case FUNCREF -> argument == null || argument instanceof podium.engine.Function;
                    case V128 -> argument instanceof V128;
                    case EXTERNREF, EXNREF -> true;
                };
        if (!fits)
            throw new IllegalArgumentException(
                    "a function of type " + type + " called with " + argument + " for " + wanted);
    }
}
