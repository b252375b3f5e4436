package podium.vfs.host;

/// What this runs on, as far as Linux differs there.
final class Machine {

    private static final String NAME = System.getProperty("os.arch", "");

    static final boolean ARM64 = NAME.equals("aarch64");

    /// Whether numbers, flags and structures here are those of this machine.
    static final boolean KNOWN =
            System.getProperty("os.name", "").equals("Linux") && (ARM64 || NAME.equals("amd64"));

    private Machine() {}
}
