package podium.engine.v8.wasm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import podium.engine.Snapshot;
import podium.engine.TableType;
import podium.engine.ValueType;

/// Makes of a module the one that V8 gets. What changes lies at the border to the host:
///
/// - imports and exports have names of the engine's, so that nothing of the guest's choosing
/// reaches
///   JavaScript: imports `0`, `1`, ... of the module ``, exports `f`, `t`, `g`, `e` (a tag) with
///   the index;
/// - the start function is exported instead, so that it runs when the host says so;
/// - every memory is imported, so that the engine makes it;
/// - every table and global is exported, for [podium.engine.Instance#freeze()];
/// - functions `d` and `p` with a segment's index are added that trap when the passive data or
///   element segment is dropped;
/// - calls are added so that the guest can be interrupted, see [Checkpoints], and if it is to count
///   fuel, code that does, see [Metering];
/// - calls of functions for interpreters are overwritten, see [InterpreterCall], by what they come
/// to;
/// - tables have a bound, and custom sections are left out.
///
/// A module to be thawed has, besides, the snapshot's globals and tables for its own, and dropped
/// segments.
public final class Rewriter {

    /// Elements of all of a module's tables together: each takes some 40 bytes of V8's heap.
    private static final int TABLE_ELEMENTS = 1 << 20;

    private static final int[] HEADER = {0, 'a', 's', 'm', 1, 0, 0, 0};
    private static final int END = 0x0b;

    private final WasmModule module;
    private final List<Probe> probes = new ArrayList<>();
    private final Checkpoints checkpoints;
    private final Metering metering;
    private final Additions additions;

    /// A function that traps when a segment is dropped: copies nothing from the segment's end.
    private record Probe(String name, int[] instruction, int length) {}

    private Rewriter(WasmModule module) {
        this.module = module;
        checkpoints = new Checkpoints(module);
        for (int i = 0; i < module.data.size(); i++) {
            var data = module.data.get(i);
            if (data.passive())
                probes.add(new Probe(dataProbe(i), new int[] {8, i, 0}, data.length()));
        }
        for (int i = 0; i < module.elements.size(); i++) {
            var elements = module.elements.get(i);
            int table = tableOf(elements.type());
            if (elements.passive() && table >= 0)
                probes.add(new Probe(elementProbe(i), new int[] {12, i, table}, elements.count()));
        }
        int firstGlobal = module.globals.size() + checkpoints.globals().size();
        metering = new Metering(firstGlobal, module.types.size() + (hasOwnBodies() ? 1 : 0));
        additions = new Additions(module, checkpoints, metering);
    }

    /// The first table a segment can be copied to, or -1.
    private int tableOf(int type) {
        for (int i = 0; i < module.tables.size(); i++)
            if ((module.tables.get(i).element() == ValueType.FUNCREF) == (type == 0x70)) return i;
        return -1;
    }

    /// The greatest number of elements a table of a module may grow to.
    static int tableLimit(WasmModule module) {
        return TABLE_ELEMENTS / Math.max(1, module.tables.size());
    }

    /// The module as it is instantiated.
    public static byte[] live(WasmModule module) {
        var rewriter = new Rewriter(module);
        var own = new Contents();
        own.tables = rewriter.tables(null);
        own.globals =
                extended(module.sections.get(ModuleReader.GLOBAL_SECTION), rewriter.ownGlobals());
        own.elements = vector(module.elements.stream().map(WasmModule.Elements::whole).toList());
        own.data = vector(module.data.stream().map(WasmModule.Data::whole).toList());
        return rewriter.write(own);
    }

