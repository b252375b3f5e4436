package podium.engine.jvm.wasm;

import java.util.Arrays;

/// The types on the operand stack during validation (core specification, appendix "Validation
/// algorithm").
final class OperandStack {

    private char[] types = new char[64];
    private int size;
    private int pushed;
    private int deepest;

    int size() {
        return size;
    }

    void push(char type) {
        if (size == types.length) types = Arrays.copyOf(types, size * 2);
        types[size++] = type;
        pushed++;
        if (size > deepest) deepest = size;
    }

    /// How many types were pushed so far.
    int pushed() {
        return pushed;
    }

    /// How many there were at most.
    int deepest() {
        return deepest;
    }

    char pop() {
        return types[--size];
    }

    void truncate(int size) {
        this.size = size;
    }
}
