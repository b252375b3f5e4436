package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.ir.FunctionIr;
import podium.engine.jvm.ir.Group;
import podium.engine.jvm.ir.Region;
import podium.engine.jvm.wasm.Types;

/// The method of one region, under construction.
final class RegionMethod {

    /// Parameter slots of a group's method beyond which variables pass through fields. C2 refuses
    /// methods with too many ("unsupported calling sequence").
    private static final int MAX_PARAMETER_SLOTS = 32;

    final Layout layout;
    final Demands demands;
    final FunctionIr function;
    final Region region;
    final CodeBuilder code;
    final Frame frame;
    final ExprEmitter expressions;

    final Positions positions;

    /// Null where fuel is not counted.
    final @Nullable Meter meter;

    /// Of use where fuel is not counted.
    final Polls polls;

    RegionMethod(
            Layout layout,
            Demands demands,
            FunctionIr function,
            Region region,
            CodeBuilder code,
            Positions positions,
            boolean metered) {
        this.layout = layout;
        this.demands = demands;
        this.function = function;
        this.region = region;
        this.code = code;
        this.positions = positions;
        frame = new Frame(function);
        expressions = new ExprEmitter(code, layout, demands, frame, positions);
        meter = metered ? new Meter(this) : null;
        polls = new Polls(this);
    }

    /// The name of the method of a group, or of the function's main method.
    static String name(Layout layout, Demands demands, FunctionIr function, @Nullable Group group) {
        if (group != null) return layout.methodName(function.function) + "~" + group.id;
        return function.specialised
                ? entranceName(layout, function.function)
                : demands.tails().bodyName(function.function);
    }

    /// The name of the method by which specialised code of an interpreter is entered. For stack
    /// traces it is a part of its function.
    static String entranceName(Layout layout, int function) {
        return layout.methodName(function) + "~s";
    }

    /// Whether it is the one by which specialised code is entered: an object's method, so that each
    /// code can have its own.
    static boolean isEntrance(FunctionIr function, @Nullable Group group) {
        return function.specialised && group == null;
    }

    static int flags(FunctionIr function, @Nullable Group group) {
        return isEntrance(function, group)
                ? ClassFile.ACC_PUBLIC
                : ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC;
    }

    static MethodTypeDesc descriptor(Layout layout, FunctionIr function, @Nullable Group group) {
        if (group == null) return layout.descriptor(function.signature);
        var parameters = new ArrayList<ClassDesc>();
        parameters.add(layout.state);
        var live = group.region.liveIn;
        for (int i = 0; i < passed(function, live); i++)
            parameters.add(Symbols.type(function.type(live[i])));
        parameters.add(CD_int);
        if (group.hasState()) parameters.add(CD_int);
        if (function.shared() > 0) parameters.add(CD_long.arrayType());
        return MethodTypeDesc.of(CD_int, parameters);
    }

    /// How many of the live variables are parameters.
    static int passed(FunctionIr function, int[] live) {
        int slots = function.shared() > 0 ? 4 : 3;
        for (int i = 0; i < live.length; i++) {
            slots += Types.slots(function.type(live[i]));
            if (slots > MAX_PARAMETER_SLOTS) return i;
        }
        return live.length;
    }
}
