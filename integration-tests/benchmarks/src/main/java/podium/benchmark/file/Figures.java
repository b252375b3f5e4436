package podium.benchmark.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How long operations took, round by round.
final class Figures {

    private final Map<String, List<Double>> microseconds = new LinkedHashMap<>();

    /// Times so many operations of a name, as one more round.
    void time(String name, int operations, Action action) throws IOException {
        long from = System.nanoTime();
        action.run();
        long took = System.nanoTime() - from;
        microseconds.computeIfAbsent(name, _ -> new ArrayList<>()).add(took / 1e3 / operations);
    }

    /// A line for each name, with the median.
    void print() {
        microseconds.forEach(
                (name, times) -> {
                    Collections.sort(times);
                    System.out.println(name + " " + times.get(times.size() / 2));
                });
    }

    interface Action {
        void run() throws IOException;
    }
}
