package podium.vfs.impl;

import java.util.EnumSet;
import java.util.Locale;
import java.util.stream.Collectors;
import podium.vfs.FileSystem;
import podium.vfs.FileSystem.Capability;

/// What programs rely on without asking: who has it keeps it when a mount moves. What else a
/// backend lacks shows when something is copied that needs it.
final class Kept {

    private static final EnumSet<Capability> ALL =
            EnumSet.of(
                    Capability.WRITE,
                    Capability.HARD_LINKS,
                    Capability.SYMBOLIC_LINKS,
                    Capability.PERMISSIONS,
                    Capability.NANOSECONDS,
                    Capability.CASE_SENSITIVE,
                    Capability.ARBITRARY_NAMES);

    private Kept() {}

    /// What would not be kept, for people; empty when all is.
    static String lacking(FileSystem from, FileSystem to) {
        var lacking = EnumSet.copyOf(ALL);
        lacking.retainAll(from.capabilities());
        lacking.removeAll(to.capabilities());
        return lacking.stream()
                .map(one -> one.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                .collect(Collectors.joining(", "));
    }
}
