package podium.engine.debug;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.engine.Trap.SourceLine;

/// The instructions whose lines are looked for, and those found so far.
final class Wanted {

    private final int[] offsets;
    private final int[] sorted;
    private final @Nullable SourceLine[] found;

    Wanted(int[] offsets) {
        this.offsets = offsets;
        sorted = Arrays.stream(offsets).sorted().distinct().toArray();
        found = new SourceLine[sorted.length];
    }

    /// The line of some instructions, made when it is wanted.
    interface Line {
        @Nullable SourceLine get();
    }

    /// The instructions from one offset up to another are of one line. What was said first counts.
    void range(long from, long end, Line line) {
        if (from >= end || sorted.length == 0) return;
        if (end <= sorted[0] || from > sorted[sorted.length - 1]) return;
        int first = Arrays.binarySearch(sorted, (int) Math.max(from, Integer.MIN_VALUE));
        for (int i = first < 0 ? -first - 1 : first; i < sorted.length && sorted[i] < end; i++)
            if (found[i] == null) found[i] = line.get();
    }

    /// In the order they were asked for.
    List<@Nullable SourceLine> lines() {
        var lines = new SourceLine[offsets.length];
        for (int i = 0; i < lines.length; i++)
            lines[i] = found[Arrays.binarySearch(sorted, offsets[i])];
        return Collections.unmodifiableList(Arrays.asList(lines));
    }
}
