package podium.engine.jvm.runtime;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import podium.engine.Function;
import podium.engine.Table;
import podium.engine.TableType;
import podium.engine.Trap;
import podium.engine.Trap.Kind;
import podium.engine.ValueType;

/// A table. Functions of the owner are kept as ordinals, which `call_indirect` can switch on; their
/// references are made
/// when someone asks.
public final class InstanceTable implements Table {

    private static final int NULL = -1;
    private static final int FOREIGN = -2;

    /// Growth beyond this is refused.
    private static final int MAX_SIZE = 10_000_000;

    private final TableType type;
    private final Budget budget;
    private final GuestState owner;
    private final boolean first;
    private int[] codes;

    /// Null until there is one that has no code.
    private @Nullable Object @Nullable [] references;

    /// @param first whether this is the owner's own table 0
    /// @param budget that growth takes its elements from; what the table starts with was taken
    public InstanceTable(TableType type, GuestState owner, boolean first, Budget budget) {
        this.budget = budget;
        this.type = type;
        this.owner = owner;
        this.first = first;
        codes = new int[(int) type.minimum()];
        Arrays.fill(codes, NULL);
        publish();
    }

    private void publish() {
        if (first) owner.codes = codes;
    }

    @Override
    public TableType type() {
        return type;
    }

    @Override
    public int size() {
        return codes.length;
    }

    /// An ordinal of the owner, -1 for null, or less for any other reference.
    int[] codes() {
        return codes;
    }

    boolean ownedBy(GuestState state) {
        return owner == state;
    }

    @Override
    public @Nullable Object get(int index) {
        check(index);
        return element(index);
    }

    @Override
    public void set(int index, @Nullable Object reference) {
        check(index);
        checkType(reference);
        store(index, reference);
    }

    private void checkType(@Nullable Object reference) {
        if (type.element() == ValueType.FUNCREF
                && reference != null
                && !(reference instanceof Function))
            throw new IllegalArgumentException("a table of functions cannot hold " + reference);
    }

    private void check(int index) {
        if (Integer.compareUnsigned(index, codes.length) >= 0)
            throw new Trap(Kind.TABLE_OUT_OF_BOUNDS, java.util.List.of(), null);
    }

    @Nullable Object element(int index) {
        int code = codes[index];
        if (code == NULL) return null;
        if (code == FOREIGN) return Objects.requireNonNull(references)[index];
        return owner.function(owner.code.layout().functionByOrdinal(code));
    }

    void store(int index, @Nullable Object reference) {
        if (references != null) references[index] = null;
        if (reference == null) {
            codes[index] = NULL;
        } else if (reference instanceof InstanceFunction function
                && function.state == owner
                && function.ordinal() >= 0) {
            codes[index] = function.ordinal();
        } else {
            if (references == null) references = new Object[codes.length];
            references[index] = reference;
            codes[index] = FOREIGN;
        }
    }

    @Override
    public int grow(int delta, @Nullable Object value) {
        checkType(value);
        int old = codes.length;
        long size = old + (delta & 0xffffffffL);
        long maximum = type.maximum() < 0 ? MAX_SIZE : Math.min(type.maximum(), MAX_SIZE);
        if (size > maximum || !budget.take(size - old)) return -1;
        codes = Arrays.copyOf(codes, (int) size);
        if (references != null) references = Arrays.copyOf(references, (int) size);
        for (int i = old; i < size; i++) store(i, value);
        publish();
        return old;
    }

    /// Sets all elements.
    public void fill(@Nullable Object value) {
        for (int i = 0; i < codes.length; i++) store(i, value);
    }

    // ---- snapshots

    /// Function indices, -1 for null.
    ///
    /// @throws UnsupportedOperationException an element is not a function of the owner
    public int[] freeze() {
        var functions = new int[codes.length];
        for (int i = 0; i < functions.length; i++) {
            if (codes[i] == FOREIGN)
                throw new UnsupportedOperationException(
                        "table element " + i + " is not a function of the module");
            functions[i] = codes[i] == NULL ? -1 : owner.code.layout().functionByOrdinal(codes[i]);
        }
        return functions;
    }

    /// @param functions function indices, -1 for null
    /// @throws IllegalArgumentException the elements do not fit
    public void thaw(int[] functions) {
        var layout = owner.code.layout();
        if (functions.length < type.minimum() || functions.length > MAX_SIZE)
            throw new IllegalArgumentException("a table of " + functions.length + " elements");
        for (int function : functions) owner.checkReferable(function);
        codes = new int[functions.length];
        references = null;
        for (int i = 0; i < functions.length; i++)
            codes[i] = functions[i] < 0 ? NULL : layout.ordinal(functions[i]);
        publish();
    }
}