    /// The module that begins as a snapshot of it, but for the memory.
    ///
    /// @throws IllegalArgumentException the snapshot is not of this module
    public static byte[] thawed(WasmModule module, Snapshot snapshot) {
        if (snapshot.globals().length != module.ownGlobalNumbers()
                || snapshot.tables().size() != module.ownTables.size()
                || snapshot.droppedData().length != module.data.size()
                || snapshot.droppedElements().length != module.elements.size())
            throw new IllegalArgumentException("its parts are not the module's");
        var rewriter = new Rewriter(module);
        var own = new Contents();
        own.tables = rewriter.tables(snapshot);
        var sections = new SnapshotSections(module, snapshot);
        own.globals = extended(sections.globals(), rewriter.ownGlobals());
        own.elements = sections.elements();
        own.data = sections.data();
        return rewriter.write(own);
    }

    /// Where in a module's own binary the code is that V8 speaks of.
    ///
    /// @param function whose body it is in
    /// @param position in the content of the code section that V8 has
    /// @return the offset, or -1 if it is no code of the module's
    public static int original(WasmModule module, int function, int position) {
        var rewriter = new Rewriter(module);
        return new Origin(module, rewriter.additions, rewriter.ownBodies()).of(function, position);
    }

    /// Functions of ours.
    private int ownBodies() {
        return probes.size() + (checkpoints.needed() ? 1 : 0);
    }

    private boolean hasOwnBodies() {
        return ownBodies() > 0;
    }

    private List<byte[]> ownGlobals() {
        var globals = new ArrayList<>(checkpoints.globals());
        if (module.metered) globals.addAll(metering.globals());
        return globals;
    }

    /// The sections that differ between the two.
    private static final class Contents {
        Output tables = new Output();
        Output globals = new Output();
        Output elements = new Output();
        Output data = new Output();
    }

    private byte[] write(Contents own) {
        return new Output()
                .raw(HEADER)
                .section(ModuleReader.TYPE_SECTION, types())
                .section(ModuleReader.IMPORT_SECTION, imports())
                .section(ModuleReader.FUNCTION_SECTION, functions())
                .section(ModuleReader.TABLE_SECTION, own.tables)
                .section(ModuleReader.TAG_SECTION, kept(ModuleReader.TAG_SECTION))
                .section(ModuleReader.GLOBAL_SECTION, own.globals)
                .section(ModuleReader.EXPORT_SECTION, exports())
                .section(ModuleReader.ELEMENT_SECTION, own.elements)
                .section(ModuleReader.DATA_COUNT_SECTION, dataCount())
                .section(ModuleReader.CODE_SECTION, code())
                .section(ModuleReader.DATA_SECTION, own.data)
                .bytes();
    }

    private Output kept(int section) {
        return copy(module.sections.get(section));
    }

    private static Output copy(byte @Nullable [] content) {
        return content == null ? new Output() : new Output().raw(content);
    }

    static Output vector(List<byte[]> entries) {
        var out = new Output();
        if (entries.isEmpty()) return out;
        out.u32(entries.size());
        for (var entry : entries) out.raw(entry);
        return out;
    }

    /// A vector with entries added at its end.
    private static Output extended(byte @Nullable [] content, List<byte[]> more) {
        if (more.isEmpty()) return copy(content);
        if (content == null) return vector(more);
        var in = new Cursor(content, 0, content.length);
        var out = new Output().u32(in.count() + more.size()).raw(in.rest());
        for (var entry : more) out.raw(entry);
        return out;
    }

    // ---- sections

    /// A module that copies no data need not count its segments, but our probes do copy.
    private Output dataCount() {
        return module.data.isEmpty() ? new Output() : new Output().u32(module.data.size());
    }

    private Output types() {
        var own = new ArrayList<byte[]>();
        if (hasOwnBodies()) own.add(new byte[] {0x60, 0, 0});
        if (module.metered) own.add(Metering.type());
        return extended(module.sections.get(ModuleReader.TYPE_SECTION), own);
    }

    /// Functions of ours come behind the module's own.
    private Output functions() {
        var type = new Output().u32(module.types.size()).bytes();
        return extended(
                module.sections.get(ModuleReader.FUNCTION_SECTION),
                Collections.nCopies(ownBodies(), type));
    }

    private int firstProbe() {
        return module.functions.size() + ownBodies() - probes.size();
    }

