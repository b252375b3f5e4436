package podium.engine.jvm.ir;

/// A clause of `try_table`.
///
/// @param tag what it catches, or -1 for everything
/// @param reference whether it hands on the exception itself
/// @param depth the label, seen from outside
record CatchClause(int tag, boolean reference, int depth) {}
