package podium.testkit;

import java.util.Set;
import podium.testkit.WasmAssembler.Code;

/// A module that interprets the programs of [ToyProgram], and tells the engine so by the functions
/// of `podium.interpreter`. Registers are 8 bytes each in a frame in memory; there are three more
/// in locals, an i32, an i64 and an f64.
final class ToyInterpreter {

    static final String MODULE = "podium.interpreter";

    /// What else the interpreter is.
    enum Shape {
        /// Two calls of `dispatch`, one in an instruction of its own.
        TWO_DISPATCHES,
        NO_ENTER,
        /// Calls `enter` before the loops; [Op#ENTER] goes on in another call, and [Op#DISPATCH]
        /// goes
        /// to the outer loop, which does something of its own then.
        ENTERS_OUTSIDE,
        NO_DISPATCH,
        /// Goes on with the place as it was before `dispatch`, not with what that returned.
        KEEPS_PLACE,
        /// [Op#PROBE] does nothing: nothing tells whether code is specialised.
        NO_PROBE,
        /// Has [Op#THROW] within a `try` of its own.
        CATCHES,
        /// Has [Op#TAIL], a tail call of itself.
        TAIL_CALLS,
        /// Has [Op#VECTOR], on a local.
        VECTORS,
        /// Returns all three registers that are locals.
        SEVERAL_RESULTS
    }

    /// Instructions are 8 bytes: what it is, three bytes a, b, c, and a number. r is a register, at
    /// its low half if it is an i32; x, l, d are the registers that are locals.
    enum Op {
        /// Ends with ra.
        HALT,
        /// Remembers whether the code is specialised, and may end with it: see [ToyMachine].
        PROBE,
        /// ra = number
        CONSTANT,
        /// ra = rb + rc
        ADD,
        SUBTRACT,
        MULTIPLY,
        DIVIDE,
        /// Goes on a number of bytes from here, and is counted.
        JUMP,
        /// The same if ra < rb; written with branches.
        IF_LESS,
        /// The same if ra != rb; written with `select`.
        IF_NOT,
        /// The same without being counted.
        AGAIN,
        /// Goes on as many bytes from here as the table of 8 at the number says for ra.
        SWITCH,
        /// Calls the place with that number, in code b + 256 c if there is some; ra is the result.
        CALL,
        /// The same in the same frame, not counted.
        RECUR,
        /// Goes on at the place, in code b + 256 c if there is some.
        ENTER,
        /// ra = the host's function of rb and rc
        HOST,
        /// ra = the scratch memory at rb
        LOAD,
        /// the scratch memory at rb = ra
        STORE,
        /// ra = memory at rb + number, not where it depends on what is specialised
        ANYWHERE,
        /// Works on x in rb rounds of a loop that goes three ways.
        ROUNDS,
        /// Passes over all NOTHING that follow, in a loop.
        SKIP,
        NOTHING,
        /// Goes on behind this by way of memory.
        AROUND,
        /// l = l * rb (as i64) + number, ra = l
        LONG,
        /// d = d / 2 + rb, ra = d (saturated)
        DOUBLE,
        /// x = x * 31 + ra, ra = x
        LOCAL,
        /// ra = pages before memory grew by one
        GROW,
        THROW,
        TAIL,
        VECTOR,
        /// As JUMP, with a call of `dispatch`.
        DISPATCH
    }

    // ---- memory

    /// How many more counted instructions there may be.
    static final int LEFT = 8;

    static final int PROBED = 16;
    static final int HALTS_AT_PROBE = 20;
    static final int PLACE = 24;
    static final int SCRATCH = 0x100;
    static final int SCRATCH_SIZE = 0x100;
    static final int CODES = 0x1000;
    static final int TABLES = 0x2000;
    static final int PROGRAMS = 0x10000;
    static final int FRAMES = 0x30000;
    static final int FRAME = 128;
    static final int PAGES = 4;

    // ---- locals of the interpreter