    private Output code() {
        var bodies = new ArrayList<byte[]>();
        if (checkpoints.needed()) bodies.add(new Output().sized(checkpoints.body()).bytes());
        for (var probe : probes) {
            var body = new Output().u32(0);
            body.raw(0x41).signed(0).raw(0x41).signed(probe.length).raw(0x41).signed(0).raw(0xfc);
            for (int immediate : probe.instruction) body.u32(immediate);
            bodies.add(new Output().sized(body.raw(END).bytes()).bytes());
        }
        var code = module.sections.get(ModuleReader.CODE_SECTION);
        return extended(code == null ? null : additions.to(code), bodies);
    }

    private Output imports() {
        var entries = new ArrayList<byte[]>();
        for (var wanted : module.imports)
            entries.add(
                    new Output()
                            .name("")
                            .name("" + entries.size())
                            .raw(wanted.descriptor())
                            .bytes());
        for (var limits : module.ownMemories)
            entries.add(
                    new Output()
                            .name("")
                            .name("" + entries.size())
                            .raw(WasmModule.MEMORY)
                            .raw(limits)
                            .bytes());
        return vector(entries);
    }

    private record Exported(int kind, int index) {}

    private Output exports() {
        var exported = new LinkedHashSet<Exported>();
        for (var export : module.exports)
            if (export.kind() == WasmModule.FUNCTION || export.kind() == WasmModule.TAG)
                exported.add(new Exported(export.kind(), export.index()));
        if (module.start != WasmModule.NO_START)
            exported.add(new Exported(WasmModule.FUNCTION, module.start));
        for (int i = 0; i < module.tables.size(); i++)
            exported.add(new Exported(WasmModule.TABLE, i));
        for (int i = 0; i < module.globals.size(); i++)
            exported.add(new Exported(WasmModule.GLOBAL, i));
        var entries = new ArrayList<byte[]>();
        for (var e : exported) entries.add(export(exportName(e.kind, e.index), e.kind, e.index));
        for (int i = 0; i < probes.size(); i++)
            entries.add(export(probes.get(i).name, WasmModule.FUNCTION, firstProbe() + i));
        if (module.metered) entries.addAll(metering.exports());
        return vector(entries);
    }

    static byte[] export(String name, int kind, int index) {
        return new Output().name(name).raw(kind).u32(index).bytes();
    }

    /// The name an export has in the rewritten module.
    public static String exportName(int kind, int index) {
        return "ftmge".charAt(kind) + "" + index;
    }

    /// The exported global with what is left of the slice of fuel, and the one with the function
    /// that
    /// gives the next.
    static final String FUEL = "u";

    static final String REFUEL = "r";

    /// The exported function that traps when a data segment is dropped.
    public static String dataProbe(int segment) {
        return "d" + segment;
    }

    /// The exported function that traps when an element segment is dropped; there is none if the
    /// module has no table for it.
    public static String elementProbe(int segment) {
        return "p" + segment;
    }

    /// @param snapshot whose sizes the tables have, or null
    private Output tables(@Nullable Snapshot snapshot) {
        var entries = new ArrayList<byte[]>();
        for (int i = 0; i < module.ownTables.size(); i++) {
            var table = module.ownTables.get(i);
            var type = module.tables.get(module.importedTables() + i);
            var out = new Output();
            boolean initialised = table.init() != null && snapshot == null;
            if (initialised) out.raw(0x40, 0);
            long size = snapshot == null ? type.minimum() : snapshot.tables().get(i).length;
            out.raw(table.element(), 1).u32((int) size).u32((int) maximum(type, size));
            if (initialised) out.raw(Objects.requireNonNull(table.init()));
            entries.add(out.bytes());
        }
        return vector(entries);
    }

    private long maximum(TableType type, long size) {
        long limit = Math.max(size, tableLimit(module));
        return type.maximum() < 0 ? limit : Math.min(type.maximum(), limit);
    }
}
