package podium.itest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.sqlite.JDBC;
import podium.pod.Pod;
import podium.pod.ProcessSpec;
import podium.pod.Result;

/// SQLite as published for WASI, at work on a database of a pod: transactions, some of them rolled
/// back, some read again from the file, until it is told to stop. It says after each what is there,
/// and this says what must be. (That one has no `pragma`: another SQLite has to check the file.)
final class SqliteGuest implements Enumeration<InputStream> {

    private static final String FILE = "/data/t.db";
    private static final Duration LONGEST = Duration.ofHours(3);
    private static final int ROWS = 500;
    private static final int CHANGED = 20;

    private static final String CREATE =
            """
            create table t(id integer primary key, n, text);
            create index i on t(text);
            """;

    /// As long as the number says, of a letter that it says, too.
    private static final String TEXT =
            "replace(hex(zeroblob(n * 37 % 3000)), '00', char(65 + n % 26))";

    private static final String CHANGE =
            """
            begin;
            with recursive c(n) as (values(%1$d) union all select n + 1 from c where n < %2$d)
              insert or replace into t select n %% %3$d, n, %4$s from c;
            commit;
            select count(*), sum(n), sum(length(text)) from t;
            """;

    private static final String ROLL_BACK =
            "begin; update t set text = n; delete from t where n % 2; rollback;\n";

    /// Nothing is in its cache then.
    private static final String OPEN = ".open " + FILE + "\n";

    private static final String CHECK = "select count(*) from t where text is not " + TEXT + ";\n";

    private final Pod pod;
    private final byte[] module;
    private final AtomicInteger begun = new AtomicInteger();
    private final StringBuffer wanted = new StringBuffer();
    private final long[] numbers = new long[ROWS];
    private volatile boolean stopping;
    private boolean ended;

    SqliteGuest(Pod pod) throws Exception {
        this.pod = pod;
        module = Files.readAllBytes(WasiGuest.published("sqlite.wasm"));
    }

    /// Works until it is told to stop.
    Result work() throws Exception {
        return run(new SequenceInputStream(this));
    }

    /// What another process finds in the database.
    Result check() throws Exception {
        return run(new ByteArrayInputStream(CHECK.getBytes(UTF_8)));
    }

    private Result run(InputStream statements) throws Exception {
        var spec =
                ProcessSpec.of(List.of("sqlite", "-batch", "-bail", FILE))
                        .withModule(module)
                        .withDirectories(Map.of("/data", "/data"))
                        .withInput(statements);
        return pod.run(spec, LONGEST);
    }

    void stop() {
        stopping = true;
    }

    /// How many transactions it has been given; a pipe full of them may lie before it.
    int begun() {
        return begun.get();
    }

    /// What [#work] must say.
    Result worked() {
        return new Result(0, wanted + "0\n", "");
    }

    /// What [#check] must say.
    static Result checked() {
        return new Result(0, "0\n", "");
    }

    /// What `pragma integrity_check` says of the file, when nobody uses it.
    ///
    /// @param copy where it goes
    String integrity(Path copy) throws Exception {
        Files.copy(pod.fileSystem().getPath(FILE), copy);
        // The driver is in a bundle, where DriverManager does not look.
        try (var database = new JDBC().connect("jdbc:sqlite:" + copy, new Properties());
                var statement = database.createStatement();
                var result = statement.executeQuery("pragma integrity_check")) {
            return result.getString(1);
        }
    }

    @Override
    public boolean hasMoreElements() {
        return !ended;
    }

    @Override
    public InputStream nextElement() {
        ended = stopping;
        var statements = ended ? CHECK : transaction(begun.getAndIncrement());
        return new ByteArrayInputStream(statements.getBytes(UTF_8));
    }

    private String transaction(int number) {
        long first = (long) number * CHANGED;
        long count = 0;
        long sum = 0;
        long length = 0;
        for (long n = first; n < first + CHANGED; n++) numbers[(int) (n % ROWS)] = n;
        for (int id = 0; id < Math.min(ROWS, first + CHANGED); id++) {
            count++;
            sum += numbers[id];
            length += numbers[id] * 37 % 3000;
        }
        wanted.append(count + "|" + sum + "|" + length + "\n");
        var change = CHANGE.formatted(first, first + CHANGED - 1, ROWS, TEXT);
        var before = number == 0 ? CREATE : number % 5 == 0 ? ROLL_BACK : "";
        return before + (number % 3 == 2 ? OPEN : "") + change;
    }
}
