package podium.engine.jvm.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import podium.engine.jvm.ir.RegionSplitter.Manner;

class MethodSizesTest {

    private static final int WANTED = 1_000;
    private static final int LIMIT = 1_100;
    private static final int MANY = 30;

    /// Builds methods of as much weight as functions of their limits say until nothing is left to
    /// learn; the last build is the one that counts.
    private static int build(
            MethodSizes sizes, int growing, DoubleUnaryOperator hot, DoubleUnaryOperator other) {
        int builds = 0;
        boolean again = true;
        while (again) {
            assertTrue(++builds < MANY, "it does not end");
            again =
                    sizes.learn(
                            WANTED,
                            (int) hot.applyAsDouble(sizes.hot(WANTED)),
                            (int) other.applyAsDouble(sizes.other(WANTED)),
                            builds <= growing);
        }
        return builds;
    }

    @Test
    void whatFitsWholeStaysWhole() {
        var sizes = new MethodSizes(LIMIT, Manner.DEEP);
        assertEquals(WANTED, sizes.whole(WANTED), WANTED / 20.0);
        assertFalse(sizes.learn(WANTED, LIMIT, 0, true));
        assertEquals(WANTED, sizes.whole(WANTED), WANTED / 20.0);
    }

    @Test
    void whatDoesNotIsDividedForGood() {
        var sizes = new MethodSizes(LIMIT, Manner.DEEP);
        assertTrue(sizes.learn(WANTED, 2 * LIMIT, 0, true));
        assertEquals(0, sizes.whole(WANTED));
        build(sizes, 5, cost -> cost * 2, cost -> cost * 2);
        assertEquals(0, sizes.whole(WANTED));
        assertTrue(sizes.hot(WANTED) * 2 <= LIMIT);
    }

    @Test
    void bothGrowUntilTheyAreFull() {
        var sizes = new MethodSizes(LIMIT, Manner.DEEP);
        build(sizes, 9, cost -> cost * 0.6, cost -> cost * 0.9);
        assertEquals(WANTED, sizes.hot(WANTED) * 0.6, WANTED / 10.0);
        assertEquals(WANTED, sizes.other(WANTED) * 0.9, WANTED / 10.0);
    }

    /// Growth that leads beyond the limit is taken back, whatever comes of it in between.
    @Test
    void theLastOneFits() {
        for (double jump : new double[] {1.1, 1.3, 2, 4}) {
            var sizes = new MethodSizes(LIMIT, Manner.DEEP);
            DoubleUnaryOperator jumpy = cost -> cost > 1_050 ? cost * jump : cost * 0.7;
            build(sizes, 4, jumpy, cost -> cost * 0.8);
            assertTrue(jumpy.applyAsDouble(sizes.hot(WANTED)) <= LIMIT, "after " + jump);
        }
    }

    @Test
    void whatCannotGrowIsNotTriedForLong() {
        assertTrue(
                build(new MethodSizes(LIMIT, Manner.DEEP), 20, cost -> 300, cost -> WANTED) <= 4);
    }

    /// Of smaller methods there are more, all of which are called somewhere.
    @Test
    void whereSmallerOnesDoNotFitLargerOnesMay() {
        var sizes = new MethodSizes(LIMIT, Manner.DEEP);
        DoubleUnaryOperator other =
                cost ->
                        sizes.manner() == Manner.DEEP
                                ? 3 * LIMIT
                                : cost < 700 ? 1_000_000 / cost : cost;
        build(sizes, 0, cost -> 100, other);
        assertEquals(Manner.SHARING, sizes.manner());
        assertTrue(other.applyAsDouble(sizes.other(WANTED)) <= LIMIT);
    }

    @Test
    void whatCannotShrinkIsGivenUp() {
        var sizes = new MethodSizes(LIMIT, Manner.DEEP);
        int builds = 0;
        while (sizes.learn(WANTED, 5_000, 5_000, true)) assertTrue(++builds < MANY);
        assertEquals(Manner.SHARING, sizes.manner());
        assertTrue(sizes.hot(1) > 0, "a limit of nothing");
    }
}
