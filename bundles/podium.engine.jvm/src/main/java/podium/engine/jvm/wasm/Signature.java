package podium.engine.jvm.wasm;

/// A function's type; one letter for each value, see [Types].
public record Signature(String parameters, String results) {

    public static final Signature EMPTY = new Signature("", "");

    private static final String[] SINGLE = new String[128];

    static {
        for (char type : "IJFDWRXE".toCharArray()) SINGLE[type] = String.valueOf(type);
    }

    /// Of a block with one result.
    static Signature ofResult(char type) {
        return new Signature("", SINGLE[type]);
    }

    /// As the compiler has it: halves for vectors.
    public Signature halved() {
        if (parameters.indexOf('W') < 0 && results.indexOf('W') < 0) return this;
        return new Signature(Types.halved(parameters), Types.halved(results));
    }

    @Override
    public String toString() {
        return "(" + parameters + ")" + results;
    }
}
