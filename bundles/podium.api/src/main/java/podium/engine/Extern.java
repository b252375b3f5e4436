package podium.engine;

/// Something a module imports or exports.
public sealed interface Extern permits Function, Memory, Table, Global, Tag {}
