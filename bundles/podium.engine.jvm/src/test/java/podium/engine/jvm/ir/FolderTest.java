package podium.engine.jvm.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Map;
import org.junit.jupiter.api.Test;
import podium.engine.jvm.wasm.Opcodes;

/// What is known stays what variables are.
class FolderTest {

    private static final int LOAD8 = 0x2d;

    private static Expr number(int value) {
        return Expr.constant(Opcodes.I32_CONST, 'I', value);
    }

    private static Expr tee(int variable, Expr value) {
        return new Expr(Opcodes.LOCAL_TEE, 'I').index(variable).operands(value).sealed();
    }

    private static Expr set(int variable, Expr value) {
        return new Expr(Opcodes.LOCAL_SET, 'V').index(variable).operands(value).sealed();
    }

    private static Expr add(Expr a, Expr b) {
        return new Expr(Opcodes.I32_ADD, 'I').operands(a, b).sealed();
    }

    private static Folder fold(Expr statement, Map<Integer, Integer> known) {
        var block = new Block();
        block.add(statement);
        return new Folder(new Program(100, new byte[] {7, -1, 0}), 10, block, known);
    }

    @Test
    void readsTheProgram() {
        var load = new Expr(LOAD8, 'I').imm(1).operands(Expr.get(0, 'I')).sealed();
        var folder = fold(set(1, load), Map.of(0, 100));
        assertEquals(255, folder.known.get(1));
        var outside = fold(set(1, load), Map.of(0, 102));
        assertNull(outside.known.get(1));
        assertEquals(LOAD8, outside.statements.getFirst().a().op);
    }

    /// What a tree assigns and knows comes before it.
    @Test
    void takesAssignmentsOut() {
        var folder = fold(set(1, add(Expr.get(2, 'I'), tee(0, number(5)))), Map.of());
        assertEquals(5, folder.known.get(0));
        assertEquals(2, folder.statements.size());
        assertEquals(Opcodes.LOCAL_SET, folder.statements.getFirst().op);
        assertEquals(10, folder.statements.getFirst().index);
    }

    @Test
    void leavesThemBehindWhatReadsTheVariable() {
        var folder = fold(set(1, add(Expr.get(0, 'I'), tee(0, number(5)))), Map.of());
        assertEquals(1, folder.statements.size());
        assertEquals(5, folder.known.get(0));
        assertEquals(Opcodes.LOCAL_TEE, folder.statements.getFirst().a().b().op);
    }

    @Test
    void leavesThemBehindAnotherAssignment() {
        var folder = fold(set(1, add(tee(0, Expr.get(2, 'I')), tee(0, number(5)))), Map.of(0, 3));
        assertEquals(1, folder.statements.size());
        assertEquals(5, folder.known.get(0));
        assertEquals(Opcodes.LOCAL_TEE, folder.statements.getFirst().a().b().op);
        assertNull(fold(set(1, tee(0, Expr.get(2, 'I'))), Map.of(0, 3)).known.get(0));
    }
}
