package podium.engine.jvm.wasm;

/// A function's type; one letter for each value, see [Types].
public record Signature(String parameters, String results) {

    public static final Signature EMPTY = new Signature("", "");

    @Override
    public String toString() {
        return "(" + parameters + ")" + results;
    }
}
