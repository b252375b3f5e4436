package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.function.IntConsumer;
import podium.engine.jvm.wasm.Types;

/// Makes the State class: a field for each global, fields to hand values over, and access to
/// globals by number.
final class StateEmitter {

    /// Globals in one method that accesses them by number.
    private static final int CHUNK = 500;

    /// The field with what accesses memory.
    static final String UNSAFE = "U";

    private final Layout layout;
    private final Demands demands;
    private final boolean all;

    /// @param all whether there are all fields that any method can need, or those in use
    StateEmitter(Layout layout, Demands demands, boolean all) {
        this.all = all;
        this.layout = layout;
        this.demands = demands;
    }

    byte[] emit() {
        return ClassFile.of().build(layout.state, this::build);
    }

    private void build(ClassBuilder type) {
        type.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER);
        Superclass.add(type, Symbols.STATE);
        unsafe(type);
        int globals = layout.module.globals.size();
        for (int i = 0; i < globals; i++) if (!layout.importsMutable(i)) globalFields(type, i);
        for (char kind : Demands.KINDS.toCharArray())
            for (int i = 0; i < (all ? Demands.FIELDS : demands.used(kind)); i++)
                field(type, Layout.spillField(kind, i), kind);
        type.withMethodBody(
                "call",
                MethodTypeDesc.of(CD_Object, CD_Object.arrayType(), CD_int, CD_int),
                ClassFile.ACC_PUBLIC,
                code ->
                        code.aload(0)
                                .aload(1)
                                .iload(2)
                                .iload(3)
                                .invokestatic(layout.entries(0), "call", EntryEmitter.CALL)
                                .areturn());
        accessors(type);
    }

    /// A constant to HotSpot's compilers.
    private void unsafe(ClassBuilder type) {
        type.withField(
                UNSAFE,
                Symbols.UNSAFE,
                ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
        type.withMethodBody(
                ConstantDescs.CLASS_INIT_NAME,
                ConstantDescs.MTD_void,
                ClassFile.ACC_STATIC,
                code ->
                        code.invokestatic(Symbols.INTERNALS, "unsafe", MethodTypeDesc.of(CD_Object))
                                .checkcast(Symbols.UNSAFE)
                                .putstatic(layout.state, UNSAFE, Symbols.UNSAFE)
                                .return_());
    }

    /// Access to globals by number.
    private void accessors(ClassBuilder type) {
        accessor(type, "globalBits", MethodTypeDesc.of(CD_long, CD_int), this::getBits);
        accessor(type, "globalHighBits", MethodTypeDesc.of(CD_long, CD_int), this::getHighBits);
        accessor(
                type,
                "setGlobalHighBits",
                MethodTypeDesc.of(CD_void, CD_int, CD_long),
                this::setHighBits);
        accessor(type, "globalReference", MethodTypeDesc.of(CD_Object, CD_int), this::getReference);
        accessor(type, "setGlobalBits", MethodTypeDesc.of(CD_void, CD_int, CD_long), this::setBits);
        accessor(
                type,
                "setGlobalReference",
                MethodTypeDesc.of(CD_void, CD_int, CD_Object),
                this::setReference);
    }

    private void globalFields(ClassBuilder type, int global) {
        if (globalType(global) != 'W') {
            field(type, Layout.globalField(global), globalType(global));
            return;
        }
        field(type, Layout.globalField(global), 'J');
        field(type, Layout.highGlobalField(global), 'J');
    }

    private static void field(ClassBuilder type, String name, char fieldType) {
        type.withField(name, Symbols.type(fieldType), ClassFile.ACC_PUBLIC);
    }

    private char globalType(int global) {
        return layout.module.globals.get(global).type();
    }

    private interface Arm {
        /// Emits the access to a global, return included; false if it is of the other sort.
        boolean emit(CodeBuilder code, int global);
    }

    /// A method that switches on the global's number; in chunks, when there are many.
    private void accessor(ClassBuilder type, String name, MethodTypeDesc descriptor, Arm arm) {
        int globals = layout.module.globals.size();
        if (globals <= CHUNK) {
            method(type, name, descriptor, code -> chunk(code, 0, globals, arm));
            return;
        }
        int chunks = (globals + CHUNK - 1) / CHUNK;
        for (int i = 0; i < chunks; i++) {
            int from = i * CHUNK;
            method(
                    type,
                    name + "$" + i,
                    descriptor,
                    code -> chunk(code, from, Math.min(from + CHUNK, globals), arm));
        }
        method(
                type,
                name,
                descriptor,
                code -> {
                    code.iload(1);
                    code.loadConstant(CHUNK);
                    code.idiv();
                    switchTable(code, 0, chunks, i -> delegate(code, name + "$" + i, descriptor));
                });
    }

    private static void method(
            ClassBuilder type,
            String name,
            MethodTypeDesc descriptor,
            java.util.function.Consumer<CodeBuilder> body) {
        type.withMethodBody(name, descriptor, ClassFile.ACC_PUBLIC, body);
    }

    private void delegate(CodeBuilder code, String name, MethodTypeDesc descriptor) {
        code.aload(0).iload(1);
        if (descriptor.parameterCount() == 2) {
            if (descriptor.parameterType(1).equals(CD_long)) code.lload(2);
            else code.aload(2);
        }
        code.invokevirtual(layout.state, name, descriptor);
        ClassDesc result = descriptor.returnType();
        if (result.equals(CD_long)) code.lreturn();
        else if (result.equals(CD_void)) code.return_();
        else code.areturn();
    }

    private void chunk(CodeBuilder code, int from, int to, Arm arm) {
        code.iload(1);
        switchTable(
                code,
                from,
                to,
                global -> {
                    if (layout.importsMutable(global) || !arm.emit(code, global)) fail(code);
                });
    }

    /// A switch over [from, to) on the stack's top; a number outside is an error of the engine.
    private static void switchTable(CodeBuilder code, int from, int to, IntConsumer arm) {
        var otherwise = code.newLabel();
        var labels = new ArrayList<Label>();
        var cases = new ArrayList<SwitchCase>();
        for (int i = from; i < to; i++) {
            labels.add(code.newLabel());
            cases.add(SwitchCase.of(i, labels.getLast()));
        }
        if (cases.isEmpty()) code.pop();
        else code.tableswitch(from, to - 1, otherwise, cases);
        for (int i = from; i < to; i++) {
            code.labelBinding(labels.get(i - from));
            arm.accept(i);
        }
        code.labelBinding(otherwise);
        fail(code);
    }

    private static void fail(CodeBuilder code) {
        var exception = ClassDesc.of("java.lang.IllegalArgumentException");
        code.new_(exception);
        code.dup();
        code.invokespecial(exception, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void);
        code.athrow();
    }

    /// The Java type of a global's field.
    private ClassDesc fieldType(int global) {
        char type = globalType(global);
        return type == 'W' ? CD_long : Symbols.type(type);
    }

    private void load(CodeBuilder code, int global) {
        code.aload(0);
        code.getfield(layout.state, Layout.globalField(global), fieldType(global));
    }

    private void store(CodeBuilder code, int global) {
        code.putfield(layout.state, Layout.globalField(global), fieldType(global));
        code.return_();
    }

    private boolean getHighBits(CodeBuilder code, int global) {
        if (globalType(global) != 'W') return false;
        code.aload(0).getfield(layout.state, Layout.highGlobalField(global), CD_long).lreturn();
        return true;
    }

    private boolean setHighBits(CodeBuilder code, int global) {
        if (globalType(global) != 'W') return false;
        code.aload(0).lload(2).putfield(layout.state, Layout.highGlobalField(global), CD_long);
        code.return_();
        return true;
    }

    private boolean getBits(CodeBuilder code, int global) {
        char type = globalType(global);
        if (Types.isReference(type)) return false;
        load(code, global);
        switch (type) {
            case 'I' -> code.i2l();
            case 'F' ->
                    code.invokestatic(
                                    Symbols.FLOAT,
                                    "floatToRawIntBits",
                                    MethodTypeDesc.of(CD_int, ConstantDescs.CD_float))
                            .i2l();
            case 'D' ->
                    code.invokestatic(
                            Symbols.DOUBLE,
                            "doubleToRawLongBits",
                            MethodTypeDesc.of(CD_long, ConstantDescs.CD_double));
            default -> {}
        }
        code.lreturn();
        return true;
    }

    private boolean setBits(CodeBuilder code, int global) {
        char type = globalType(global);
        if (Types.isReference(type)) return false;
        code.aload(0).lload(2);
        switch (type) {
            case 'I' -> code.l2i();
            case 'F' ->
                    code.l2i()
                            .invokestatic(
                                    Symbols.FLOAT,
                                    "intBitsToFloat",
                                    MethodTypeDesc.of(ConstantDescs.CD_float, CD_int));
            case 'D' ->
                    code.invokestatic(
                            Symbols.DOUBLE,
                            "longBitsToDouble",
                            MethodTypeDesc.of(ConstantDescs.CD_double, CD_long));
            default -> {}
        }
        store(code, global);
        return true;
    }

    private boolean getReference(CodeBuilder code, int global) {
        if (!Types.isReference(globalType(global))) return false;
        load(code, global);
        code.areturn();
        return true;
    }

    private boolean setReference(CodeBuilder code, int global) {
        if (!Types.isReference(globalType(global))) return false;
        code.aload(0).aload(2);
        store(code, global);
        return true;
    }
}
