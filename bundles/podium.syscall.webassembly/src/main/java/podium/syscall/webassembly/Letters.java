package podium.syscall.webassembly;

import java.util.ArrayList;
import java.util.List;
import podium.engine.FunctionType;
import podium.engine.ValueType;
import podium.syscall.Errno;

/// Types as the guest writes them: a letter for each value type, `ij:d` for a function.
final class Letters {

    private static final String ALL = "ijfdvrxe";

    private Letters() {}

    static char of(ValueType type) {
        return ALL.charAt(type.ordinal());
    }

    static String of(FunctionType type) {
        var text = new StringBuilder();
        for (var parameter : type.parameters()) text.append(of(parameter));
        text.append(':');
        for (var result : type.results()) text.append(of(result));
        return text.toString();
    }

    /// @throws podium.syscall.ErrnoException `EINVAL` when there is no such type
    static ValueType value(int letter) {
        int index = ALL.indexOf(letter);
        if (index < 0) throw Errno.EINVAL.exception();
        return ValueType.values()[index];
    }

    /// @throws podium.syscall.ErrnoException `EINVAL` when it is no type
    static FunctionType function(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) throw Errno.EINVAL.exception();
        return new FunctionType(
                values(text.substring(0, colon)), values(text.substring(colon + 1)));
    }

    private static List<ValueType> values(String letters) {
        var types = new ArrayList<ValueType>();
        for (char letter : letters.toCharArray()) types.add(value(letter));
        return types;
    }
}
