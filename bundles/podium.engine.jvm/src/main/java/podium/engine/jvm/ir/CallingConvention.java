package podium.engine.jvm.ir;

import podium.engine.jvm.wasm.Signature;
import podium.engine.jvm.wasm.Types;

/// Which parameters of a function are Java parameters. A Java method takes 255 words; what exceeds
/// that passes through fields of the State, as several results do. Callers evaluate all before they
/// store the first.
///
/// @param signature with halves for vectors
/// @param passed how many parameters, from the first, are Java parameters
public record CallingConvention(Signature signature, int passed) {

    /// Words for parameters, less the engine's own.
    private static final int MAX_WORDS = 250;

    public static CallingConvention of(Signature signature) {
        var halved = signature.halved();
        var types = halved.parameters();
        int words = 0;
        for (int i = 0; i < types.length(); i++) {
            words += Types.slots(types.charAt(i));
            if (words > MAX_WORDS) return new CallingConvention(halved, i);
        }
        return new CallingConvention(halved, types.length());
    }

    public boolean usesFields() {
        return passed < signature.parameters().length();
    }

    /// Types of the Java parameters.
    public String inMethod() {
        return signature.parameters().substring(0, passed);
    }

    /// Types of the parameters in fields.
    public String inFields() {
        return signature.parameters().substring(passed);
    }
}
