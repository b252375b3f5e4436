package podium.buildtool.wast;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import podium.buildtool.wast.Converter.Unreadable;
import podium.buildtool.wast.Form.Group;
import podium.engine.Engine;
import podium.engine.FunctionType;
import podium.engine.Global;
import podium.engine.GuestFunction;
import podium.engine.Instance;
import podium.engine.LinkException;
import podium.engine.Module;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.engine.OutOfMemoryException;
import podium.engine.Tag;
import podium.engine.TagType;
import podium.engine.Trap;
import podium.engine.ValueType;

/// Runs one script, command by command (the reference interpreter's documentation, "Scripts").
final class ScriptRunner implements AutoCloseable {

    private static final Set<String> MODULE_FIELDS =
            Set.of(
                    "type", "import", "func", "table", "memory", "global", "tag", "export", "start",
                    "elem", "data", "rec");

    /// Given for an import that nobody provides, for an engine would make a memory by itself: a tag
    /// with results, which fits nothing.
    private static final Tag NOTHING =
            () -> new TagType(new FunctionType(List.of(), List.of(ValueType.I32)));

    private final Engine engine;
    private final byte[] script;
    private final ScriptModules modules;
    private final Watchdog watchdog;
    private final Outcome outcome;
    private final Map<String, Module> definitions = new HashMap<>();
    private final Map<String, Instance> instances = new HashMap<>();
    private final Map<String, Instance> registered = new HashMap<>();

    /// Names that would be registered if their modules had not been refused.
    private final Set<String> lost = new HashSet<>();

    private final Set<Instance> open = new HashSet<>();
    private @Nullable Module definition;
    private @Nullable Instance current;

    /// Why there is no current instance.
    private String refusal = "";

    ScriptRunner(
            Engine engine, byte[] script, Converter converter, Watchdog watchdog, Outcome outcome) {
        this.engine = engine;
        this.script = script;
        this.watchdog = watchdog;
        this.outcome = outcome;
        modules = new ScriptModules(script, converter);
    }

    /// Makes an instance's exports importable.
    void register(String name, Instance instance) {
        registered.put(name, instance);
    }

