package podium.engine;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The functions of the import module `podium.interpreter`, by which a guest that interprets
/// programs tells the engine where it is in them. Engines provide them themselves: [Imports] are
/// not asked, and [Module#imports()] does not list them. What each promises is in
/// docs/write-an-interpreter.md.
public enum InterpreterFunction {
    /// Returns its argument, the address of the next instruction.
    DISPATCH(1, 1),
    /// Returns its first argument, such an address; or goes on in the code whose number is the
    /// second.
    ENTER(2, 1),
    /// Whether this is specialised code.
    SPECIALISED(0, 1),
    /// Asks for code for the program from an address, of a length, to be entered at another.
    SPECIALISE(3, 1),
    /// Says that the bytes from an address, of a length, are no longer what they were.
    FORGET(2, 0);

    /// The name of their module.
    public static final String MODULE = "podium.interpreter";

    private final FunctionType type;

    InterpreterFunction(int parameters, int results) {
        type = new FunctionType(numbers(parameters), numbers(results));
    }

    private static List<ValueType> numbers(int count) {
        return Collections.nCopies(count, ValueType.I32);
    }

    /// The name of the import.
    public String importName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Takes and gives `i32`s.
    public FunctionType type() {
        return type;
    }

    /// The one that an import means, or null: of another name or type, it is an import like any
    /// other.
    public static @Nullable InterpreterFunction of(String module, String name, ExternType type) {
        if (!module.equals(MODULE)) return null;
        for (var one : values())
            if (one.importName().equals(name) && one.type.equals(type)) return one;
        return null;
    }
}
