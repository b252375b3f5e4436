package podium.engine;

/// A linear memory's type. Sizes are in pages of 64 KiB.
///
/// @param minimum initial size, 0 to 65,536
/// @param maximum bound for growth, `minimum` to 65,536; 65,536 when the module gives none
/// @param shared whether instances on several threads may use it
public record MemoryType(int minimum, int maximum, boolean shared) implements ExternType {

    /// Bytes in a page.
    public static final int PAGE = 65_536;

    /// @throws IllegalArgumentException the sizes are out of range
    public MemoryType {
        if (minimum < 0 || maximum > 65_536 || minimum > maximum)
            throw new IllegalArgumentException(
                    "no memory has " + minimum + " to " + maximum + " pages");
    }
}
