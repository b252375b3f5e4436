package podium.engine.jvm.ir;

/// The two halves of a vector on the operand stack.
record Halves(Expr low, Expr high) {

    static Halves constant(long low, long high) {
        return new Halves(bits(low, 'L'), bits(high, 'H'));
    }

    static Expr bits(long bits, char type) {
        return Expr.constant(podium.engine.jvm.wasm.Opcodes.I64_CONST, type, bits);
    }

    Expr half(int index) {
        return index == 0 ? low : high;
    }
}
