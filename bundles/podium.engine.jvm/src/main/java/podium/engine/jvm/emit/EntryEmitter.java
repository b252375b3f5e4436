package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import podium.engine.jvm.ir.CallingConvention;
import podium.engine.jvm.wasm.Signature;

/// Makes the classes through which the guest is entered: for each type with referable functions
/// `enterT`, through which the host calls, `linkT`, through which another instance does, and
/// `boxedT`, with boxed arguments. A type with more parameters than a method handle takes has
/// `boxedT` alone.
final class EntryEmitter {

    private final Layout layout;
    private final Demands demands;

    EntryEmitter(Layout layout, Demands demands) {
        this.layout = layout;
        this.demands = demands;
    }

    /// @return the classes by name; the first is the way to the others
    Map<ClassDesc, byte[]> emit() {
        var classes = new LinkedHashMap<ClassDesc, byte[]>();
        int types = layout.signatures().size();
        for (int from = 0; from == 0 || from < types; from += Layout.ENTERED) {
            int first = from;
            int end = Math.min(from + Layout.ENTERED, types);
            var owner = layout.entries(from);
            classes.put(owner, ClassFile.of().build(owner, type -> build(type, first, end)));
        }
        return classes;
    }

    private void build(ClassBuilder type, int first, int end) {
        type.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER);
        var present = new ArrayList<Integer>();
        for (int t = first; t < end; t++)
            if (layout.firstOrdinal(t) != layout.endOrdinal(t)) present.add(t);
        for (int t : present) entries(type, t);
        type.withMethodBody(
                "call",
                CALL,
                ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                code -> callByType(code, present, first == 0));
    }

    private void entries(ClassBuilder type, int canonicalType) {
        var signature = layout.signatures().get(canonicalType);
        boolean direct = !CallingConvention.of(signature).usesFields();
        if (direct) {
            entry(type, canonicalType, "enter", "escaped");
            entry(type, canonicalType, "link", "linked");
        }
        type.withMethodBody(
                "boxed" + canonicalType,
                BOXED,
                ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                code -> {
                    if (direct) boxed(code, canonicalType, signature);
                    else boxedFields(code, canonicalType, signature);
                });
    }

    private static MethodTypeDesc descriptor(ClassDesc state, Signature signature) {
        var parameters = new ArrayList<ClassDesc>();
        parameters.add(state);
        parameters.add(CD_int);
        for (char c : signature.parameters().toCharArray()) parameters.add(Symbols.hostType(c));
        return MethodTypeDesc.of(Border.hostResult(signature), parameters);
    }

    private void entry(ClassBuilder type, int canonicalType, String name, String failure) {
        var signature = layout.signatures().get(canonicalType);
        type.withMethodBody(
                name + canonicalType,
                descriptor(layout.state, signature),
                ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                code -> {
                    var border = new Border(code, demands);
                    var arguments = border.inLocals(signature, 2);
                    enter(
                            code,
                            canonicalType,
                            failure,
                            () -> border.pass(signature, arguments),
                            () -> border.returnToHost(signature));
                });
    }

    /// Calls the function whose ordinal is in slot 1.
    private void enter(
            CodeBuilder code,
            int canonicalType,
            String failure,
            Runnable passArguments,
            Runnable returnResult) {
        int saved = code.allocateLocal(TypeKind.INT);
        code.aload(Frame.STATE);
        code.invokestatic(Symbols.CONTROL, "enter", MethodTypeDesc.of(CD_int, Symbols.STATE));
        code.istore(saved);
        var start = code.newBoundLabel();
        code.aload(Frame.STATE);
        passArguments.run();
        code.iload(1);
        code.iload(saved);
        code.invokestatic(
                layout.dispatchers(),
                DispatchEmitter.callName(canonicalType),
                layout.descriptor(layout.signatures().get(canonicalType), 'I'));
        var end = code.newBoundLabel();
        restore(code, saved);
        returnResult.run();
        var caught = code.newBoundLabel();
        restore(code, saved);
        code.aload(Frame.STATE);
        code.invokestatic(
                Symbols.CONTROL,
                failure,
                MethodTypeDesc.of(CD_Throwable, CD_Throwable, Symbols.STATE));
        code.athrow();
        code.exceptionCatch(start, end, caught, CD_Throwable);
    }

    private static void restore(CodeBuilder code, int saved) {
        code.aload(Frame.STATE);
        code.iload(saved);
        code.invokestatic(
                Symbols.CONTROL, "leave", MethodTypeDesc.of(CD_void, Symbols.STATE, CD_int));
    }

    // ---- boxed

    private static final MethodTypeDesc BOXED =
            MethodTypeDesc.of(CD_Object, Symbols.STATE, CD_int, CD_Object.arrayType());

    /// Enters with boxed arguments and gives back a boxed result, so that a call by the host needs
    /// no
    /// method handle.
    private void boxed(CodeBuilder code, int canonicalType, Signature signature) {
        var border = new Border(code, demands);
        var arguments = border.inArray(signature, 2);
        code.aload(Frame.STATE);
        code.checkcast(layout.state);
        code.iload(1);
        for (int i = 0; i < signature.parameters().length(); i++) arguments.load(i);
        code.invokestatic(
                layout.entries(canonicalType),
                "enter" + canonicalType,
                descriptor(layout.state, signature));
        var results = signature.results();
        if (results.isEmpty()) code.aconst_null();
        else if (results.length() == 1) border.box(results.charAt(0));
        code.areturn();
    }

    /// The same where some arguments go to fields.
    private void boxedFields(CodeBuilder code, int canonicalType, Signature signature) {
        var border = new Border(code, demands);
        code.aload(Frame.STATE);
        code.checkcast(layout.state);
        code.astore(Frame.STATE);
        enter(
                code,
                canonicalType,
                "escaped",
                () -> border.pass(signature, border.inArray(signature, 2)),
                () -> border.returnBoxed(signature.results()));
    }

    static final MethodTypeDesc CALL =
            MethodTypeDesc.of(CD_Object, Symbols.STATE, CD_Object.arrayType(), CD_int, CD_int);

    /// `call(State, arguments, ordinal, type)`: the `boxedT` of a type known only at run time.
    ///
    /// @param all whether the type may be one of another class
    private void callByType(CodeBuilder code, List<Integer> types, boolean all) {
        var otherwise = code.newLabel();
        if (all && layout.signatures().size() > Layout.ENTERED) callInPart(code);
        var labels = new TreeMap<Integer, Label>();
        for (int t : types) labels.put(t, code.newLabel());
        code.iload(3);
        code.lookupswitch(
                otherwise,
                labels.entrySet().stream()
                        .map(e -> SwitchCase.of(e.getKey(), e.getValue()))
                        .toList());
        labels.forEach(
                (t, label) -> {
                    code.labelBinding(label);
                    code.aload(0).iload(2).aload(1);
                    code.invokestatic(layout.entries(t), "boxed" + t, BOXED);
                    code.areturn();
                });
        code.labelBinding(otherwise);
        code.invokestatic(
                Symbols.CONTROL,
                "noSuchOrdinal",
                MethodTypeDesc.of(ClassDesc.of("java.lang.RuntimeException")));
        code.athrow();
    }

    /// Goes to the class of the type unless it is this one.
    private void callInPart(CodeBuilder code) {
        var here = code.newLabel();
        int parts = (layout.signatures().size() + Layout.ENTERED - 1) / Layout.ENTERED;
        code.iload(3);
        code.loadConstant(Layout.ENTERED);
        code.if_icmplt(here);
        code.iload(3);
        code.loadConstant(Layout.ENTERED);
        code.idiv();
        DispatchEmitter.switchTable(
                code,
                1,
                parts,
                part -> {
                    code.aload(0).aload(1).iload(2).iload(3);
                    code.invokestatic(layout.entries(part * Layout.ENTERED), "call", CALL);
                    code.areturn();
                });
        code.labelBinding(here);
    }
}
