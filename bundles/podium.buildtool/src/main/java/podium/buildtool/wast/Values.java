package podium.buildtool.wast;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import podium.buildtool.wast.Form.Group;
import podium.engine.Function;
import podium.engine.V128;

/// Arguments and expected results of a script.
final class Values {

    private Values() {}

    /// An external reference; the number tells it from others.
    record External(long number) {}

    /// An argument such as `(i32.const 1)`.
    ///
    /// @throws IllegalArgumentException it has no value that a host can give
    static @Nullable Object argument(Group form) {
        var word = form.word(1);
        return switch (form.head()) {
            case "i32.const" -> (int) Numbers.integer(word, 32);
            case "i64.const" -> Numbers.integer(word, 64);
            case "f32.const" -> Float.intBitsToFloat(Numbers.f32(word));
            case "f64.const" -> Double.longBitsToDouble(Numbers.f64(word));
            case "v128.const" -> vector(form);
            case "ref.null" -> null;
            case "ref.extern", "ref.host" -> new External(Numbers.integer(word, 32));
            default -> throw new IllegalArgumentException("no value: " + form.head());
        };
    }

    private static V128 vector(Group form) {
        var shape = Shape.of(form.word(1));
        long[] halves = new long[2];
        for (int i = 0; i < shape.lanes(); i++) {
            long bits = shape.bits(form.word(i + 2)) & shape.mask();
            int position = i * shape.width();
            halves[position >> 6] |= bits << (position & 63);
        }
        return new V128(halves[0], halves[1]);
    }

    /// How a vector is cut into lanes.
    private record Shape(char kind, int width, int lanes) {

        static Shape of(String name) {
            int x = name.indexOf('x');
            return new Shape(
                    name.charAt(0),
                    Integer.parseInt(name.substring(1, x)),
                    Integer.parseInt(name.substring(x + 1)));
        }

        long mask() {
            return -1L >>> (64 - width);
        }

        long bits(String word) {
            if (kind == 'i') return Numbers.integer(word, width);
            return width == 32 ? Numbers.f32(word) : Numbers.f64(word);
        }

        long lane(V128 vector, int index) {
            int position = index * width;
            return (position < 64 ? vector.low() : vector.high()) >>> (position & 63) & mask();
        }
    }

    /// Whether a result is one that the script expects.
    static boolean matches(Group expected, @Nullable Object actual) {
        var word = expected.word(1);
        return switch (expected.head()) {
            case "i32.const", "i64.const" -> Objects.equals(argument(expected), actual);
            case "f32.const" ->
                    actual instanceof Float f && float32(word, Float.floatToRawIntBits(f));
            case "f64.const" ->
                    actual instanceof Double d && float64(word, Double.doubleToRawLongBits(d));
            case "v128.const" -> actual instanceof V128 v && vector(expected, v);
            case "ref.null" -> actual == null;
            case "ref.func" -> actual instanceof Function;
            case "ref.exn" -> actual != null;
            case "ref.extern", "ref.host" ->
                    word.isEmpty() ? actual != null : Objects.equals(argument(expected), actual);
            case "either" ->
                    expected.items().subList(1, expected.items().size()).stream()
                            .anyMatch(form -> matches((Group) form, actual));
            default -> throw new IllegalArgumentException("no result: " + expected.head());
        };
    }

    static boolean matches(List<Group> expected, Object[] actual) {
        if (expected.size() != actual.length) return false;
        for (int i = 0; i < actual.length; i++)
            if (!matches(expected.get(i), actual[i])) return false;
        return true;
    }

    private static boolean vector(Group expected, V128 actual) {
        var shape = Shape.of(expected.word(1));
        for (int i = 0; i < shape.lanes(); i++) {
            var word = expected.word(i + 2);
            long lane = shape.lane(actual, i);
            boolean same =
                    shape.kind() == 'i'
                            ? (shape.bits(word) & shape.mask()) == lane
                            : shape.width() == 32 ? float32(word, (int) lane) : float64(word, lane);
            if (!same) return false;
        }
        return true;
    }

    private static boolean float32(String word, int bits) {
        return switch (word) {
            case "nan:canonical" -> (bits & 0x7fff_ffff) == 0x7fc0_0000;
            case "nan:arithmetic" -> (bits & 0x7fc0_0000) == 0x7fc0_0000;
            default -> Numbers.f32(word) == bits;
        };
    }

    private static boolean float64(String word, long bits) {
        return switch (word) {
            case "nan:canonical" -> (bits & Long.MAX_VALUE) == 0x7ff8_0000_0000_0000L;
            case "nan:arithmetic" -> (bits & 0x7ff8_0000_0000_0000L) == 0x7ff8_0000_0000_0000L;
            default -> Numbers.f64(word) == bits;
        };
    }
}
