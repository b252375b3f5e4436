package podium.engine.jvm.emit;

import podium.engine.jvm.ir.RegionSplitter.Manner;

/// How large the methods of one function are made, as shares of the wanted size: the one with the
/// code that runs most, and the others. Learnt by building.
final class MethodSizes {

    /// A division whose largest method has this share of the wanted size is good enough.
    private static final double FULL = 0.935;

    /// What is aimed at in between.
    private static final double AIM = 0.968;

    /// What is aimed at first, since code is up to a tenth larger than estimated.
    private static final double FIRST = 0.92;

    /// Growth by less than this is not tried, by more not at once.
    private static final double WORTHWHILE = 1.04;

    private static final double STEP = 1.5;

    /// Functions that need a smaller share of the wanted size are left as they are.
    private static final double LEAST_SHARE = 0.1;

    private static final double GREATEST_SHARE = 2.5;

    /// Divisions that did not fit after which another manner is tried.
    private static final int FAILURES = 5;

    /// The greatest weight of a method.
    private final int limit;

    private Manner manner;

    private int failures;

    private final Share hot = new Share();
    private final Share other = new Share();

    /// Whether it does not fit into one method.
    private boolean divided;

    /// Whether any division fitted.
    private boolean fitted;

    private final class Share {

        double value = FIRST;

        /// Of the last division that fitted.
        double fits;

        /// The least that did not, or of which nothing more came.
        double exceeds = Double.MAX_VALUE;

        /// Weight of the largest method when it was looked at last.
        int weight;

        boolean tooLarge() {
            return weight > limit;
        }

        void grow(int wanted, int before) {
            if (weight >= FULL * wanted) return;
            if (value > fits && weight == before) exceeds = Math.min(exceeds, value);
            fits = value;
            double next = value * Math.min(STEP, AIM * wanted / weight);
            if (exceeds < Double.MAX_VALUE) next = Math.min(next, (value + exceeds) / 2);
            next = Math.min(next, GREATEST_SHARE);
            if (next >= value * WORTHWHILE) value = next;
        }

        void shrink() {
            if (tooLarge()) value *= Math.min(0.8, AIM * limit / weight);
        }

        /// Goes half way back to what fitted.
        void retreat() {
            if (!tooLarge()) return;
            exceeds = Math.min(exceeds, value);
            value = (fits + value) / 2;
        }
    }

    /// @param limit greatest weight of a method
    /// @param manner to begin with
    MethodSizes(int limit, Manner manner) {
        this.limit = limit;
        this.manner = manner;
    }

    /// Begins anew with the next manner.
    private void changeManner() {
        manner = manner.next();
        hot.value = FIRST;
        other.value = FIRST;
    }

    Manner manner() {
        return manner;
    }

    /// What a function may take that is not divided.
    int whole(int wanted) {
        return divided ? 0 : (int) (AIM * wanted);
    }

    int hot(int wanted) {
        return Math.max(1, (int) (hot.value * wanted));
    }

    int other(int wanted) {
        return Math.max(1, (int) (other.value * wanted));
    }

    /// Learns from a build.
    ///
    /// @param wanted weight of a method
    /// @param hotWeight of the method with the code that runs most
    /// @param otherWeight of the heaviest other one, 0 if there is none
    /// @param grow whether larger methods may be tried
    /// @return whether another build is worth it
    boolean learn(int wanted, int hotWeight, int otherWeight, boolean grow) {
        int hotBefore = hot.weight;
        int otherBefore = other.weight;
        hot.weight = hotWeight;
        other.weight = otherWeight;
        if (hot.tooLarge() || other.tooLarge()) return tooLarge(grow);
        double hotShare = hot.value;
        double otherShare = other.value;
        boolean whole = otherWeight == 0;
        if (grow && !whole) {
            hot.grow(wanted, hotBefore);
            other.grow(wanted, otherBefore);
        }
        hot.fits = hotShare;
        other.fits = otherShare;
        fitted = true;
        return hot.value != hotShare || other.value != otherShare;
    }

    private boolean tooLarge(boolean grow) {
        if (!fitted) return shrink();
        if (grow) {
            hot.retreat();
            other.retreat();
        } else {
            hot.value = hot.fits;
            other.value = other.fits;
        }
        return true;
    }

    private boolean shrink() {
        if (++failures % FAILURES == 0) changeManner();
        if (!divided) {
            divided = true;
            if (other.weight == 0) other.weight = hot.weight;
        }
        hot.shrink();
        other.shrink();
        return Math.max(hot.value, other.value) >= LEAST_SHARE;
    }

    /// Makes all methods smaller: together they exceed what a class holds.
    ///
    /// @return whether another build is worth it
    boolean shrinkAll() {
        divided = true;
        if (manner != Manner.SHARING) {
            changeManner();
            return true;
        }
        hot.value *= 0.5;
        other.value *= 0.5;
        return Math.max(hot.value, other.value) >= LEAST_SHARE;
    }
}
