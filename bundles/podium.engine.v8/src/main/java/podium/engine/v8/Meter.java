package podium.engine.v8;

import com.caoccao.javet.exceptions.JavetException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.engine.Fuel;
import podium.engine.FunctionType;
import podium.engine.ValueType;

/// What an instance that counts fuel takes its slices from. Used inside the isolate.
final class Meter {

    private static final List<ValueType> NUMBER = List.of(ValueType.I32);
    private static final MethodHandle REFUEL = refuel();

    private final V8Instance instance;
    private final @Nullable Fuel fuel;

    /// It has taken a slice since it last gave back.
    private boolean owes;

    private static MethodHandle refuel() {
        var type = MethodType.methodType(int.class, int.class);
        try {
            return MethodHandles.lookup().findVirtual(Meter.class, "refuel", type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// @param fuel null for no limit
    Meter(V8Instance instance, @Nullable Fuel fuel) {
        this.instance = instance;
        this.fuel = fuel;
    }

    /// Has the guest call it.
    ///
    /// @param exports the number of the instance's
    void install(int exports) throws JavetException {
        var handle = MethodHandles.dropArguments(REFUEL.bindTo(this), 0, Object.class);
        int number = instance.add(new FunctionType(NUMBER, NUMBER), handle);
        instance.isolate().run("meter", exports, number);
    }

    /// The guest has used its slice up.
    ///
    /// @return what it has now; if that is less than 0, it traps
    int refuel(int left) {
        if (fuel == null) return Fuel.SLICE;
        if (!owes) instance.isolate().owes(this);
        owes = true;
        int now = left + fuel.take(Fuel.SLICE - left);
        if (now < 0) instance.isolate().outOfFuel();
        return now;
    }

    /// Gives back what is left of the slice, or pays what was used beyond it.
    void giveBack() throws JavetException {
        owes = false;
        int left = instance.unusedFuel();
        if (fuel != null) fuel.add(left);
    }
}
