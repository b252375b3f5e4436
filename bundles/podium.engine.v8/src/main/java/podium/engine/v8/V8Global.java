package podium.engine.v8;

import com.caoccao.javet.exceptions.JavetException;
import org.jspecify.annotations.Nullable;
import podium.engine.Global;
import podium.engine.GlobalType;
import podium.engine.ValueType;

/// A global variable of an instance.
final class V8Global implements Global {

    private final V8Instance instance;
    private final int number;
    private final GlobalType type;

    V8Global(V8Instance instance, int number, GlobalType type) {
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
    public GlobalType type() {
        return type;
    }

    @Override
    public @Nullable Object get() {
        if (!Letters.passable(type.value())) throw Letters.impassable(type.value());
        var isolate = instance.isolate();
        return isolate.step(
                () -> {
                    instance.checkOpen();
                    isolate.run("globalGet", number, letter());
                    return isolate.box().get(type.value(), 1, instance);
                });
    }

    /// Writes what a snapshot has for it. Inside, and if there is one instance only.
    ///
    /// @param at the place of its first number
    /// @return the place behind its last
    /// @throws UnsupportedOperationException a snapshot cannot have it
    int freeze(long[] numbers, int at) throws JavetException {
        numbers[at] = bits();
        if (type.value() != ValueType.V128) return at + 1;
        numbers[at + 1] = instance.isolate().box().bits(ValueType.I64, 2);
        return at + 2;
    }

    private long bits() throws JavetException {
        if (!Letters.passable(type.value()))
            throw new UnsupportedOperationException("a snapshot has no global of " + type.value());
        var isolate = instance.isolate();
        isolate.run("globalGet", number, letter());
        long bits = isolate.box().bits(type.value(), 1);
        if (type.value() == ValueType.EXTERNREF && bits != 0)
            throw new UnsupportedOperationException("a global refers to an object of the host's");
        if (type.value() == ValueType.EXTERNREF) return -1;
        return type.value() == ValueType.FUNCREF
                ? V8Table.frozen(isolate.integer("functionIndex", (int) bits))
                : bits;
    }

    @Override
    public void set(@Nullable Object value) {
        if (!type.mutable()) throw new IllegalArgumentException("the global is immutable");
        var isolate = instance.isolate();
        isolate.step(
                () -> {
                    instance.checkOpen();
                    try {
                        isolate.box().put(type.value(), 1, value);
                    } catch (ClassCastException _) {
                        throw new IllegalArgumentException(
                                value + " for a global of type " + type.value());
                    }
                    isolate.run("globalSet", number, letter());
                    return null;
                });
    }

    private String letter() {
        return "" + Letters.of(type.value());
    }
}
