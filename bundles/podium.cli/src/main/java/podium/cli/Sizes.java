package podium.cli;

import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Sizes in bytes, with `k`, `m` or `g` behind them for the powers of 1024.
final class Sizes implements ITypeConverter<Long> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,10})([kmg]?)");

    @Override
    public Long convert(String text) {
        var form = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (!form.matches())
            throw new TypeConversionException("'" + text + "' is no size such as 512m");
        int power = "kmg".indexOf(form.group(2)) + (form.group(2).isEmpty() ? 0 : 1);
        try {
            return Math.multiplyExact(Long.parseLong(form.group(1)), 1L << (10 * power));
        } catch (ArithmeticException e) {
            throw new TypeConversionException("'" + text + "' is more than there can be");
        }
    }
}
