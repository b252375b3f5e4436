package podium.engine.jvm.emit;

import java.lang.classfile.Attributes;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.TableSwitchInstruction;

/// How much a method asks of HotSpot's compilers, on a scale where both take whatever is not beyond
/// [#LIMIT].
final class MethodWeight {

    /// HotSpot compiles no method beyond 8,000 bytes.
    static final int LIMIT = 7_800;

    /// Methods smaller than this are never refused.
    private static final int HARMLESS = 3_500;

    private MethodWeight() {}

    static int of(MethodModel method) {
        var code = method.findAttribute(Attributes.code());
        if (code.isEmpty()) return 0;
        int length = code.get().codeLength();
        return length < HARMLESS ? length : Math.max(length, registers(code.get()));
    }

    /// What C1 spends of its 10,000 virtual registers ("out of virtual registers in linear scan").
    /// A fit to what JDK 25 did with the methods of large programs, with a margin of a twentieth:
    /// instructions that need a register for long count, and the arms of switches.
    private static int registers(CodeModel code) {
        int weight = 0;
        for (var element : code)
            weight +=
                    switch (element) {
                        case FieldInstruction _ -> 10;
                        case StoreInstruction _ -> 6;
                        case ConstantInstruction _ -> 2;
                        case InvokeInstruction call ->
                                call.name().equalsString("checkIndex") ? 4 : 0;
                        case TableSwitchInstruction s -> 11 * s.cases().size();
                        case LookupSwitchInstruction s -> 11 * s.cases().size();
                        default -> 0;
                    };
        return weight + weight / 20;
    }
}
