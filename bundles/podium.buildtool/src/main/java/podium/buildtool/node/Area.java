package podium.buildtool.node;

import java.util.Map;
import java.util.TreeMap;

/// Which module of Node a test is about, by its file name: `test-MODULE-*`. Names that are not a
/// module's own are told here.
final class Area {

    /// Beginnings of names behind `test-`, the longest that fits counts.
    private static final TreeMap<String, String> NAMES =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("async-hooks", "async_hooks"),
                            Map.entry("async-local-storage", "async_hooks"),
                            Map.entry("async-wrap", "async_hooks"),
                            Map.entry("buffer", "buffer"),
                            Map.entry("child-process", "child_process"),
                            Map.entry("diagnostics-channel", "diagnostics_channel"),
                            Map.entry("event", "events"),
                            Map.entry("eventtarget", "events"),
                            Map.entry("file", "fs"),
                            Map.entry("filehandle", "fs"),
                            Map.entry("next-tick", "process"),
                            Map.entry("performance", "perf_hooks"),
                            Map.entry("performanceobserver", "perf_hooks"),
                            Map.entry("perf-hooks", "perf_hooks"),
                            Map.entry("promise", "promises"),
                            Map.entry("readable", "stream"),
                            Map.entry("require", "module"),
                            Map.entry("runner", "test_runner"),
                            Map.entry("stream2", "stream"),
                            Map.entry("stream3", "stream"),
                            Map.entry("streams", "stream"),
                            Map.entry("string-decoder", "string_decoder"),
                            Map.entry("trace-events", "trace_events"),
                            Map.entry("urlpattern", "url"),
                            Map.entry("webcrypto", "crypto"),
                            Map.entry("webstream", "webstreams"),
                            Map.entry("whatwg-readablebytestream", "webstreams"),
                            Map.entry("whatwg-readablestream", "webstreams"),
                            Map.entry("whatwg-transformstream", "webstreams"),
                            Map.entry("whatwg-url", "url"),
                            Map.entry("whatwg-webstreams", "webstreams"),
                            Map.entry("whatwg-writablestream", "webstreams"),
                            Map.entry("worker", "worker_threads")));

    private Area() {}

    /// @param name as [TestFile#name]
    static String of(String name) {
        int slash = name.indexOf('/');
        if (name.startsWith("es-module/")) return "es-module";
        var rest = name.substring(slash + 1).replaceFirst("^test-", "");
        var words = rest;
        while (true) {
            var known = NAMES.get(words);
            if (known != null) return known;
            int dash = words.lastIndexOf('-');
            if (dash < 0) return words;
            words = words.substring(0, dash);
        }
    }
}
