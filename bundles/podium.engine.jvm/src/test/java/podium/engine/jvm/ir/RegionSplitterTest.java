package podium.engine.jvm.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import podium.engine.jvm.ir.RegionSplitter.Division;
import podium.engine.jvm.ir.RegionSplitter.Limits;
import podium.engine.jvm.ir.RegionSplitter.Manner;
import podium.engine.jvm.wasm.CallTargets;
import podium.engine.jvm.wasm.FunctionValidator;
import podium.engine.jvm.wasm.ModuleParser;
import podium.testkit.WasmAssembler;

class RegionSplitterTest {

    private static final int ARMS = 30;

    /// Each method has room for all of it.
    private static final int ENOUGH = 100_000;

    /// A loop around the arms of a switch.
    private static byte[] loop() {
        var body = new WasmAssembler.Code();
        body.begin(3);
        for (int i = 0; i <= ARMS; i++) body.begin(2);
        body.get(0).raw(0x0e).u(ARMS);
        for (int i = 0; i <= ARMS; i++) body.u(i);
        for (int i = 0; i < ARMS; i++) {
            body.end();
            for (int j = 0; j < 5; j++) body.get(1).i32(i + j).raw(0x6c).get(0).add().set(1);
            body.get(1).set(0).op(0x0c, ARMS - i);
        }
        body.end().end().get(1);
        var wasm = new WasmAssembler();
        wasm.function("f", wasm.type("ii", "i"), "", body);
        return wasm.assemble();
    }

    /// Returns at once, or does much first.
    private static byte[] early() {
        var body = new WasmAssembler.Code();
        body.begin(2).get(0).op(0x0d, 0);
        for (int i = 0; i < 100; i++) body.get(1).i32(i).raw(0x6c).get(0).add().set(1);
        body.end().get(1);
        var wasm = new WasmAssembler();
        wasm.function("f", wasm.type("ii", "i"), "", body);
        return wasm.assemble();
    }

    private static FunctionIr translate(byte[] bytes) {
        var module = ModuleParser.parse(bytes);
        var targets = new CallTargets();
        FunctionValidator.validate(module, Set.of(), targets, 0);
        return IrBuilder.build(module, 0, targets);
    }

    /// @param much how many of 10,000 calls do much
    private static Division outlined(int much) {
        var ir = translate(early());
        for (var block : ir.blocks) block.count = block.cost > ARMS ? much : 10_000;
        return RegionSplitter.split(
                ir, new Limits(ENOUGH, ENOUGH, ENOUGH, Manner.DEEP), true, false);
    }

    private static Division split(int hot, int other) {
        var ir = translate(loop());
        return RegionSplitter.split(ir, new Limits(0, hot, other, Manner.DEEP), false, false);
    }

    private static int cost(Region region) {
        return region.blocks.stream().mapToInt(block -> block.cost).sum();
    }

    @Test
    void whatFitsIsNotDivided() {
        var division = split(ENOUGH, ENOUGH);
        assertEquals(List.of(), division.main().groups);
        assertEquals(division.main(), division.hot());
    }

    @Test
    void theHotMethodIsSmallerWhereOthersHaveRoom() {
        int all = cost(split(ENOUGH, ENOUGH).main());
        var sizes = Stream.of(2, 4, 8).map(n -> cost(split(all / n, all).hot())).toList();
        assertTrue(sizes.getFirst() <= all / 2, sizes + " of " + all);
        for (int i = 1; i < sizes.size(); i++)
            assertTrue(sizes.get(i) < sizes.get(i - 1), sizes + " of " + all);
    }

    @Test
    void whatSeldomRunsMovesOutOfAFunctionThatIsLittleElse() {
        var division = outlined(100);
        assertTrue(division.outlined());
        assertTrue(cost(division.main()) < 50, () -> "" + cost(division.main()));
        assertEquals(1, division.main().groups.size());
    }

    @Test
    void whatOftenRunsStays() {
        assertEquals(List.of(), outlined(5_000).main().groups);
    }
}
