package podium.testkit.fuzz;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import podium.testkit.VectorInstruction;

/// All operators, by what they leave.
final class Operators {

    private static final List<Operator> ALL =
            Stream.concat(Operator.scalars().stream(), Operator.vectors().stream()).toList();

    private static final Map<String, List<Operator>> KNOWN = new ConcurrentHashMap<>();

    private static final List<Integer> WIDE =
            VectorInstruction.all().stream()
                    .filter(i -> i.name().startsWith("f64x2"))
                    .map(VectorInstruction::code)
                    .toList();

    private Operators() {}

    /// @param letters of the types that they may have
    static List<Operator> of(char result, String letters) {
        return KNOWN.computeIfAbsent(
                result + letters,
                key ->
                        ALL.stream()
                                .filter(o -> o.result() == result)
                                .filter(
                                        o ->
                                                o.operands()
                                                        .chars()
                                                        .allMatch(c -> letters.indexOf(c) >= 0))
                                .toList());
    }

    /// Whether the lanes of its result are f32.
    static boolean hasNarrowLanes(Operator vector) {
        return !WIDE.contains(vector.code());
    }
}
