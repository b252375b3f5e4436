package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_Integer;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_char;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.MethodTypeDesc;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.ir.Block;
import podium.engine.jvm.ir.Junction;
import podium.engine.jvm.ir.Region;

/// The cases of a switch by which control leaves a method through a junction. Where there are many,
/// the number of the exit is looked up in a string, since each case of a switch costs C1 registers.
///
/// @param numbers of exits, by case; 0 for cases that do something else
record ExitTable(Junction junction, String numbers) {

    /// Cases from which on a table is worth it.
    private static final int LEAST = 48;

    /// What fits into a constant, at three bytes a number.
    private static final int MOST = 20_000;

    /// Numbers beyond are no characters of their own.
    private static final int GREATEST = Character.MIN_SURROGATE - 1;

    private static final MethodTypeDesc COMPARE = MethodTypeDesc.of(CD_int, CD_int, CD_int);
    private static final MethodTypeDesc CHAR_AT = MethodTypeDesc.of(CD_char, CD_int);

    /// The table of a switch, or null if it should have none.
    static @Nullable ExitTable of(Region region, Block block) {
        int cases = block.successors.length - 1;
        if (region.group == null || cases < LEAST || cases > MOST) return null;
        var counts = new LinkedHashMap<Junction, Integer>();
        for (int i = 0; i < cases; i++) {
            var junction = junction(region, block.successors[i]);
            if (junction != null) counts.merge(junction, 1, Integer::sum);
        }
        return counts.entrySet().stream()
                .filter(e -> e.getValue() >= LEAST)
                .max(Map.Entry.comparingByValue())
                .map(e -> new ExitTable(e.getKey(), numbers(region, block, e.getKey())))
                .orElse(null);
    }

    private static String numbers(Region region, Block block, Junction junction) {
        var numbers = new StringBuilder();
        for (int i = 0; i < block.successors.length - 1; i++) {
            var next = block.successors[i];
            boolean leaves = junction(region, next) == junction;
            numbers.append((char) (leaves ? region.caller().exit(next) : 0));
        }
        return numbers.toString();
    }

    private static @Nullable Junction junction(Region region, Block next) {
        if (next.region.within(region)) return null;
        var junction = region.caller().junction(next);
        return junction == null || region.caller().exit(next) > GREATEST ? null : junction;
    }

    boolean has(int number) {
        return numbers.charAt(number) != 0;
    }

    /// @param selector the variable with the number of the case
    /// @param leave where the method is left, with the number of the exit on the stack
    void emit(CodeBuilder code, int selector, Label leave, Label fallback) {
        code.iload(selector);
        code.loadConstant(numbers.length());
        code.invokestatic(CD_Integer, "compareUnsigned", COMPARE);
        code.ifge(fallback);
        code.ldc(numbers);
        code.iload(selector);
        code.invokevirtual(CD_String, "charAt", CHAR_AT);
        code.dup();
        code.ifne(leave);
        code.pop();
        code.goto_(fallback);
    }
}
