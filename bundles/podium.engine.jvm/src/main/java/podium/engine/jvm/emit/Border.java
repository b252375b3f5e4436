package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import podium.engine.jvm.ir.CallingConvention;
import podium.engine.jvm.wasm.Signature;
import podium.engine.jvm.wasm.Types;

/// Emits the passage of values between compiled code and what the host sees, where a vector is an
/// object and several results are an array.
final class Border {

    private static final MethodTypeDesc VECTOR_OF =
            MethodTypeDesc.of(Symbols.VECTOR, CD_long, CD_long);

    private final CodeBuilder code;
    private final Demands demands;

    Border(CodeBuilder code, Demands demands) {
        this.code = code;
        this.demands = demands;
    }

    /// What a handle at the border returns.
    static ClassDesc hostResult(Signature signature) {
        var results = signature.results();
        return switch (results.length()) {
            case 0 -> Symbols.type('V');
            case 1 -> Symbols.hostType(results.charAt(0));
            default -> CD_Object.arrayType();
        };
    }

    private static TypeKind hostKind(char type) {
        return type == 'W' ? TypeKind.REFERENCE : Symbols.kind(type);
    }

    /// Makes an object of the two halves on the stack.
    void joinHalves() {
        code.invokestatic(Symbols.CONTROL, "vector", VECTOR_OF);
    }

    /// Takes a half of the object on the stack.
    private void takeHalf(char half) {
        code.invokevirtual(
                Symbols.VECTOR, half == 'L' ? "low" : "high", MethodTypeDesc.of(CD_long));
    }

    void box(char type) {
        ClassDesc boxed =
                switch (type) {
                    case 'I' -> Symbols.INTEGER;
                    case 'J' -> Symbols.LONG;
                    case 'F' -> Symbols.FLOAT;
                    case 'D' -> Symbols.DOUBLE;
                    default -> null;
                };
        if (boxed != null)
            code.invokestatic(boxed, "valueOf", MethodTypeDesc.of(boxed, Symbols.type(type)));
    }

    void unbox(char type) {
        if (type == 'W') code.checkcast(Symbols.VECTOR);
        else if (Types.kind(type) != 'A')
            code.invokestatic(
                    Symbols.CONTROL,
                    "unbox" + type,
                    MethodTypeDesc.of(Symbols.type(type), CD_Object));
    }

    // ---- out of compiled code

    /// Loads a method's parameters as the host has them.
    ///
    /// @param types with vectors as one
    void loadAsHost(String types, int from) {
        int slot = from;
        for (char type : types.toCharArray()) {
            if (type == 'W') {
                code.lload(slot).lload(slot + 2);
                joinHalves();
            } else {
                code.loadLocal(Symbols.kind(type), slot);
            }
            slot += Types.slots(type);
        }
    }

    /// Puts a method's parameters, those in fields too, into an array.
    void boxParameters(Signature signature) {
        var types = signature.parameters();
        var source = new ParameterSource(CallingConvention.of(signature));
        code.loadConstant(types.length());
        code.anewarray(CD_Object);
        for (int i = 0; i < types.length(); i++) {
            char type = types.charAt(i);
            code.dup();
            code.loadConstant(i);
            source.load(type == 'W' ? 'L' : type);
            if (type == 'W') {
                source.load('H');
                joinHalves();
            }
            box(type);
            code.aastore();
        }
    }

    /// Loads one parameter after the other.
    private final class ParameterSource {
        private final CallingConvention convention;
        private final Demands.Sequence fields = demands.sequence();
        private int next;
        private int slot = 1;

        ParameterSource(CallingConvention convention) {
            this.convention = convention;
        }

        void load(char type) {
            if (next++ < convention.passed()) {
                code.loadLocal(Symbols.kind(type), slot);
                slot += Types.slots(type);
            } else {
                code.aload(Frame.STATE);
                fields.load(code, type);
            }
        }
    }