    private static final int PC = 0;
    private static final int CODE = 1;
    private static final int AT = 2;
    private static final int X = 3;
    private static final int L = 4;
    private static final int D = 5;
    private static final int I = 6;
    private static final int V = 7;

    private static final int BR = 0x0c;
    private static final int BR_IF = 0x0d;
    private static final int IF = 0x04;
    private static final int LOOP = 0x03;
    private static final int BLOCK = 0x02;
    private static final int RETURN = 0x0f;

    private final WasmAssembler wasm = new WasmAssembler();
    private final Set<Shape> shapes;
    private final int dispatch;
    private final int enter;
    private final int specialised;
    private final int host;
    private final int run;
    private final int runType;
    private final int tag;

    /// How far away the loops over instructions are from the instruction that is written.
    private int next;

    private int entry;

    private ToyInterpreter(Set<Shape> shapes) {
        this.shapes = shapes;
        int i = wasm.type("", "i");
        int ii = wasm.type("i", "i");
        int iii = wasm.type("ii", "i");
        int iiii = wasm.type("iii", "i");
        int none = wasm.type("ii", "");
        runType = wasm.type("iii", shapes.contains(Shape.SEVERAL_RESULTS) ? "ild" : "i");
        host = wasm.importFunction("host", "mix", iii);
        dispatch = wasm.importFunction(MODULE, "dispatch", ii);
        enter = wasm.importFunction(MODULE, "enter", iii);
        boolean probes = !shapes.contains(Shape.NO_PROBE);
        specialised = probes ? wasm.importFunction(MODULE, "specialised", i) : -1;
        int specialise = wasm.importFunction(MODULE, "specialise", iiii);
        int forget = wasm.importFunction(MODULE, "forget", none);
        wasm.memory(PAGES, PAGES + 2);
        tag = shapes.contains(Shape.CATCHES) ? wasm.tag(wasm.type("i", "")) : -1;
        run = forget + 1;
        var locals = shapes.contains(Shape.VECTORS) ? "ildiv" : "ildi";
        wasm.function("run", runType, locals, body());
        wasm.function("start", iii, "ld", start());
        var ask = code().get(0).get(1).get(2).call(specialise);
        wasm.function("specialise", iiii, "", ask);
        wasm.function("forget", none, "", code().get(0).get(1).call(forget));
    }

    static WasmAssembler module(Shape... shapes) {
        return new ToyInterpreter(Set.of(shapes)).wasm;
    }

    private static Code code() {
        return new Code();
    }

    private Code start() {
        var code = code().get(0).get(1).i32(FRAMES).call(run);
        if (!shapes.contains(Shape.SEVERAL_RESULTS)) return code;
        code.set(3).set(2).i32(SCRATCH).get(2).op(0x37, 3, 0);
        return code.i32(SCRATCH).get(3).op(0x39, 3, 8);
    }

    // ---- the loops over instructions

    private Code body() {
        var ops = Op.values();
        boolean catches = shapes.contains(Shape.CATCHES);
        boolean outside = shapes.contains(Shape.ENTERS_OUTSIDE);
        var code = code();
        if (outside) code.append(entered()).begin(LOOP).append(wentRound());
        else code.begin(LOOP);
        if (!outside && !shapes.contains(Shape.NO_ENTER)) code.append(entered());
        code.i32(0).set(CODE);
        if (catches) code.begin(0x06);
        code.begin(LOOP);
        for (int i = 0; i <= ops.length; i++) code.begin(BLOCK);
        code.get(PC);
        if (!shapes.contains(Shape.NO_DISPATCH)) code.call(dispatch);
        if (!shapes.contains(Shape.KEEPS_PLACE)) code.tee(PC);
        code.op(0x2d, 0, 0).raw(0x0e).u(ops.length);
        for (int i = 0; i <= ops.length; i++) code.u(i);
        for (int i = 0; i < ops.length; i++) {
            next = ops.length - i;
            entry = next + (catches ? 2 : 1);
            code.end().append(arm(ops[i]));
        }
        code.end().raw(0x00).end();
        if (catches) {
            code.op(0x07, tag).set(X);
            code.append(forward()).op(BR, 1).end();
        }
        return code.end().raw(0x00);
    }

