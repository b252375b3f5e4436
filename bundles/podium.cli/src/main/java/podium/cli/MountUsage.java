package podium.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import podium.syscall.ErrnoException;
import podium.vfs.FileSystem.Statistics;
import podium.vfs.MountActivity;
import podium.vfs.MountNamespace.Mounted;

/// What a mount holds, has left and has done.
record MountUsage(Mounted mounted, Statistics space, MountActivity activity) {

    /// Of all mounts, or of a place's.
    static List<MountUsage> of(PodPlace place, FsSession session) throws CommandException {
        var files = session.pod(place.pod()).files();
        var namespace = files.namespace();
        try {
            long only = namespace.resolve(files, null, place.path(), 0).device();
            var all = new ArrayList<MountUsage>();
            for (var mounted : namespace.mounts()) {
                var there = namespace.resolve(files, null, mounted.spec().target(), 0);
                // Something else may be mounted over it.
                if (there.device() != mounted.device()) continue;
                if (!place.path().equals("/") && only != mounted.device()) continue;
                all.add(
                        new MountUsage(
                                mounted, namespace.statistics(there), namespace.activity(there)));
            }
            return all;
        } catch (ErrnoException e) {
            throw new CommandException("'" + place + "': " + e.errno().text());
        }
    }

    private long size() {
        return space.blocks() * space.blockSize();
    }

    private long free() {
        return space.free() * space.blockSize();
    }

    private long inodes() {
        return Math.max(0, space.files() - space.freeFiles());
    }

    private long syncs() {
        return activity.syncs().stream().mapToLong(Long::longValue).sum();
    }

    private Map<String, Long> errors() {
        var errors = new LinkedHashMap<String, Long>();
        activity.errors().forEach((errno, count) -> errors.put(errno.name(), count));
        return errors;
    }

    static Table space(List<MountUsage> all, boolean human) {
        var columns = List.of("TARGET", "TYPE", "SIZE", "USED", "FREE", "INODES", "IFREE", "USERS");
        var rows = new ArrayList<List<String>>();
        for (var one : all) {
            var sizes = new ArrayList<String>();
            for (long bytes : new long[] {one.size(), one.size() - one.free(), one.free()})
                sizes.add(human ? FsSubcommand.size(bytes) : "" + bytes);
            var row = new ArrayList<>(List.of(one.target(), one.mounted.spec().type()));
            row.addAll(sizes);
            row.add("" + one.inodes());
            row.add("" + one.space.freeFiles());
            row.add("" + one.mounted.users());
            rows.add(row);
        }
        return new Table(columns, rows);
    }

    static Table activity(List<MountUsage> all) {
        var columns =
                List.of(
                        "TARGET", "READS", "BYTES", "WRITES", "BYTES", "LOOKUPS", "CACHED", "MADE",
                        "REMOVED", "MOVED", "SYNCS", "ERRORS");
        var rows = new ArrayList<List<String>>();
        for (var one : all) {
            var done = one.activity;
            var row = new ArrayList<>(List.of(one.target()));
            for (long number :
                    new long[] {
                        done.reads(),
                        done.bytesRead(),
                        done.writes(),
                        done.bytesWritten(),
                        done.lookups(),
                        done.cached(),
                        done.creates(),
                        done.removals(),
                        done.renames(),
                        one.syncs()
                    }) row.add("" + number);
            row.add(
                    one.errors().entrySet().stream()
                            .map(error -> error.getKey() + "=" + error.getValue())
                            .collect(Collectors.joining(",")));
            rows.add(row);
        }
        return new Table(columns, rows);
    }

    private String target() {
        return mounted.spec().target();
    }

    /// All of it, for programs.
    Map<String, Object> members() {
        var members = new LinkedHashMap<String, Object>();
        members.put("target", target());
        members.put("type", mounted.spec().type());
        members.put("size", size());
        members.put("free", free());
        members.put("inodes", inodes());
        members.put("freeInodes", space.freeFiles());
        members.put("users", mounted.users());
        members.put("reads", activity.reads());
        members.put("bytesRead", activity.bytesRead());
        members.put("writes", activity.writes());
        members.put("bytesWritten", activity.bytesWritten());
        members.put("lookups", activity.lookups());
        members.put("cached", activity.cached());
        members.put("creates", activity.creates());
        members.put("removals", activity.removals());
        members.put("renames", activity.renames());
        members.put("syncs", syncs());
        members.put("syncMicroseconds", activity.syncs());
        members.put("errors", errors());
        return members;
    }
}
