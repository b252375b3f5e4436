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

    /// The same in another manner: ways out, which are not in the estimates, are what did not fit.
    private static final double MODEST = 0.55;

    /// Growth by less than this is not tried, by more not at once.
    private static final double WORTHWHILE = 1.04;

    private static final double STEP = 1.5;

    /// Functions that need a smaller share of the wanted size are left as they are.
    private static final double LEAST_SHARE = 0.1;

    private static final double GREATEST_SHARE = 2.5;

    /// Divisions that did not fit after which another manner is tried, or none.
    private static final int FAILURES = 7;

    /// A method so many times too heavy is so for its ways out, of which there are more the smaller
    /// methods are.
    private static final int HOPELESS = 4;

    /// What a division that does not fit must weigh of the one before, for smaller ones to be
    /// tried.
    private static final double PROGRESS = 0.92;

    /// The greatest weight of a method.
    private final int limit;

    private Manner manner;

    /// Divisions in this manner that did not fit, and what the heaviest method of the last weighed.
    private int failures;

    private int failed = Integer.MAX_VALUE;

    /// What larger methods had as a share when they were tried last, or 0.
    private double enlarged;

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
    ///
    /// @return whether there is one
    private boolean changeManner() {
        if (manner == Manner.SHARING) return false;
        manner = Manner.SHARING;
        failures = 0;
        failed = Integer.MAX_VALUE;
        hot.value = MODEST;
        other.value = MODEST;
        return true;
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
        if (!fitted) return shrink(grow);
        if (grow) {
            hot.retreat();
            other.retreat();
        } else {
            hot.value = hot.fits;
            other.value = other.fits;
        }
        return true;
    }

    /// @param patient whether there is time for divisions that look hopeless
    private boolean shrink(boolean patient) {
        divided = true;
        int before = failed;
        boolean whole = other.weight == 0;
        if (whole) other.weight = hot.weight;
        else failed = Math.max(hot.weight, other.weight);
        boolean stuck =
                !whole && !patient && (failed > HOPELESS * limit || failed > PROGRESS * before);
        if (++failures == FAILURES) return changeManner();
        if (stuck) return manner == Manner.SHARING ? enlarge() : changeManner();
        hot.shrink();
        other.shrink();
        return Math.max(hot.value, other.value) >= LEAST_SHARE || changeManner();
    }

    /// Where smaller methods do not help, fewer may: each of them is called somewhere.
    ///
    /// @return whether that was not tried yet
    private boolean enlarge() {
        if (enlarged == FIRST) return false;
        enlarged = enlarged == 0 ? (MODEST + FIRST) / 2 : FIRST;
        hot.value = enlarged;
        other.value = enlarged;
        return true;
    }

    /// Makes all methods smaller: together they exceed what a class holds.
    ///
    /// @return whether another build is worth it
    boolean shrinkAll() {
        divided = true;
        if (changeManner()) return true;
        hot.value *= 0.5;
        other.value *= 0.5;
        return Math.max(hot.value, other.value) >= LEAST_SHARE;
    }
}
