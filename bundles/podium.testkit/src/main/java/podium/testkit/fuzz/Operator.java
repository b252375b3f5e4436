package podium.testkit.fuzz;

import java.util.ArrayList;
import java.util.List;
import podium.testkit.VectorInstruction;
import podium.testkit.WasmAssembler.Code;

/// An instruction that takes operands from the stack and leaves one result, with nothing but lanes
/// as immediates.
///
/// @param prefix 0 or 0xfc or 0xfd
/// @param operands a letter for each, as in [podium.testkit.WasmAssembler]
/// @param lanes how many lanes its immediate chooses from; 0 if it has none
/// @param nan whether a NaN that it makes may have any payload
record Operator(int prefix, int code, String operands, char result, int lanes, boolean nan) {

    /// Opcodes from, to, operands, result.
    private static final String SCALARS =
            """
            45 45 i i, 46 4f ii i, 50 50 l i, 51 5a ll i, 5b 60 ff i, 61 66 dd i, 67 69 i i, 6a 78 ii i,
            79 7b l l, 7c 8a ll l, 8b 91 f f, 92 98 ff f, 99 9f d d, a0 a6 dd d, a7 a7 l i, a8 a9 f i,
            aa ab d i, ac ad i l, ae af f l, b0 b1 d l, b2 b3 i f, b4 b5 l f, b6 b6 d f, b7 b8 i d,
            b9 ba l d, bb bb f d, bc bc f i, bd bd d l, be be i f, bf bf l d, c0 c1 i i, c2 c4 l l,
            fc00 fc01 f i, fc02 fc03 d i, fc04 fc05 f l, fc06 fc07 d l""";

    /// What the specification lets choose a NaN, among vector instructions.
    private static final String NAN_LANES =
            "ceil floor trunc nearest sqrt add sub mul div min max demote_f64x2_zero promote_low_f32x4";

    static List<Operator> scalars() {
        var operators = new ArrayList<Operator>();
        for (var row : SCALARS.split(",\\s+")) {
            var words = row.split(" ");
            int last = Integer.parseInt(words[1], 16);
            for (int code = Integer.parseInt(words[0], 16); code <= last; code++)
                operators.add(
                        new Operator(
                                code >> 8,
                                code & 0xff,
                                words[2],
                                words[3].charAt(0),
                                0,
                                isNanScalar(code)));
        }
        return operators;
    }

    private static boolean isNanScalar(int code) {
        return code >= 0x8d && code <= 0x97
                || code >= 0x9b && code <= 0xa5
                || code == 0xb6
                || code == 0xbb;
    }

    /// Those that have no memory and are not relaxed.
    static List<Operator> vectors() {
        var operators = new ArrayList<Operator>();
        for (var row : VectorInstruction.all()) {
            var name = row.name();
            if (row.result() == '-' || row.operands().isEmpty() || row.code() > 0xff) continue;
            if (name.startsWith("v128.load") || name.endsWith("shuffle")) continue;
            int lanes = name.contains("_lane") ? Integer.parseInt(name.split("[x._]")[1]) : 0;
            var operation = name.substring(name.indexOf('.') + 1);
            boolean nan = name.startsWith("f") && List.of(NAN_LANES.split(" ")).contains(operation);
            operators.add(new Operator(0xfd, row.code(), row.operands(), row.result(), lanes, nan));
        }
        return operators;
    }

    /// @param lane which one its immediate names, if it has one
    void write(Code code, int lane) {
        if (prefix == 0) code.raw(this.code);
        else code.raw(prefix).u(this.code);
        if (lanes > 0) code.raw(lane);
    }
}
