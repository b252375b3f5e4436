package podium.engine.jvm.ir;

import java.util.Arrays;

/// Of some variables an interval around their value that lies in memory: all addresses from the
/// value plus `low` to before the value plus `high`.
final class Facts {

    /// Variables known at a time; the one known longest is forgotten for another.
    private static final int MAX = 24;

    /// Bounds further away are forgotten.
    private static final int FAR = 1 << 30;

    private static final int[] NONE = {};

    /// Whether addresses may be so high that the sum with a constant starts from zero again. Then
    /// two intervals say nothing of what is between them.
    private final boolean wide;

    private int[] variables = NONE;
    private int[] low = NONE;
    private int[] high = NONE;

    Facts(boolean wide) {
        this.wide = wide;
    }

    private Facts(Facts other) {
        wide = other.wide;
        variables = other.variables;
        low = other.low;
        high = other.high;
    }

    /// The arrays are never changed, so copies share them.
    Facts copy() {
        return new Facts(this);
    }

    private int find(int variable) {
        for (int i = 0; i < variables.length; i++) if (variables[i] == variable) return i;
        return -1;
    }

    boolean cover(int variable, int from, int to) {
        int i = find(variable);
        return i >= 0 && low[i] <= from && to <= high[i];
    }

    void add(int variable, int from, int to) {
        int i = find(variable);
        if (i >= 0 && (!wide || from <= high[i] && low[i] <= to))
            put(variable, Math.min(low[i], from), Math.max(high[i], to));
        else put(variable, from, to);
    }

    private void put(int variable, int from, int to) {
        remove(variable);
        if (from < -FAR || to > FAR) return;
        int first = variables.length == MAX ? 1 : 0;
        variables = append(variables, first, variable);
        low = append(low, first, from);
        high = append(high, first, to);
    }

    private static int[] append(int[] array, int first, int value) {
        var longer = Arrays.copyOfRange(array, first, array.length + 1);
        longer[longer.length - 1] = value;
        return longer;
    }

    void remove(int variable) {
        int i = find(variable);
        if (i < 0) return;
        variables = without(variables, i);
        low = without(low, i);
        high = without(high, i);
    }

    private static int[] without(int[] array, int i) {
        var shorter = Arrays.copyOf(array, array.length - 1);
        System.arraycopy(array, i + 1, shorter, i, shorter.length - i);
        return shorter;
    }

    void removeAll(Bits gone) {
        for (int v : variables) if (gone.contains(v)) remove(v);
    }

    /// The assignment of one variable plus a constant to another, or itself.
    void move(int from, int to, int constant) {
        int i = find(from);
        if (i < 0) {
            remove(to);
            return;
        }
        put(to, low[i] - constant, high[i] - constant);
    }

    /// Keeps what another knows, too.
    Facts meet(Facts other) {
        for (int v : variables) {
            int i = find(v);
            int j = other.find(v);
            int from = j < 0 ? 0 : Math.max(low[i], other.low[j]);
            int to = j < 0 ? 0 : Math.min(high[i], other.high[j]);
            if (from >= to) remove(v);
            else if (from != low[i] || to != high[i]) put(v, from, to);
        }
        return this;
    }
}
