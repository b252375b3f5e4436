package podium.engine.jvm.runtime;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import podium.engine.Global;
import podium.engine.V128;

/// Access to imported mutable globals. Called by compiled code; other globals are fields.
public final class Globals {

    private Globals() {}

    private static Object number(Global global) {
        return Objects.requireNonNull(global.get());
    }

    public static int getI(GuestState state, int index) {
        var global = state.importedGlobals[index];
        return global instanceof InstanceGlobal own ? (int) own.bits() : (Integer) number(global);
    }

    public static long getJ(GuestState state, int index) {
        var global = state.importedGlobals[index];
        return global instanceof InstanceGlobal own ? own.bits() : (Long) number(global);
    }

    public static float getF(GuestState state, int index) {
        return (Float) number(state.importedGlobals[index]);
    }

    public static double getD(GuestState state, int index) {
        return (Double) number(state.importedGlobals[index]);
    }

    public static @Nullable Object getA(GuestState state, int index) {
        return state.importedGlobals[index].get();
    }

    private static V128 vector(GuestState state, int index) {
        return (V128) number(state.importedGlobals[index]);
    }

    public static long getLow(GuestState state, int index) {
        return vector(state, index).low();
    }

    public static long getHigh(GuestState state, int index) {
        return vector(state, index).high();
    }

    public static void setLow(GuestState state, int index, long value) {
        state.importedGlobals[index].set(new V128(value, vector(state, index).high()));
    }

    public static void setHigh(GuestState state, int index, long value) {
        state.importedGlobals[index].set(new V128(vector(state, index).low(), value));
    }

    public static void set(GuestState state, int index, int value) {
        Global global = state.importedGlobals[index];
        if (global instanceof InstanceGlobal own) own.setBits(value);
        else global.set(value);
    }

    public static void set(GuestState state, int index, long value) {
        Global global = state.importedGlobals[index];
        if (global instanceof InstanceGlobal own) own.setBits(value);
        else global.set(value);
    }

    public static void set(GuestState state, int index, float value) {
        state.importedGlobals[index].set(value);
    }

    public static void set(GuestState state, int index, double value) {
        state.importedGlobals[index].set(value);
    }

    public static void set(GuestState state, int index, @Nullable Object value) {
        state.importedGlobals[index].set(value);
    }
}
