package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import podium.engine.jvm.ir.CallingConvention;
import podium.engine.jvm.wasm.Signature;
import podium.engine.jvm.wasm.Types;

/// Makes the classes that call functions by ordinal: `callT` for a canonical type T, and
/// `indirectT_K` for `call_indirect` on table K. Each is a switch with direct calls, which HotSpot
/// can inline; large ones have two levels. A reference to another instance's or the host's function
/// goes through its method handle.
///
/// For `return_call_indirect` there are `tailT_K`, which call the bodies of functions with tail
/// calls, see [TailEmitter].
final class DispatchEmitter {

    /// Bytes of switch and arms in a method.
    private static final int MAX_BYTES = 5_000;

    private final Layout layout;
    private final Demands demands;

    DispatchEmitter(Layout layout, Demands demands) {
        this.layout = layout;
        this.demands = demands;
    }

    static String callName(int type) {
        return "call" + type;
    }

    static String indirectName(int type, int table) {
        return "indirect" + type + "_" + table;
    }

    static String tailName(int type, int table) {
        return "tail" + type + "_" + table;
    }

    /// Methods that call some of the functions of a type, made while the others are.
    private record Part(Dispatcher dispatcher, int number) {}

    private final List<Part> parts = new ArrayList<>();

    /// @return the classes by name
    Map<ClassDesc, byte[]> emit() {
        var classes = new LinkedHashMap<ClassDesc, byte[]>();
        classes.put(layout.dispatchers(), ClassFile.of().build(layout.dispatchers(), this::build));
        var byClass = new LinkedHashMap<ClassDesc, List<Part>>();
        for (var part : parts)
            byClass.computeIfAbsent(part.dispatcher.owner(part.number), _ -> new ArrayList<>())
                    .add(part);
        byClass.forEach(
                (owner, members) ->
                        classes.put(
                                owner,
                                ClassFile.of().build(owner, type -> buildParts(type, members))));
        return classes;
    }

