package podium.engine.jvm.wasm;

import java.util.Set;
import java.util.TreeSet;

/// Finds the functions of a module that may be interpreters.
public final class InterpreterBodies {

    private InterpreterBodies() {}

    /// The indices of functions with bytes that look like a call of `enter`;
    /// others may be among them.
    public static Set<Integer> in(WasmModule module) {
        var found = new TreeSet<Integer>();
        int callee = module.enterFunction();
        if (callee < 0) return found;
        for (int i = 0; i < module.bodies.size(); i++)
            if (calls(module.bytes, module.bodies.get(i), callee))
                found.add(module.importedFunctions + i);
        return found;
    }

    private static boolean calls(byte[] bytes, WasmModule.Body body, int callee) {
        for (int i = body.start(); i < body.end(); i++)
            if (bytes[i] == Opcodes.CALL && number(bytes, i + 1, body.end()) == callee) return true;
        return false;
    }

    /// LEB128 (core specification, section 5.2.2), or -1.
    private static long number(byte[] bytes, int at, int end) {
        long value = 0;
        for (int shift = 0; shift < Integer.SIZE && at < end; shift += 7) {
            int next = bytes[at++];
            value |= (next & 0x7fL) << shift;
            if (next >= 0) return value;
        }
        return -1;
    }
}
