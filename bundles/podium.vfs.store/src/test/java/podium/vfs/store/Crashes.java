package podium.vfs.store;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import podium.vfs.store.RecordingDisk.Content;
import podium.vfs.store.RecordingDisk.Step;

/// What a disk may hold after a crash: all that was forced, and of the rest any part, in any
/// combination, writes torn or not.
final class Crashes {

    /// Of so many steps that were not forced, every combination is tried.
    private static final int ALL = 5;

    private final Map<String, byte[]> before;
    private final Map<String, Content> originals;
    private final List<Step> steps;
    private final Consumer<Map<String, byte[]>> action;

    private Crashes(
            Map<String, byte[]> before,
            Map<String, Content> originals,
            List<Step> steps,
            Consumer<Map<String, byte[]>> action) {
        this.before = before;
        this.originals = originals;
        this.steps = steps;
        this.action = action;
    }

    /// Tries what a crash behind some steps can leave.
    ///
    /// @param before the files at first, durable
    /// @param originals the same ones as the steps refer to them
    static void after(
            Map<String, byte[]> before,
            Map<String, Content> originals,
            List<Step> steps,
            Consumer<Map<String, byte[]>> action) {
        new Crashes(before, originals, steps, action).all();
    }

    private void all() {
        var loose = loose();
        int count = loose.size();
        var sets = new ArrayList<BitSet>();
        if (count <= ALL)
            for (long set = 0; set < 1L << count; set++) sets.add(BitSet.valueOf(new long[] {set}));
        else
            for (int i = 0; i <= count; i++) {
                var first = new BitSet();
                first.set(0, i);
                sets.add(first);
                if (i == count) break;
                var one = new BitSet();
                one.set(i);
                sets.add(one);
                var but = new BitSet();
                but.set(0, count);
                but.clear(i);
                sets.add(but);
            }
        for (var set : sets) action.accept(state(loose, set, -1, 0, false));
        for (int i = 0; i < count; i++) {
            var alone = new BitSet();
            alone.set(i);
            var with = new BitSet();
            with.set(0, count);
            for (var set : List.of(alone, with))
                for (int at : tears(steps.get(loose.get(i))))
                    for (boolean end : new boolean[] {false, true})
                        action.accept(state(loose, set, loose.get(i), at, end));
        }
    }

    /// Where a write may be torn: in its middle, and between its pages.
    private static Set<Integer> tears(Step step) {
        var tears = new TreeSet<Integer>();
        if (!(step instanceof Step.Write write)) return tears;
        tears.add(write.bytes().length / 2);
        for (int at = Extent.PAGE; at < write.bytes().length; at += Extent.PAGE) tears.add(at);
        return tears;
    }

    /// The steps that were not forced.
    private List<Integer> loose() {
        var loose = new ArrayList<Integer>();
        var forced = new IdentityHashMap<Content, Boolean>();
        boolean names = false;
        for (int i = steps.size() - 1; i >= 0; i--)
            switch (steps.get(i)) {
                case Step.Force force -> forced.put(force.file(), true);
                case Step.ForceNames _ -> names = true;
                case Step.Write write -> {
                    if (!forced.containsKey(write.file())) loose.addFirst(i);
                }
                default -> {
                    if (!names) loose.addFirst(i);
                }
            }
        return loose;
    }

    /// @param kept which of the loose steps happened
    /// @param torn the one of which only a part happened, or -1
    /// @param at where it is torn
    /// @param end whether that is the second part
    private Map<String, byte[]> state(
            List<Integer> loose, BitSet kept, int torn, int at, boolean end) {
        var dropped = new BitSet();
        for (int i = 0; i < loose.size(); i++) if (!kept.get(i)) dropped.set(loose.get(i));
        var files = new IdentityHashMap<Content, Content>();
        var names = new TreeMap<String, Content>();
        before.forEach(
                (name, bytes) -> {
                    var copy = new Content();
                    copy.write(0, bytes, 0, bytes.length);
                    names.put(name, copy);
                });
        originals.forEach((name, original) -> files.put(original, names.get(name)));
        for (int i = 0; i < steps.size(); i++) {
            if (dropped.get(i)) continue;
            switch (steps.get(i)) {
                case Step.Create create ->
                        names.put(
                                create.name(),
                                files.computeIfAbsent(create.file(), _ -> new Content()));
                case Step.Write write -> {
                    int length = write.bytes().length;
                    int from = i == torn && end ? at : 0;
                    int to = i == torn && !end ? at : length;
                    files.computeIfAbsent(write.file(), _ -> new Content())
                            .write(write.position(), write.bytes(), from, to);
                }
                case Step.Delete delete -> names.remove(delete.name());
                case Step.Rename rename -> {
                    var moved = names.remove(rename.from());
                    if (moved != null) names.put(rename.to(), moved);
                }
                default -> {}
            }
        }
        var state = new TreeMap<String, byte[]>();
        names.forEach((name, content) -> state.put(name, content.copy()));
        return state;
    }
}
