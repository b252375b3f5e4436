package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.function.IntConsumer;
import podium.engine.jvm.wasm.Signature;
import podium.engine.jvm.wasm.Types;

/// Makes the class that calls functions by ordinal: `callT` for a canonical type T, and
/// `indirectT_K` for
/// `call_indirect` on table K. Each is a switch with direct calls, which HotSpot can inline; large
/// ones have two levels.
/// A reference to another instance's or the host's function goes through its method handle.
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

    byte[] emit() {
        return ClassFile.of().build(layout.dispatchers(), this::build);
    }

    private void build(ClassBuilder type) {
        type.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER);
        for (int t = 0; t < layout.signatures().size(); t++) {
            if (layout.firstOrdinal(t) == layout.endOrdinal(t)) continue;
            new Dispatcher(t).emit(type);
        }
        for (long pair : demands.indirect()) emitIndirect(type, (int) (pair >> 32), (int) pair);
    }

    /// The methods for the functions of one type.
    private final class Dispatcher {
        final int type;
        final Signature signature;
        final int first;
        final int end;
        final int perMethod;

        /// Slots of the ordinal and of the stack budget, after the parameters.
        final int ordinal;

        Dispatcher(int type) {
            this.type = type;
            signature = layout.signatures().get(type);
            first = layout.firstOrdinal(type);
            end = layout.endOrdinal(type);
            int slots = 1;
            for (char c : signature.parameters().toCharArray()) slots += Types.slots(c);
            ordinal = slots;
            perMethod = Math.max(1, MAX_BYTES / (14 + 3 * signature.parameters().length()));
        }

        void emit(ClassBuilder type) {
            var descriptor = layout.descriptor(signature, 'I');
            if (end - first > perMethod)
                for (int part = 0; part * perMethod < end - first; part++) {
                    int from = first + part * perMethod;
                    int to = Math.min(from + perMethod, end);
                    method(
                            type,
                            partName(part),
                            descriptor,
                            code -> {
                                code.iload(ordinal);
                                arms(code, from, to);
                            });
                }
            method(type, callName(this.type), descriptor, this::dispatch);
        }

        String partName(int part) {
            return callName(type) + "~" + part;
        }

        /// Calls the function whose ordinal is in its slot.
        void dispatch(CodeBuilder code) {
            code.iload(ordinal);
            if (end - first <= perMethod) {
                arms(code, first, end);
                return;
            }
            code.loadConstant(first);
            code.isub();
            code.loadConstant(perMethod);
            code.idiv();
            int parts = (end - first + perMethod - 1) / perMethod;
            switchTable(
                    code,
                    0,
                    parts,
                    part -> {
                        loadArguments(code);
                        code.iload(ordinal);
                        code.iload(ordinal + 1);
                        code.invokestatic(
                                layout.dispatchers(),
                                partName(part),
                                layout.descriptor(signature, 'I'));
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
                                layout.methodName(function),
                                layout.descriptor(signature));
                        returnResult(code);
                    });
        }

        private void loadArguments(CodeBuilder code) {
            code.aload(Frame.STATE);
            loadParameters(code, signature, 1);
        }

        private void returnResult(CodeBuilder code) {
            var results = signature.results();
            if (results.length() == 1) code.return_(Symbols.kind(results.charAt(0)));
            else code.return_();
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

    static void loadParameters(CodeBuilder code, Signature signature, int from) {
        int slot = from;
        for (char type : signature.parameters().toCharArray()) {
            code.loadLocal(Symbols.kind(type), slot);
            slot += Types.slots(type);
        }
    }

    private static void switchTable(CodeBuilder code, int from, int to, IntConsumer arm) {
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

    private void emitIndirect(ClassBuilder type, int canonicalType, int table) {
        var dispatcher = new Dispatcher(canonicalType);
        method(
                type,
                indirectName(canonicalType, table),
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
        foreign(code, dispatcher, index, table);
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
        loadParameters(code, signature, 1);
        var parameters = new ArrayList<ClassDesc>();
        for (char c : signature.parameters().toCharArray()) parameters.add(Symbols.type(c));
        code.invokevirtual(
                CD_MethodHandle,
                "invokeExact",
                MethodTypeDesc.of(StubEmitter.hostResult(signature), parameters));
        StubEmitter.takeResult(code, demands, signature);
    }
}
