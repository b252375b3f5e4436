package podium.engine.jvm.wasm;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The functions of module `podium.interpreter`, by which a guest that interprets programs tells
/// the engine where it is in them. See docs/write-an-interpreter.md.
public enum InterpreterImport {
    /// Returns its argument, the address of the next instruction.
    DISPATCH("I", "I"),
    /// Returns its first argument, such an address; or goes on in the code whose number is the
    /// second.
    ENTER("II", "I"),
    /// Whether this is specialised code.
    SPECIALISED("", "I"),
    /// Asks for code for the program from an address, of a length, to be entered at another.
    SPECIALISE("III", "I"),
    /// Says that the bytes from an address, of a length, are no longer what they were.
    FORGET("II", "");

    /// The name of their module.
    public static final String MODULE = "podium.interpreter";

    public final Signature signature;

    InterpreterImport(String parameters, String results) {
        signature = new Signature(parameters, results);
    }

    /// The one of a name and type, or null: then it is an import like any other.
    static @Nullable InterpreterImport of(String module, String name, Signature type) {
        if (!module.equals(MODULE)) return null;
        for (var one : values())
            if (one.name().toLowerCase(Locale.ROOT).equals(name) && one.signature.equals(type))
                return one;
        return null;
    }
}
