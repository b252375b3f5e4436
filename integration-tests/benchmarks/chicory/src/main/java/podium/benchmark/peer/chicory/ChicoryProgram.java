package podium.benchmark.peer.chicory;

import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.ByteArrayMemory;
import com.dylibso.chicory.runtime.ImportMemory;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.MemoryImport;
import java.nio.file.Files;
import java.nio.file.Path;

/// A program for Linux on Chicory, compiled to bytecode at run time: `MODULE`, with what this
/// process has as standard input and output. It gets neither arguments nor environment.
public final class ChicoryProgram {

    /// Bytes: what calls of the guest take is of the host's stack.
    private static final long STACK = 512L << 20;

    private static final int AT_PAGESZ = 6;
    private static final int AT_RANDOM = 25;

    private ChicoryProgram() {}

    public static void main(String[] arguments) throws Exception {
        var module = Parser.parse(Files.readAllBytes(Path.of(arguments[0])));
        var input = System.in.readAllBytes();
        var thread = new Thread(null, () -> run(module, input), "guest", STACK);
        thread.setUncaughtExceptionHandler(
                (_, failure) -> {
                    failure.printStackTrace();
                    Runtime.getRuntime().halt(1);
                });
        thread.start();
    }

    private static void run(WasmModule module, byte[] input) {
        var wanted = memory(module);
        var memory = new ByteArrayMemory(wanted.limits());
        var stubs = new LinuxStubs(memory, memory.pages() * Memory.PAGE_SIZE, input);
        var instance =
                Instance.builder(module)
                        .withStart(false) // it would be called without what a program gets
                        .withMachineFactory(MachineFactoryCompiler::compile)
                        .withImportValues(
                                ImportValues.builder()
                                        .withFunctions(stubs.functions(module))
                                        .addMemory(
                                                new ImportMemory(
                                                        wanted.module(), wanted.name(), memory))
                                        .build())
                        .build();
        try {
            instance.export("_start").apply(block(memory, stubs));
        } catch (LinuxStubs.Exit e) {
            System.exit(e.status);
        }
    }

    private static MemoryImport memory(WasmModule module) {
        return module.importSection().stream()
                .filter(MemoryImport.class::isInstance)
                .map(MemoryImport.class::cast)
                .findFirst()
                .orElseThrow();
    }

    /// What Linux puts on a new program's stack: no words, and the least that the C library asks
    /// for.
    private static int block(Memory memory, LinuxStubs stubs) {
        int block = stubs.map(1);
        int[] words = {0, 0, 0, AT_PAGESZ, 4096, AT_RANDOM, block, 0, 0};
        for (int i = 0; i < words.length; i++) memory.writeI32(block + 4 * i, words[i]);
        return block;
    }
}