    /// Returns the result that compiled code left, from a method for the host.
    void returnToHost(Signature signature) {
        var results = signature.results();
        if (results.isEmpty()) {
            code.return_();
        } else if (results.equals("W")) {
            loadResult(demands.sequence(), 'W');
            code.areturn();
        } else if (results.length() == 1) {
            code.return_(Symbols.kind(results.charAt(0)));
        } else {
            boxResults(results);
            code.areturn();
        }
    }

    /// Returns it boxed: null for none, an array for several.
    void returnBoxed(String results) {
        if (results.isEmpty()) code.aconst_null();
        else if (results.equals("W")) loadResult(demands.sequence(), 'W');
        else if (results.length() == 1) box(results.charAt(0));
        else boxResults(results);
        code.areturn();
    }

    private void boxResults(String results) {
        code.loadConstant(results.length());
        code.anewarray(CD_Object);
        var fields = demands.sequence();
        for (int i = 0; i < results.length(); i++) {
            code.dup();
            code.loadConstant(i);
            loadResult(fields, results.charAt(i));
            box(results.charAt(i));
            code.aastore();
        }
    }

    private void loadResult(Demands.Sequence fields, char type) {
        for (char half : Types.halved(String.valueOf(type)).toCharArray()) {
            code.aload(Frame.STATE);
            fields.load(code, half);
        }
        if (type == 'W') joinHalves();
    }

    // ---- into compiled code

    /// Where arguments lie as the host has them.
    interface Arguments {
        void load(int index);
    }

    /// Arguments in local variables.
    Arguments inLocals(Signature signature, int from) {
        var types = signature.parameters();
        var slots = new int[types.length()];
        int slot = from;
        for (int i = 0; i < slots.length; i++) {
            slots[i] = slot;
            slot += hostKind(types.charAt(i)).slotSize();
        }
        return index -> code.loadLocal(hostKind(types.charAt(index)), slots[index]);
    }

    /// Arguments in an array, boxed.
    Arguments inArray(Signature signature, int array) {
        return index -> {
            code.aload(array);
            code.loadConstant(index);
            code.aaload();
            unbox(signature.parameters().charAt(index));
        };
    }

    /// Loads the arguments of a call of compiled code, or leaves them in fields.
    void pass(Signature signature, Arguments arguments) {
        var convention = CallingConvention.of(signature);
        var types = convention.signature().parameters();
        int index = -1;
        for (int i = 0; i < types.length(); i++) {
            char type = types.charAt(i);
            if (type != 'H') index++;
            if (i >= convention.passed()) code.aload(Frame.STATE);
            arguments.load(index);
            if (type == 'L' || type == 'H') takeHalf(type);
        }
        demands.sequence().storeAll(code, convention.inFields());
    }

    /// Returns the result of a handle, on the stack, from a compiled method.
    void returnFromHost(Signature signature) {
        var results = signature.results();
        if (results.isEmpty()) {
            code.return_();
        } else if (results.length() == 1 && !results.equals("W")) {
            code.return_(Symbols.kind(results.charAt(0)));
        } else {
            int value = code.allocateLocal(TypeKind.REFERENCE);
            code.astore(value);
            leaveInFields(results, value);
            code.return_();
        }
    }

    private void leaveInFields(String results, int value) {
        boolean several = results.length() > 1;
        var fields = demands.sequence();
        int index = -1;
        for (char type : Types.halved(results).toCharArray()) {
            if (type != 'H') index++;
            code.aload(Frame.STATE);
            code.aload(value);
            if (several) {
                code.loadConstant(index);
                code.aaload();
                unbox(results.charAt(index));
            }
            if (type == 'L' || type == 'H') takeHalf(type);
            fields.store(code, type);
        }
    }

    /// The same for a result that is null, boxed, or an array.
    void returnBoxedFromHost(Signature signature) {
        var results = signature.results();
        if (results.isEmpty()) code.pop();
        else if (results.length() > 1) code.checkcast(CD_Object.arrayType());
        else unbox(results.charAt(0));
        returnFromHost(signature);
    }
}
