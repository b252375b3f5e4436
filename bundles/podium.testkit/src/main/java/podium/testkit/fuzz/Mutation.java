package podium.testkit.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;

/// Breaks a module: bytes as they come, numbers, instructions, or whole sections. Where a section's
/// or a function's size changes, the sizes are put right, so that what is wrong lies deeper.
public final class Mutation {

    private static final int CODE_SECTION = 10;

    /// What numbers are likely to be mistaken for.
    private static final long[] NUMBERS = {
        0, 1, 2, 127, 128, 0x7fffffffL, 0xffffffffL, 0x1ffffffffL
    };

    private final Random random;

    private Mutation(Random random) {
        this.random = random;
    }

    /// A module that is all but the given one.
    public static byte[] of(byte[] module, Random random) {
        var mutation = new Mutation(random);
        var mutant = module;
        for (int n = 1 + random.nextInt(2); n > 0; n--) mutant = mutation.once(mutant);
        return mutant;
    }

    private byte[] once(byte[] module) {
        return switch (random.nextInt(10)) {
            case 0 -> bytes(module, Section.HEADER);
            case 1 ->
                    module.length <= Section.HEADER
                            ? module
                            : Arrays.copyOf(module, length(module));
            case 2, 3 -> sections(module);
            default -> content(module);
        };
    }

    private int length(byte[] module) {
        return Section.HEADER + random.nextInt(module.length - Section.HEADER);
    }

    // ---- sections

    private byte[] sections(byte[] module) {
        var sections = Section.of(module);
        if (sections.isEmpty()) return bytes(module, 0);
        int chosen = random.nextInt(sections.size());
        switch (random.nextInt(4)) {
            case 0 -> sections.remove(chosen);
            case 1 -> sections.add(random.nextInt(sections.size()), sections.get(chosen));
            case 2 -> {
                var section = sections.remove(chosen);
                sections.add(random.nextInt(sections.size() + 1), section);
            }
            default ->
                    sections.set(
                            chosen,
                            new Section(random.nextInt(15), sections.get(chosen).content()));
        }
        return Section.write(module, sections);
    }

    /// Changes one section, whose size is put right; one with code more often than others.
    private byte[] content(byte[] module) {
        var sections = Section.of(module);
        if (sections.isEmpty()) return bytes(module, 0);
        int chosen = random.nextInt(sections.size());
        for (int i = 0; i < sections.size(); i++)
            if (sections.get(i).id() == CODE_SECTION && random.nextInt(3) > 0) chosen = i;
        var section = sections.get(chosen);
        var changed =
                section.id() == CODE_SECTION
                        ? code(section.content())
                        : bytes(section.content(), 0);
        sections.set(chosen, new Section(section.id(), changed));
        return Section.write(module, sections);
    }

    // ---- function bodies

    /// Changes one body.
    private byte[] code(byte[] section) {
        var bodies = new ArrayList<byte[]>();
        int[] count = Section.number(section, 0);
        if (count == null || count[0] <= 0 || count[0] > section.length) return bytes(section, 0);
        int at = count[1];
        for (int i = 0; i < count[0]; i++) {
            int[] size = Section.number(section, at);
            if (size == null || size[0] < 0 || size[1] + size[0] > section.length)
                return bytes(section, 0);
            bodies.add(Arrays.copyOfRange(section, size[1], size[1] + size[0]));
            at = size[1] + size[0];
        }
        int chosen = random.nextInt(bodies.size());
        var other = bodies.get(random.nextInt(bodies.size()));
        bodies.set(
                chosen,
                random.nextInt(4) == 0
                        ? mixed(bodies.get(chosen), other)
                        : bytes(bodies.get(chosen), 0));
        var out = new ByteArrayOutputStream();
        Section.number(out, bodies.size());
        for (var body : bodies) {
            Section.number(out, body.length);
            out.writeBytes(body);
        }
        return out.toByteArray();
    }

    /// A stretch of one in the other.
    private byte[] mixed(byte[] body, byte[] other) {
        int from = random.nextInt(other.length + 1);
        int length = random.nextInt(Math.min(20, other.length - from) + 1);
        return spliced(
                body,
                random.nextInt(body.length + 1),
                0,
                Arrays.copyOfRange(other, from, from + length));
    }

    // ---- bytes

    /// Changes a few bytes behind a position.
    private byte[] bytes(byte[] content, int first) {
        if (content.length <= first) return content;
        int at = first + random.nextInt(content.length - first);
        int rest = content.length - at;
        return switch (random.nextInt(7)) {
            case 0 -> spliced(content, at, 1, (byte) (content[at] ^ 1 << random.nextInt(8)));
            case 1 -> spliced(content, at, 1, (byte) random.nextInt());
            case 2 ->
                    spliced(content, at, 1, (byte) (content[at] + (random.nextBoolean() ? 1 : -1)));
            case 3 -> spliced(content, at, 1 + random.nextInt(Math.min(4, rest)));
            case 4 -> spliced(content, at, 0, (byte) random.nextInt());
            case 5 -> {
                var number = new ByteArrayOutputStream();
                Section.number(number, NUMBERS[random.nextInt(NUMBERS.length)]);
                yield spliced(content, at, 1, number.toByteArray());
            }
            default -> longer(content, at);
        };
    }

    /// A number with a byte more than it needs.
    private static byte[] longer(byte[] content, int at) {
        return content[at] < 0
                ? spliced(content, at, 1, content[at], (byte) 0x80)
                : spliced(content, at, 1, (byte) (content[at] | 0x80), (byte) 0);
    }

    private static byte[] spliced(byte[] content, int at, int removed, byte... inserted) {
        var out = new ByteArrayOutputStream();
        out.write(content, 0, at);
        out.writeBytes(inserted);
        out.write(content, at + removed, content.length - at - removed);
        return out.toByteArray();
    }
}
