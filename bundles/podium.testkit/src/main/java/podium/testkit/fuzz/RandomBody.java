package podium.testkit.fuzz;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import podium.engine.Engine.Feature;
import podium.testkit.WasmAssembler.Code;
import podium.testkit.fuzz.RandomModule.Signature;

/// A random function body: statements, which leave the stack as it is, made of expressions, which
/// leave one value each.
final class RandomBody {

    private static final int BLOCK = 0x02;
    private static final int LOOP = 0x03;
    private static final int IF = 0x04;
    private static final int EMPTY = 0x40;
    private static final int MOST_DEPTH = 5;

    /// Instructions are written as long as there are this many or fewer bytes.
    private static final int MOST_BYTES = 600;

    final RandomModule module;
    final RandomValues values;
    final Code code = new Code();

    private final Signature type;
    private final StringBuilder locals;

    /// What branches to the labels take, innermost first.
    private final Deque<String> labels = new ArrayDeque<>();

    private final RandomMemory memory;
    private final RandomTable table;
    private final RandomExceptions exceptions;
    private int depth;

    RandomBody(RandomModule module, Signature type) {
        this.module = module;
        this.type = type;
        values = new RandomValues(module.random);
        memory = new RandomMemory(this);
        table = new RandomTable(this);
        exceptions = new RandomExceptions(this);
        locals = new StringBuilder(type.parameters());
        for (int n = random(5); n > 0; n--) locals.append(module.letter());
        labels.push(type.results());
        takeFuel();
        for (int n = 1 + random(4); n > 0; n--) statement();
        expressions(type.results());
    }

    /// Letters of the locals behind the parameters.
    String locals() {
        return locals.substring(type.parameters().length());
    }

    Code code() {
        return code;
    }

    int random(int bound) {
        return module.random.nextInt(bound);
    }

    private void takeFuel() {
        code.op(0x23, module.fuel).i32(1).sub().op(0x24, module.fuel);
        code.op(0x23, module.fuel).i32(0).raw(0x48).begin(IF).raw(0x00).end();
    }

    private boolean isSmall() {
        return depth < MOST_DEPTH && code.size() < MOST_BYTES;
    }

    int newLocal(char type) {
        locals.append(type);
        return locals.length() - 1;
    }

    /// A local of a type; a new one if there is none.
    private int local(char type) {
        var all = new ArrayList<Integer>();
        for (int i = 0; i < locals.length(); i++) if (locals.charAt(i) == type) all.add(i);
        return all.isEmpty() ? newLocal(type) : all.get(random(all.size()));
    }

    // ---- statements

    void statements() {
        for (int n = random(3); n > 0; n--) statement();
    }

    void statement() {
        if (!isSmall()) return;
        depth++;
        switch (random(16)) {
            case 0, 1 -> {
                char letter = module.letter();
                expression(letter);
                code.set(local(letter));
            }
            case 2 -> globalSet();
            case 3, 4, 5 -> memory.statement();
            case 6 -> block(BLOCK);
            case 7, 8 -> block(LOOP);
            case 9 -> conditional();
            case 10 -> {
                expression(module.letter());
                code.raw(0x1a);
            }
            case 11, 12 -> call();
            case 13 -> exceptions.statement();
            case 14 -> branchIf();
            default -> {
                if (module.chance(15)) leave();
                else table.statement();
            }
        }
        depth--;
    }

    private void globalSet() {
        var variables = module.variables.stream().filter(RandomModule.Variable::mutable).toList();
        if (variables.isEmpty()) return;
        var variable = variables.get(random(variables.size()));
        expression(variable.type());
        code.op(0x24, variable.index());
    }

    /// A block or loop that takes and leaves values.
    private void block(int opcode) {
        var signature = module.chance(60) ? new Signature("", "") : someType();
        expressions(signature.parameters());
        open(opcode, signature, opcode == LOOP ? signature.parameters() : signature.results());
        if (opcode == LOOP) takeFuel();
        drop(signature.parameters());
        statements();
        if (opcode == LOOP && module.chance(70)) {
            expressions(signature.parameters());
            expression('i');
            code.op(0x0d, 0);
            drop(signature.parameters());
        }
        expressions(signature.results());
        close();
        drop(signature.results());
    }

    private void conditional() {
        var signature = module.chance(60) ? new Signature("", "") : someType();
        expressions(signature.parameters());
        expression('i');
        open(IF, signature, signature.results());
        drop(signature.parameters());
        statements();
        expressions(signature.results());
        if (!signature.equals(new Signature("", "")) || module.chance(50)) {
            code.raw(0x05);
            drop(signature.parameters());
            statements();
            expressions(signature.results());
        }
        close();
        drop(signature.results());
    }

    Signature someType() {
        return module.types.get(random(module.types.size()));
    }

    /// Begins a block.
    ///
    /// @param label what branches to it take
    void open(int opcode, Signature signature, String label) {
        code.raw(opcode);
        blockType(signature);
        labels.push(label);
    }

    void blockType(Signature signature) {
        if (signature.equals(new Signature("", ""))) code.raw(EMPTY);
        else code.u(module.type(signature.parameters(), signature.results()));
    }

    void close() {
        labels.pop();
        code.end();
    }

    /// Ends a block that has its end already.
    void leaveLabel() {
        labels.pop();
    }

    int labelCount() {
        return labels.size();
    }

    /// Takes values from the stack: into locals, or away.
    void drop(String types) {
        for (int i = types.length() - 1; i >= 0; i--)
            if (module.chance(50)) code.set(local(types.charAt(i)));
            else code.raw(0x1a);
    }