    /// A command that asks for what was refused.
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(@Nullable String message) {
            super(message, null, false, false);
        }
    }

    /// A command whose expectation was not met.
    private static final class Unexpected extends Exception {
        private static final long serialVersionUID = 1;

        Unexpected(String message) {
            super(message, null, false, false);
        }
    }

    void run() {
        try {
            var commands = FormReader.read(script);
            if (!commands.isEmpty() && MODULE_FIELDS.contains(commands.getFirst().head()))
                commands = List.of(new Group(List.of(), 0, script.length));
            for (var command : commands) attempt(command);
        } catch (IllegalArgumentException e) {
            outcome.fail(1, "the script cannot be read: " + e.getMessage());
        }
    }

    private void attempt(Group command) {
        try {
            if (execute(command)) outcome.pass();
        } catch (Refused e) {
            outcome.refuse(line(command), String.valueOf(e.getMessage()));
        } catch (Unexpected e) {
            outcome.fail(line(command), command.head() + ": " + e.getMessage());
        } catch (Exception | LinkageError | StackOverflowError e) {
            outcome.fail(line(command), command.head() + ": " + e);
        }
    }

    private int line(Group command) {
        int line = 1;
        for (int i = 0; i < command.start(); i++) if (script[i] == '\n') line++;
        return line;
    }

    /// @return whether the command counts
    private boolean execute(Group command) throws Exception {
        switch (command.head()) {
            case "" -> instantiate(command);
            case "module" -> module(command);
            case "register" -> {
                var name = command.text(1).utf8();
                lost.add(name);
                register(name, instance(command.word(2)));
                lost.remove(name);
                return false;
            }
            case "invoke", "get" -> action(command);
            case "assert_return" -> assertReturn(command);
            case "assert_trap" -> {
                if (command.group(1).head().equals("module")) assertModuleTraps(command);
                else assertTraps(command, command.text(2).utf8());
            }
            case "assert_exhaustion" -> assertTraps(command, command.text(2).utf8());
            case "assert_exception" -> assertTraps(command, "uncaught exception");
            case "assert_invalid", "assert_malformed" -> {
                return assertBad(command);
            }
            case "assert_unlinkable" -> assertUnlinkable(command);
            case "assert_malformed_custom", "assert_invalid_custom" -> {
                outcome.skip();
                return false;
            }
            default -> throw new Unexpected("no such command");
        }
        return true;
    }

    // ---- modules

    private void module(Group form) throws Exception {
        if (form.word(1).equals("instance")) {
            instantiate(form.word(2), form.word(3));
        } else if (form.word(1).equals("definition")) {
            definition = null;
            definition = load(form);
            definitions.put(ScriptModules.name(form), definition);
        } else {
            instantiate(form);
        }
    }

    private void instantiate(String name, String of) throws Exception {
        current = null;
        refusal = "its definition was refused";
        var module = of.isEmpty() ? definition : definitions.get(of);
        if (module == null) throw new Refused(refusal);
        make(module, name);
    }

    private void instantiate(Group form) throws Exception {
        current = null;
        var name = form.items().isEmpty() ? "" : ScriptModules.name(form);
        instances.remove(name);
        try {
            make(load(form), name);
        } catch (Refused e) {
            refusal = String.valueOf(e.getMessage());
            throw e;
        } catch (Exception e) {
            refusal = "its module failed";
            throw e;
        }
    }

    private void make(Module module, String name) throws LinkException, Refused {
        current = instantiate(module);
        if (!name.isEmpty()) instances.put(name, current);
    }

    private Module load(Group form) throws ModuleException, Refused {
        try {
            return load(modules.binary(form));
        } catch (Unreadable e) {
            throw new Refused("not converted: " + e.getMessage());
        } catch (ModuleException e) {
            if (isRefusal(e)) throw new Refused(e.getMessage());
            throw e;
        }
    }

    private Module load(byte[] binary) throws ModuleException {
        return engine.load(ModuleSource.of("module", binary));
    }

    private static boolean isRefusal(ModuleException e) {
        return String.valueOf(e.getMessage()).contains("unsupported");
    }

    private Instance instantiate(Module module) throws LinkException, Refused {
        for (var wanted : module.imports())
            if (lost.contains(wanted.module())) throw new Refused("what it imports was refused");
        var made =
                module.instantiate(
                        wanted -> {
                            var from = registered.get(wanted.module());
                            var given = from == null ? null : from.export(wanted.name());
                            return given == null ? NOTHING : given;
                        },
                        null);
        open.add(made);
        return made;
    }

    private Instance instance(String name) throws Refused {
        var found = name.startsWith("$") ? instances.get(name) : current;
        if (found == null) throw new Refused(refusal);
        return found;
    }

    // ---- actions

    private Object[] action(Group form) throws Refused, Unexpected {
        boolean named = form.word(1).startsWith("$");
        var instance = instance(form.word(1));
        var name = form.text(named ? 2 : 1).utf8();
        var export = instance.export(name);
        if (export instanceof Global global && form.head().equals("get"))
            return new @Nullable Object[] {global.get()};
        if (!(export instanceof GuestFunction function))
            throw new Unexpected("nothing is exported as " + name);
        var arguments = new ArrayList<@Nullable Object>();
        for (int i = named ? 3 : 2; i < form.items().size(); i++)
            arguments.add(Values.argument(form.group(i)));
        var result = watchdog.call(instance, function, arguments.toArray());
        return switch (function.type().results().size()) {
            case 0 -> new Object[0];
            case 1 -> new @Nullable Object[] {result};
            default -> (Object[]) Objects.requireNonNull(result);
        };
    }

    // ---- assertions

    private void assertReturn(Group command) throws Refused, Unexpected {
        var expected = new ArrayList<Group>();
        for (int i = 2; i < command.items().size(); i++) expected.add(command.group(i));
        var actual = action(command.group(1));
        if (!Values.matches(expected, actual))
            throw new Unexpected("got " + java.util.Arrays.deepToString(actual));
    }

    private void assertTraps(Group command, String message) throws Refused, Unexpected {
        try {
            var actual = action(command.group(1));
            throw new Unexpected("got " + java.util.Arrays.deepToString(actual));
        } catch (Trap e) {
            expect(e, message);
        }
    }

    private void assertModuleTraps(Group command) throws Exception {
        var module = load(command.group(1));
        try {
            instantiate(module);
            throw new Unexpected("the module was instantiated");
        } catch (Trap e) {
            expect(e, command.text(2).utf8());
        }
    }

    private static void expect(Trap trap, String message) throws Unexpected {
        var text = trap.kind().text();
        boolean same =
                text.startsWith(message)
                        || message.startsWith(text)
                        || trap.kind() == Trap.Kind.NULL_REFERENCE && message.startsWith("null ");
        if (!same) throw new Unexpected("trapped with: " + text + ", not: " + message);
    }

    /// @return whether it was more than a check of the text format
    private boolean assertBad(Group command) throws Refused, Unexpected {
        var form = command.group(1);
        byte[] binary;
        try {
            if (ScriptModules.isQuoted(form) && command.head().equals("assert_malformed"))
                throw new Unreadable("a text");
            binary = modules.binary(form);
        } catch (Unreadable e) {
            outcome.skip();
            return false;
        }
        try {
            load(binary);
        } catch (ModuleException e) {
            if (isRefusal(e)) throw new Refused(e.getMessage());
            return true;
        }
        throw new Unexpected("the module was accepted: " + command.text(2).utf8());
    }

    private void assertUnlinkable(Group command) throws Exception {
        var module = load(command.group(1));
        try {
            instantiate(module);
        } catch (LinkException | OutOfMemoryException e) {
            return;
        }
        throw new Unexpected("the module was instantiated: " + command.text(2).utf8());
    }

    @Override
    public void close() {
        for (var instance : open) instance.close();
    }
}