    private void build(ClassBuilder type) {
        type.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER);
        for (int t = 0; t < layout.signatures().size(); t++) {
            if (layout.firstOrdinal(t) == layout.endOrdinal(t)) continue;
            new Dispatcher(t, false).emit(type);
        }
        for (long pair : demands.indirect())
            emitIndirect(type, (int) (pair >> 32), (int) pair, false);
        var tails = new HashSet<Integer>();
        for (var target : new TailEmitter(layout, demands).indirect()) {
            if (tails.add(target.type())) new Dispatcher(target.type(), true).addParts();
            emitIndirect(type, target.type(), target.table(), true);
        }
    }

    private static void buildParts(ClassBuilder type, List<Part> members) {
        type.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER);
        for (var part : members) part.dispatcher.emitPart(type, part.number);
    }

    /// The methods for the functions of one type.
    private final class Dispatcher {
        final int type;
        final Signature signature;

        /// Types of the Java parameters.
        final String parameters;

        final int first;
        final int end;
        final int perMethod;

        /// Whether functions with tail calls may leave further ones to the caller.
        final boolean tail;

        /// Slots of the ordinal and of the stack budget, after the parameters.
        final int ordinal;

        Dispatcher(int type, boolean tail) {
            this.type = type;
            this.tail = tail;
            signature = layout.signatures().get(type);
            parameters = CallingConvention.of(signature).inMethod();
            first = layout.firstOrdinal(type);
            end = layout.endOrdinal(type);
            int slots = 1;
            for (char c : parameters.toCharArray()) slots += Types.slots(c);
            ordinal = slots;
            perMethod = Math.max(1, MAX_BYTES / (14 + 3 * parameters.length()));
        }

        /// Whether the functions are too many for a method, or for the class.
        boolean hasParts() {
            return end - first > perMethod || end > Layout.DISPATCHED;
        }

        void addParts() {
            if (hasParts())
                for (int part = 0; part * perMethod < end - first; part++)
                    parts.add(new Part(this, part));
        }

        void emit(ClassBuilder type) {
            addParts();
            method(type, callName(this.type), layout.descriptor(signature, 'I'), this::dispatch);
        }

        void emitPart(ClassBuilder type, int part) {
            int from = first + part * perMethod;
            int to = Math.min(from + perMethod, end);
            method(
                    type,
                    partName(part),
                    layout.descriptor(signature, 'I'),
                    code -> {
                        code.iload(ordinal);
                        arms(code, from, to);
                    });
        }

        ClassDesc owner(int part) {
            return layout.dispatcherPart(first + part * perMethod);
        }

        String partName(int part) {
            return (tail ? "tail" : callName(type)) + "~" + part + (tail ? "_" + type : "");
        }

        /// Calls the function whose ordinal is in its slot.
        void dispatch(CodeBuilder code) {
            code.iload(ordinal);
            if (!hasParts()) {
                arms(code, first, end);
                return;
            }
            code.loadConstant(first);
            code.isub();
            code.loadConstant(perMethod);
            code.idiv();
            int count = (end - first + perMethod - 1) / perMethod;
            switchTable(
                    code,
                    0,
                    count,
                    part -> {
                        loadArguments(code);
                        code.iload(ordinal);
                        code.iload(ordinal + 1);
                        code.invokestatic(
                                owner(part), partName(part), layout.descriptor(signature, 'I'));
                        returnResult(code);
                    });
        }

        private void arms(CodeBuilder code, int from, int to) {
            switchTable(
                    code,
                    from,
                    to,
                    o -> {
                        int function = layout.functionByOrdinal(o);
                        loadArguments(code);
                        code.iload(ordinal + 1);
                        code.invokestatic(
                                layout.owner(function),
                                tail
                                        ? demands.tails().bodyName(function)
                                        : layout.methodName(function),
                                layout.descriptor(signature));
                        returnResult(code);
                    });
        }

        private void loadArguments(CodeBuilder code) {
            code.aload(Frame.STATE);
            loadParameters(code, parameters, 1);
        }

        private void returnResult(CodeBuilder code) {
            code.return_(Symbols.kind(Layout.resultType(signature)));
        }
    }

    private static void method(
            ClassBuilder type,
            String name,
            MethodTypeDesc descriptor,
            java.util.function.Consumer<CodeBuilder> body) {
        type.withMethodBody(
                name, descriptor, ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC, body::accept);
    }

    /// @return the slot after them
    static int loadParameters(CodeBuilder code, String types, int from) {
        int slot = from;
        for (char type : types.toCharArray()) {
            code.loadLocal(Symbols.kind(type), slot);
            slot += Types.slots(type);
        }
        return slot;
    }

    static void switchTable(CodeBuilder code, int from, int to, IntConsumer arm) {
        var otherwise = code.newLabel();
        var labels = new ArrayList<Label>();
        var cases = new ArrayList<SwitchCase>();
        for (int i = from; i < to; i++) {
            labels.add(code.newLabel());
            cases.add(SwitchCase.of(i, labels.getLast()));
        }
        code.tableswitch(from, to - 1, otherwise, cases);
        for (int i = from; i < to; i++) {
            code.labelBinding(labels.get(i - from));
            arm.accept(i);
        }
        code.labelBinding(otherwise);
        code.invokestatic(
                Symbols.CONTROL,
                "noSuchOrdinal",
                MethodTypeDesc.of(ClassDesc.of("java.lang.RuntimeException")));
        code.athrow();
    }

    // ---- call_indirect

    private void emitIndirect(ClassBuilder type, int canonicalType, int table, boolean tail) {
        var dispatcher = new Dispatcher(canonicalType, tail);
        method(
                type,
                tail ? tailName(canonicalType, table) : indirectName(canonicalType, table),
                layout.descriptor(dispatcher.signature, 'I'),
                code -> indirect(code, dispatcher, table));
    }

    private void indirect(CodeBuilder code, Dispatcher dispatcher, int table) {
        int element = dispatcher.ordinal;
        int index = element + 2;
        code.iload(element);
        code.istore(index);
        code.aload(Frame.STATE);
        if (table == 0 && layout.module.importedTables == 0) {
            code.getfield(Symbols.STATE, "codes", CD_int.arrayType());
            code.iload(index);
            code.iaload();
        } else {
            code.iload(index);
            code.loadConstant(table);
            code.invokestatic(
                    Symbols.TABLES,
                    "code",
                    MethodTypeDesc.of(CD_int, Symbols.STATE, CD_int, CD_int));
        }
        code.istore(element);
        if (dispatcher.first < dispatcher.end) {
            var other = code.newLabel();
            code.iload(element);
            code.loadConstant(dispatcher.first);
            code.if_icmplt(other);
            code.iload(element);
            code.loadConstant(dispatcher.end);
            code.if_icmpge(other);
            dispatcher.dispatch(code);
            code.labelBinding(other);
        }
        if (CallingConvention.of(dispatcher.signature).usesFields())
            foreignBoxed(code, dispatcher, index, table);
        else foreign(code, dispatcher, index, table);
    }

    private void foreign(CodeBuilder code, Dispatcher dispatcher, int index, int table) {
        var signature = dispatcher.signature;
        code.aload(Frame.STATE);
        code.iload(index);
        code.iload(dispatcher.ordinal + 1);
        code.loadConstant(dispatcher.type);
        code.loadConstant(table);
        code.invokestatic(
                Symbols.TABLES,
                "foreign",
                MethodTypeDesc.of(CD_MethodHandle, Symbols.STATE, CD_int, CD_int, CD_int, CD_int));
        var border = new Border(code, demands);
        var parameters = new ArrayList<ClassDesc>();
        for (char c : signature.parameters().toCharArray()) parameters.add(Symbols.hostType(c));
        border.loadAsHost(signature.parameters(), 1);
        code.invokevirtual(
                CD_MethodHandle,
                "invokeExact",
                MethodTypeDesc.of(Border.hostResult(signature), parameters));
        border.returnFromHost(signature);
    }

    /// The same with boxed arguments, for more than a method handle takes.
    private void foreignBoxed(CodeBuilder code, Dispatcher dispatcher, int index, int table) {
        var signature = dispatcher.signature;
        var border = new Border(code, demands);
        code.aload(Frame.STATE);
        code.iload(index);
        code.iload(dispatcher.ordinal + 1);
        code.loadConstant(dispatcher.type);
        code.loadConstant(table);
        border.boxParameters(signature);
        code.invokestatic(
                Symbols.TABLES,
                "callForeign",
                MethodTypeDesc.of(
                        CD_Object,
                        Symbols.STATE,
                        CD_int,
                        CD_int,
                        CD_int,
                        CD_int,
                        CD_Object.arrayType()));
        border.returnBoxedFromHost(signature);
    }
}
