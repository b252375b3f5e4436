package podium.testkit.fuzz;

import podium.testkit.WasmAssembler.Code;

/// Random accesses to the table.
final class RandomTable {

    private final RandomBody body;
    private final Code code;

    RandomTable(RandomBody body) {
        this.body = body;
        code = body.code;
    }

    /// An index into the table, seldom beyond it.
    void element() {
        if (body.module.chance(50)) code.i32(body.random(RandomModule.TABLE_SIZE));
        else {
            body.expression('i');
            if (body.module.chance(90)) code.i32(RandomModule.TABLE_SIZE - 1).raw(0x71);
        }
    }

    void reference() {
        if (body.module.letters.indexOf('r') >= 0) body.expression('r');
        else code.raw(0xd0, 0x70);
    }

    void statement() {
        switch (body.random(6)) {
            case 0 -> {
                element();
                reference();
                code.op(0x26, 0);
            }
            case 1 -> {
                element();
                reference();
                code.i32(body.random(4)).raw(0xfc).u(17).u(0); // table.fill
            }
            case 2 -> {
                element();
                element();
                code.i32(body.random(6)).raw(0xfc, 14, 0, 0); // table.copy
            }
            case 3 -> {
                element();
                code.i32(body.random(3)).i32(body.random(4)); // table.init
                code.raw(0xfc, 12).u(body.random(body.module.elementSegments)).u(0);
            }
            case 4 -> {
                if (body.module.chance(20))
                    code.raw(0xfc, 13).u(body.random(body.module.elementSegments));
            }
            default -> {
                reference();
                code.i32(body.random(3)).raw(0xfc, 15, 0, 0x1a); // table.grow
            }
        }
    }
}
