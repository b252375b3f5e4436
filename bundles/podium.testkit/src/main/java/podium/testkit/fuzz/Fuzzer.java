package podium.testkit.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import podium.engine.Engine;
import podium.engine.Engine.Feature;
import podium.testkit.fuzz.Execution.Outcome;

/// Gives random modules, valid and broken ones, to engines: each must end as the contract says, and
/// all engines must agree.
///
/// A case is a number. The same number makes the same module, of the same features.
public final class Fuzzer {

    /// What engines may differ in: limits of their own, and features only one of them has.
    private static final Pattern REFUSAL =
            Pattern.compile(
                    "needs .*, which the engine .* does not support|unsupported: |legacy and new|too complex"
                            + "|too large|limit");

    private static final int CODE_SECTION = 10;

    /// Of cases, in nanoseconds.
    private static final long SLOW = 60_000_000_000L;

    private final List<Engine> engines;
    private final Set<Feature> features;
    private final Path folder;
    private final List<byte[]> samples;

    private int refused;
    private int compared;

    /// @param folder for the module of the case that runs, so that it is there even if the JVM ends
    /// @param samples modules to be broken, beside random ones; may be none
    public Fuzzer(List<Engine> engines, Path folder, List<byte[]> samples) {
        this.engines = List.copyOf(engines);
        this.folder = folder;
        this.samples = List.copyOf(samples);
        features = EnumSet.allOf(Feature.class);
        for (var engine : engines) features.retainAll(engine.features());
    }

    /// How many modules were invalid to all engines.
    public int refused() {
        return refused;
    }

    /// How many were run to an end and found to do the same everywhere.
    public int compared() {
        return compared;
    }

    /// Runs a case.
    ///
    /// @throws Defect an engine does wrong; the module is in the folder, named by the case
    public void run(long number) {
        var random = new Random(number);
        boolean broken = random.nextInt(100) < 60;
        byte[] module;
        if (broken && !samples.isEmpty() && random.nextBoolean())
            module = samples.get(random.nextInt(samples.size()));
        else module = RandomModule.of(number, features);
        if (broken) module = Mutation.of(module, random);
        write("current.wasm", module);
        try {
            run(module, number, broken);
        } catch (Defect defect) {
            write(number + ".wasm", module);
            throw defect;
        }
    }

    private void write(String name, byte[] module) {
        try {
            Files.write(folder.resolve(name), module);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Runs a module.
    ///
    /// @param seed of what it is called with
    /// @param broken whether it may be invalid, and may do what the specification leaves open
    public void run(byte[] module, long seed, boolean broken) {
        Outcome first = null;
        for (var engine : engines) {
            long start = System.nanoTime();
            var outcome =
                    Execution.of(engine, module, seed, first == null ? null : first.snapshot());
            if (System.nanoTime() - start > SLOW)
                throw new Defect(engine.name() + " takes longer than a minute", null);
            if (!broken && outcome.refusal() != null && !isPermitted(outcome))
                throw new Defect(
                        engine.name() + " refuses a valid module: " + outcome.refusal(), null);
            if (first == null) first = outcome;
            else compare(engine, first, outcome, !broken || isExact(module));
        }
        if (first != null && first.refusal() != null) refused++;
        else compared++;
    }

    private static boolean isPermitted(Outcome outcome) {
        return outcome.refusal() != null && REFUSAL.matcher(outcome.refusal()).find();
    }

    private void compare(Engine engine, Outcome first, Outcome other, boolean exact) {
        if (isPermitted(first) || isPermitted(other)) return;
        var names = engines.getFirst().name() + " and " + engine.name();
        if ((first.refusal() == null) != (other.refusal() == null))
            throw new Defect(
                    "%s differ: %s, %s".formatted(names, verdict(first), verdict(other)), null);
        if (!exact) return;
        for (int i = 0; i < Math.max(first.events().size(), other.events().size()); i++) {
            var one = event(first, i);
            var two = event(other, i);
            if (one.endsWith(Execution.OPEN_END) || two.endsWith(Execution.OPEN_END)) return;
            if (!one.equals(two))
                throw new Defect(
                        "%s differ in step %d: %s, %s".formatted(names, i, one, two), null);
        }
    }

    private static String verdict(Outcome outcome) {
        return outcome.refusal() == null ? "valid" : "invalid (" + outcome.refusal() + ")";
    }

    private static String event(Outcome outcome, int step) {
        return step < outcome.events().size() ? outcome.events().get(step) : "nothing more";
    }

    /// Whether no instruction of a broken module can make a NaN, whose payload is open: judged by
    /// all bytes of its code, whatever they mean.
    private static boolean isExact(byte[] module) {
        for (var section : Section.of(module))
            if (section.id() == CODE_SECTION)
                for (byte b : section.content()) if (mayMakeNan(b & 0xff)) return false;
        return true;
    }

    private static boolean mayMakeNan(int opcode) {
        return opcode >= 0x8d && opcode <= 0xa6
                || opcode == 0xb6
                || opcode == 0xbb
                || opcode == 0xfd;
    }
}
