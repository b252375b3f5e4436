package podium.cli;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Signals by name, with or without `SIG`, or by number (signal(7), asm-generic).
final class SignalName implements ITypeConverter<Integer> {

    static final int HUP = 1;
    static final int TERM = 15;
    private static final int LAST = 64;

    private static final List<String> NAMES =
            List.of(
                    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1",
                    "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP",
                    "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO",
                    "PWR", "SYS");

    @Override
    public Integer convert(String text) {
        int number = text.matches("\\d{1,2}") ? Integer.parseInt(text) : named(text);
        if (number < 1 || number > LAST)
            throw new TypeConversionException("'" + text + "' is no signal");
        return number;
    }

    private static int named(String text) {
        return 1 + NAMES.indexOf(text.toUpperCase(Locale.ROOT).replaceFirst("^SIG", ""));
    }
}
