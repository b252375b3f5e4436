package podium.engine.jvm.ir;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `i8x16.shuffle`: each half of the result is gathered from the four halves of the operands, the
/// bytes that move by the same distance together.
final class Shuffle {

    private static final int I64_OR = 0x84;

    private final Expr[] sources;
    private final int[] bytes;

    /// @param bytes of the two operands that lie on the stack, in the result's order
    Shuffle(VectorStack vectors, int[] bytes) {
        this.bytes = bytes;
        vectors.settle(4);
        var second = vectors.popHalves();
        var first = vectors.popHalves();
        sources =
                new Expr[] {
                    used(vectors, first.low(), 0),
                    used(vectors, first.high(), 1),
                    used(vectors, second.low(), 2),
                    used(vectors, second.high(), 3)
                };
    }

    private Expr used(VectorStack vectors, Expr half, int source) {
        for (int b : bytes) if (b >> 3 == source) return vectors.movable(half);
        return half;
    }

    Halves apply() {
        return new Halves(gather(0), gather(8));
    }

    private Expr gather(int from) {
        @Nullable Expr result = null;
        for (int source = 0; source < sources.length; source++)
            for (int distance = -7; distance <= 7; distance++) {
                long mask = moved(from, source, distance);
                if (mask == 0) continue;
                if (mask == -1) return sources[source];
                var term = term(sources[source], distance, mask);
                result = result == null ? term : or(result, term);
            }
        return Objects.requireNonNull(result);
    }

    private static Expr or(Expr a, Expr b) {
        return new Expr(I64_OR, 'J').operands(a, b).sealed();
    }

    /// The bytes of a half of the result that come from a source and lie `distance` further up.
    private long moved(int from, int source, int distance) {
        long mask = 0;
        for (int i = 0; i < 8; i++) {
            int b = bytes[from + i];
            if (b >> 3 == source && i - (b & 7) == distance) mask |= 0xffL << 8 * i;
        }
        return mask;
    }

    /// The bytes of a source that move by a distance.
    private static Expr term(Expr source, int distance, long mask) {
        return new Expr(Expr.BYTES, 'J').index(8 * distance).imm(mask).operands(source).sealed();
    }
}