    /// Goes on in code, where there is some.
    private Code entered() {
        return code().get(PC).get(CODE).call(enter).set(PC).i32(0).set(CODE);
    }

    private static Code wentRound() {
        return code().get(CODE).begin(IF).get(X).i32(3).raw(0x6c).set(X).end();
    }

    private static Code forward() {
        return behind().set(PC);
    }

    /// The place of the next instruction.
    private static Code behind() {
        return code().get(PC).i32(ToyProgram.SIZE).add();
    }

    private Code then(Code code) {
        return code.append(forward()).op(BR, next);
    }

    // ---- operands

    private static Code number() {
        return code().get(PC).load(4);
    }

    private static Code address(int operand) {
        var register = code().get(AT).get(PC).op(0x2d, 0, operand);
        return register.i32(3).raw(0x74).add();
    }

    private static Code register(int operand) {
        return address(operand).load(0);
    }

    private static Code assign(Code value) {
        return address(1).append(value).store(0);
    }

    private static Code two(int opcode) {
        return register(2).append(register(3)).raw(opcode);
    }

    private static Code target() {
        return code().get(PC).append(number()).add();
    }

    private Code result(Code value) {
        if (shapes.contains(Shape.SEVERAL_RESULTS)) value.get(L).get(D);
        return value.raw(RETURN);
    }

    /// Ends when there have been enough.
    private Code counted() {
        var left = code().i32(LEFT).i32(LEFT).load(0).i32(1).sub().tee(I).store(0);
        left.get(I).i32(0).raw(0x48).begin(IF);
        return left.append(result(code().get(X))).end();
    }

    // ---- what instructions do

    private Code arm(Op op) {
        return switch (op) {
            case HALT -> result(register(1));
            case PROBE -> then(shapes.contains(Shape.NO_PROBE) ? code() : probe());
            case CONSTANT -> then(assign(number()));
            case ADD -> then(assign(two(0x6a)));
            case SUBTRACT -> then(assign(two(0x6b)));
            case MULTIPLY -> then(assign(two(0x6c)));
            case DIVIDE -> then(assign(two(0x6d)));
            case JUMP -> counted().append(target()).set(PC).op(BR, next);
            case AGAIN -> target().set(PC).op(BR, next);
            case IF_LESS -> ifLess();
            case IF_NOT -> ifNot();
            case SWITCH -> jumpByTable();
            case CALL -> then(counted().append(assign(called(FRAME))));
            case RECUR -> then(assign(called(0)));
            case ENTER -> enter();
            case HOST -> then(assign(register(2).append(register(3)).call(host)));
            case LOAD -> then(assign(scratch().load(SCRATCH)));
            case STORE -> then(scratch().append(register(1)).store(SCRATCH));
            case ANYWHERE -> then(assign(anywhere().load(0)));
            case ROUNDS -> then(rounds());
            case SKIP -> skip();
            case NOTHING -> then(code());
            case AROUND -> around();
            case LONG -> then(longs());
            case DOUBLE -> then(doubles());
            case LOCAL ->
                    then(assign(code().get(X).i32(31).raw(0x6c).append(register(1)).add().tee(X)));
            case GROW -> then(assign(code().i32(1).raw(0x40, 0)));
            case THROW -> tag < 0 ? code().raw(0x00) : register(1).op(0x08, tag);
            case TAIL -> tail();
            case VECTOR -> vector();
            case DISPATCH -> dispatched();
        };
    }

    private Code probe() {
        var code = code().i32(PROBED).call(specialised).store(0);
        code.i32(HALTS_AT_PROBE).load(0).begin(IF);
        return code.append(result(code().i32(PROBED).load(0))).end();
    }

