package podium.engine;

/// The type of an import or export.
public sealed interface ExternType
        permits FunctionType, MemoryType, TableType, GlobalType, TagType {}
