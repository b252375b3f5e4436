package podium.engine.jvm.emit;

import java.lang.classfile.Attributes;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LoadInstruction;
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

    /// What C1 spends of its 10,000 virtual registers ("out of virtual registers in linear scan"):
    /// the greater of two fits to what JDK 25 did with the methods of large programs, and a
    /// twentieth for what it spends where ways meet.
    private static int registers(CodeModel code) {
        int switches = 0;
        int straight = 0;
        for (var element : code) {
            switches += inSwitches(element);
            straight += inStraightCode(element);
        }
        int fitted = Math.max(switches + switches / 20, straight / 10);
        return fitted + fitted / 20;
    }

    /// Methods of many cases.
    private static int inSwitches(CodeElement element) {
        return switch (element) {
            case FieldInstruction _ -> 10;
            case StoreInstruction _ -> 6;
            case ConstantInstruction _ -> 2;
            case InvokeInstruction call -> isCheck(call) ? 4 : 0;
            case TableSwitchInstruction s -> 11 * s.cases().size();
            case LookupSwitchInstruction s -> 11 * s.cases().size();
            default -> 0;
        };
    }

    /// Methods of few, in tenths. The engine's own small methods are inlined.
    private static int inStraightCode(CodeElement element) {
        return switch (element) {
            case FieldInstruction _, StoreInstruction _ -> 35;
            case LoadInstruction _ -> 31;
            case ConstantInstruction _ -> 26;
            case BranchInstruction _ -> 43;
            case LabelTarget _ -> 47;
            case InvokeInstruction call -> isCheck(call) ? 35 : isOfGuest(call) ? 0 : 31;
            default -> 0;
        };
    }

    private static boolean isCheck(InvokeInstruction call) {
        return call.name().equalsString("checkIndex");
    }

    private static boolean isOfGuest(InvokeInstruction call) {
        var owner = call.owner().name().stringValue();
        return !owner.startsWith("podium/") && !owner.startsWith("java/");
    }
}