    private Code ifLess() {
        var code = counted().append(register(1)).append(register(2)).raw(0x48).begin(IF);
        code.append(target()).set(PC).op(BR, next + 1).end();
        return then(code);
    }

    private Code ifNot() {
        var code = counted().append(target()).append(behind());
        code.append(register(1)).append(register(2)).raw(0x47).raw(0x1b);
        return code.set(PC).op(BR, next);
    }

    private Code jumpByTable() {
        var code = counted().get(PC).append(register(1)).i32(7).raw(0x71).i32(2).raw(0x74);
        return code.append(number()).add().load(0).add().set(PC).op(BR, next);
    }

    private Code enter() {
        if (shapes.contains(Shape.ENTERS_OUTSIDE))
            return counted().append(number()).append(codeNumber()).get(AT).call(run).raw(RETURN);
        return counted().append(codeNumber()).set(CODE).append(number()).set(PC).op(BR, entry);
    }

    private static Code codeNumber() {
        return code().get(PC).op(0x2f, 0, 2).i32(2).raw(0x74).load(CODES);
    }

    private Code called(int frame) {
        var code = number().append(codeNumber()).get(AT).i32(frame).add().call(run);
        return shapes.contains(Shape.SEVERAL_RESULTS) ? code.set(D).set(L) : code;
    }

    private static Code scratch() {
        return register(2).i32(SCRATCH_SIZE - 4).raw(0x71);
    }

    private static Code anywhere() {
        return register(2).append(number()).add().i32(TABLES).raw(0x72);
    }

    private static Code rounds() {
        var code = register(2).i32(15).raw(0x71).set(I).begin(LOOP);
        code.begin(BLOCK).begin(BLOCK).begin(BLOCK);
        code.get(I).i32(3).raw(0x71).raw(0x0e, 2, 0, 1, 2).end();
        code.get(X).i32(5).raw(0x6c).get(I).add().set(X).op(BR, 1).end();
        code.get(X).append(register(3)).raw(0x73).set(X).op(BR, 0).end();
        return code.get(I).i32(1).sub().tee(I).i32(0).raw(0x4a).op(BR_IF, 0).end();
    }

    private Code skip() {
        var code = code().begin(LOOP).append(forward());
        code.get(PC).op(0x2d, 0, 0).i32(Op.NOTHING.ordinal()).raw(0x46).op(BR_IF, 0).end();
        return code.op(BR, next);
    }

    private Code around() {
        var code = code().i32(PLACE).append(behind()).store(0);
        return code.i32(PLACE).load(0).set(PC).op(BR, next);
    }

    private static Code longs() {
        var code = address(1).get(L).append(register(2)).raw(0xac, 0x7e);
        return code.append(number()).raw(0xad, 0x7c).tee(L).op(0x37, 3, 0);
    }

    private static Code doubles() {
        var code = address(1).get(D).raw(0x44, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f, 0xa2);
        return code.append(register(2)).raw(0xb7, 0xa0).tee(D).raw(0xfc, 0x06).op(0x37, 3, 0);
    }

    private Code tail() {
        if (!shapes.contains(Shape.TAIL_CALLS)) return code().raw(0x00);
        return counted().append(number()).append(codeNumber()).get(AT).op(0x12, run);
    }

    private Code vector() {
        if (!shapes.contains(Shape.VECTORS)) return code().raw(0x00);
        var sum = code().get(V).append(register(2)).vector(0x11).vector(0xae).tee(V);
        return then(assign(sum.vector(0x1b, 2)));
    }

    private Code dispatched() {
        var code = counted().append(target());
        if (shapes.contains(Shape.TWO_DISPATCHES)) code.call(dispatch);
        code.set(PC);
        if (!shapes.contains(Shape.ENTERS_OUTSIDE)) return code.op(BR, next);
        return code.i32(1).set(CODE).op(BR, entry);
    }
}