    private void branchIf() {
        int label = random(labels.size());
        expressions(label(label));
        expression('i');
        code.op(0x0d, label);
        drop(label(label));
    }

    private String label(int depth) {
        return List.copyOf(labels).get(depth);
    }

    /// What nothing that follows is reached after.
    private void leave() {
        switch (random(5)) {
            case 0 -> {
                int label = random(labels.size());
                expressions(label(label));
                code.op(0x0c, label);
            }
            case 1 -> branchTable();
            case 2 -> {
                expressions(type.results());
                code.raw(0x0f);
            }
            case 3 -> tailCall();
            default -> code.raw(0x00);
        }
    }

    private void branchTable() {
        var wanted = label(random(labels.size()));
        var targets = new ArrayList<Integer>();
        for (int i = 0; i < labels.size(); i++) if (label(i).equals(wanted)) targets.add(i);
        expressions(wanted);
        expression('i');
        int count = random(6);
        code.raw(0x0e).u(count);
        for (int i = 0; i <= count; i++) code.u(targets.get(random(targets.size())));
    }

    private void tailCall() {
        if (!module.features.contains(Feature.TAIL_CALLS)) return;
        for (int n = 0; n < 5; n++) {
            int function = random(module.functionTypes.size());
            int index = module.functionTypes.get(function);
            var signature = module.types.get(index);
            if (!signature.results().equals(type.results())) continue;
            expressions(signature.parameters());
            if (module.chance(50)) {
                code.op(0x12, function);
            } else {
                table.element();
                code.op(0x13, index, 0);
            }
            return;
        }
    }

    // ---- calls

    private void call() {
        int function = random(module.functionTypes.size());
        int index = module.functionTypes.get(function);
        var signature = module.types.get(index);
        expressions(signature.parameters());
        if (module.chance(70)) {
            code.call(function);
        } else {
            table.element();
            code.op(0x11, index, 0);
        }
        drop(signature.results());
    }

    // ---- expressions

    void expressions(String types) {
        for (char each : types.toCharArray()) expression(each);
    }

    /// Leaves one value.
    void expression(char wanted) {
        if (!isSmall()) {
            simple(wanted);
            return;
        }
        depth++;
        switch (random(14)) {
            case 0, 1, 2 -> simple(wanted);
            case 3, 4, 5, 6 -> operation(wanted);
            case 7, 8 -> memory.load(wanted);
            case 9 -> choice(wanted);
            case 10 -> {
                open(BLOCK, new Signature("", "" + wanted), "" + wanted);
                statements();
                expression(wanted);
                close();
            }
            case 11 -> {
                expression(wanted);
                code.tee(local(wanted));
            }
            case 12 -> {
                if (module.chance(10)) leave();
                simple(wanted);
            }
            default -> special(wanted);
        }
        depth--;
    }

    private void simple(char wanted) {
        var variables = module.variables.stream().filter(v -> v.type() == wanted).toList();
        if (!variables.isEmpty() && module.chance(30))
            code.op(0x23, variables.get(random(variables.size())).index());
        else if (module.chance(50)) code.get(local(wanted));
        else values.constant(code, wanted);
    }

    private void operation(char wanted) {
        var operators = Operators.of(wanted, module.letters);
        if (operators.isEmpty()) {
            simple(wanted);
            return;
        }
        var operator = operators.get(random(operators.size()));
        expressions(operator.operands());
        operator.write(code, operator.lanes() > 0 ? random(operator.lanes()) : 0);
        if (operator.nan()) evenOut(operator);
    }

    /// Makes any NaN the canonical one, and leaves no other in a local.
    private void evenOut(Operator operator) {
        char type = operator.result();
        int kept = newLocal(type);
        if (type != 'v') {
            code.set(kept).get(kept);
            if (type == 'f') code.raw(0x43, 0, 0, 0xc0, 0x7f);
            else code.raw(0x44, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f);
            code.get(kept).get(kept).raw(type == 'f' ? 0x5b : 0x61, 0x1b).tee(kept);
            return;
        }
        code.set(kept).get(kept);
        boolean narrow = Operators.hasNarrowLanes(operator);
        long nan = narrow ? 0x7fc000007fc00000L : 0x7ff8000000000000L;
        code.v128(nan, nan).get(kept).get(kept).vector(narrow ? 0x41 : 0x47).vector(0x52);
        code.tee(kept);
    }

    private void choice(char wanted) {
        expression(wanted);
        expression(wanted);
        expression('i');
        switch (wanted) {
            case 'r' -> code.raw(0x1c, 1, 0x70);
            case 'x' -> code.raw(0x1c, 1, 0x6f);
            case 'e' -> code.raw(0x1c, 1, 0x69);
            default -> code.raw(0x1b);
        }
    }

    /// What there is of one type only.
    private void special(char wanted) {
        switch (wanted) {
            case 'i' -> {
                switch (random(4)) {
                    case 0 -> code.raw(0x3f, 0); // memory.size
                    case 1 -> code.raw(0xfc, 16, 0); // table.size
                    case 2 -> code.i32(random(2)).raw(0x40, 0); // memory.grow
                    default -> {
                        table.reference();
                        code.raw(0xd1);
                    }
                }
            }
            case 'r' -> {
                if (module.chance(50)) {
                    code.op(0xd2, module.referable());
                } else {
                    table.element();
                    code.op(0x25, 0);
                }
            }
            case 'v' -> {
                expression('v');
                expression('v');
                code.vector(0x0d);
                for (int i = 0; i < 16; i++) code.raw(random(32)); // i8x16.shuffle
            }
            default -> simple(wanted);
        }
    }
}
