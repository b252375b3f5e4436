package podium.engine;

/// One export a module declares.
public record ExportType(String name, ExternType type) {}
