package podium.engine.v8;

import com.caoccao.javet.exceptions.JavetException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.engine.HostFunction;
import podium.engine.Table;
import podium.engine.TableType;
import podium.engine.Trap;
import podium.engine.ValueType;

/// A table of an instance.
final class V8Table implements Table {

    private final V8Instance instance;
    private final int number;
    private final TableType type;

    V8Table(V8Instance instance, int number, TableType type) {
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
    public TableType type() {
        return type;
    }

    @Override
    public int size() {
        return isolate().inside(this::sizeInside);
    }

    private int sizeInside() throws JavetException {
        instance.checkOpen();
        return isolate().integer("tableSize", number);
    }

    @Override
    public @Nullable Object get(int index) {
        return isolate()
                .step(
                        () -> {
                            check(index);
                            int element = isolate().integer("tableGet", number, index, letter());
                            return type.element() == ValueType.FUNCREF
                                    ? isolate().function(element, instance)
                                    : isolate().things().object(element);
                        });
    }

    @Override
    public void set(int index, @Nullable Object reference) {
        isolate()
                .step(
                        () -> {
                            check(index);
                            int element = reference(reference);
                            isolate().run("tableSet", number, index, element, letter());
                            return null;
                        });
    }

    @Override
    public int grow(int delta, @Nullable Object reference) {
        if (delta < 0) return -1;
        return isolate()
                .inside(
                        () -> {
                            instance.checkOpen();
                            int element = reference(reference);
                            return isolate().integer("tableGrow", number, delta, element, letter());
                        });
    }

    private int reference(@Nullable Object reference) throws JavetException {
        if (type.element() != ValueType.FUNCREF) return isolate().things().objectNumber(reference);
        return reference instanceof HostFunction host
                ? instance.hostReference(host)
                : isolate().number(reference);
    }

    /// The indices of its functions, -1 for null. Inside, and if there is one instance only.
    int[] functions() throws JavetException {
        var text = isolate().text("tableFunctions", number);
        if (text.isEmpty()) return new int[0];
        return Arrays.stream(text.split(","))
                .mapToInt(index -> frozen(Integer.parseInt(index)))
                .toArray();
    }

    /// The index of a function as a snapshot has it.
    ///
    /// @throws UnsupportedOperationException it is not of the module
    static int frozen(int index) {
        if (index < -1)
            throw new UnsupportedOperationException("a function of the host's cannot be frozen");
        return index;
    }

    private void check(int index) throws JavetException {
        if (Integer.compareUnsigned(index, sizeInside()) >= 0)
            throw new Trap(Trap.Kind.TABLE_OUT_OF_BOUNDS, List.of(), null);
    }

    private Isolate isolate() {
        return instance.isolate();
    }

    private String letter() {
        return "" + Letters.of(type.element());
    }
}
