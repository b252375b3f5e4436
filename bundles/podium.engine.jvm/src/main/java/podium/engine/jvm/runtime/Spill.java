package podium.engine.jvm.runtime;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Values that methods hand over where there are more of a kind than the State class has fields.
/// Called by compiled code.
public final class Spill {

    private long[] numbers = {};
    private @Nullable Object[] references = {};

    private static Spill of(GuestState state) {
        var spill = state.spill;
        return spill != null ? spill : (state.spill = new Spill());
    }

    private static void put(GuestState state, long value, int number) {
        var spill = of(state);
        if (number >= spill.numbers.length)
            spill.numbers = Arrays.copyOf(spill.numbers, 2 * number + 1);
        spill.numbers[number] = value;
    }

    private static long get(GuestState state, int number) {
        return of(state).numbers[number];
    }

    public static void putI(GuestState state, int value, int number) {
        put(state, value, number);
    }

    public static int getI(GuestState state, int number) {
        return (int) get(state, number);
    }

    public static void putJ(GuestState state, long value, int number) {
        put(state, value, number);
    }

    public static long getJ(GuestState state, int number) {
        return get(state, number);
    }

    public static void putF(GuestState state, float value, int number) {
        put(state, Float.floatToRawIntBits(value), number);
    }

    public static float getF(GuestState state, int number) {
        return Float.intBitsToFloat((int) get(state, number));
    }

    public static void putD(GuestState state, double value, int number) {
        put(state, Double.doubleToRawLongBits(value), number);
    }

    public static double getD(GuestState state, int number) {
        return Double.longBitsToDouble(get(state, number));
    }

    public static void putA(GuestState state, @Nullable Object value, int number) {
        var spill = of(state);
        if (number >= spill.references.length)
            spill.references = Arrays.copyOf(spill.references, 2 * number + 1);
        spill.references[number] = value;
    }

    public static @Nullable Object getA(GuestState state, int number) {
        return of(state).references[number];
    }
}
