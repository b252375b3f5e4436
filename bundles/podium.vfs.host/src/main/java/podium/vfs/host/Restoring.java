package podium.vfs.host;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.Mode;
import podium.vfs.Node;

/// Makes a directory of the host's what it was in a snapshot, in place: what is there still stays
/// the inode it is, and what is the same is left alone. Done again after it was cut off, it gives
/// the same.
///
/// What has another name by now, and what is a directory no more, is parked in a directory of its
/// own until it has its place, so that no order of moves matters.
final class Restoring {

    private final HostFileSystem fs;
    private final SnapshotDirectory directory;
    private final String snapshot;
    private final String lender;
    private final HostTree tree;
    private final Meter meter;
    private final Contents contents;
    private final boolean superuser = Linux.geteuid() == 0;

    /// Where an inode of the snapshot is in it.
    private final Map<Numbers.Key, Integer> places = new HashMap<>();

    /// The snapshot's inodes, as they are there; null for those that are not.
    private final @Nullable HostNode[] nodes;

    /// What those were that are there; null for those made anew.
    private final @Nullable Status[] before;

    /// Which were moved, or written to.
    private final BitSet touched = new BitSet();

    /// How many names of a directory are as they should be.
    private final int[] present;

    private final List<Spot> unwanted = new ArrayList<>();
    private @Nullable HostDirectory parking;
    private String parkingName = "";
    private int lastParked;

    /// Names in the parking directory of what has a place, and of directories that have none.
    private final Map<Integer, ArrayDeque<String>> parked = new HashMap<>();

    private final List<String> leftovers = new ArrayList<>();
    private final Map<Numbers.Key, Numbers.Key> fresh = new HashMap<>();

    /// A name that is there.
    ///
    /// @param place of what it leads to; -1 when the snapshot has no such inode
    private record Spot(HostDirectory directory, String name, HostNode node, int place) {}

    /// @param snapshot where contents are
    /// @param lender where those are that it has borrowed
    Restoring(
            HostFileSystem fs,
            SnapshotDirectory directory,
            String snapshot,
            String lender,
            HostTree tree,
            Meter meter) {
        this.fs = fs;
        this.directory = directory;
        this.snapshot = snapshot;
        this.lender = lender;
        this.tree = tree;
        this.meter = meter;
        contents = new Contents(meter);
        nodes = new HostNode[tree.inodes().size()];
        before = new Status[nodes.length];
        present = new int[nodes.length];
    }

    /// @return which inodes are there in the stead of which
    Map<Numbers.Key, Numbers.Key> run() {
        look();
        clear();
        place();
        for (int place = 0; place < nodes.length; place++)
            if (node(place) instanceof HostRegular file) fill(file, place);
        leave();
        for (boolean directories : new boolean[] {false, true})
            for (int place = 0; place < nodes.length; place++)
                if (node(place) instanceof HostDirectory == directories) finish(place);
        return fresh;
    }

    private Kept kept(int place) {
        return tree.inodes().get(place);
    }

    private HostNode node(int place) {
        var node = nodes[place];
        if (node == null) throw new IllegalStateException("an inode without a name");
        return node;
    }

    /// Finds what is there.
    private void look() {
        for (int i = 0; i < nodes.length; i++)
            places.putIfAbsent(Numbers.Key.of(kept(i).status()), i);
        var root = fs.root();
        nodes[0] = root;
        before[0] = root.status();
        var pending = new ArrayDeque<HostDirectory>(List.of(root));
        for (var at = pending.poll(); at != null; at = pending.poll()) look(at, pending);
    }

    private void look(HostDirectory at, ArrayDeque<HostDirectory> pending) {
        int own = at == fs.root() ? 0 : match(at.first);
        openUp(at, 0500);
        var wanted = new HashMap<String, Integer>();
        if (own >= 0) for (var name : kept(own).names()) wanted.put(name.name(), name.inode());
        at.forEach(
                entry -> {
                    var spot = spot(at, entry);
                    var place = wanted.get(entry.name());
                    if (spot == null) {
                        // The host has mounted something there, or has removed it just now.
                        if (place != null) throw Errno.EBUSY.exception();
                        return;
                    }
                    if (spot.node instanceof HostDirectory below) pending.add(below);
                    if (place != null && place == spot.place) present[own]++;
                    else unwanted.add(spot);
                });
    }

    private @Nullable Spot spot(HostDirectory at, Node.Entry entry) {
        var status = at.status(Place.bytes(entry.name()));
        if (status == null || !fs.shows(status)) return null;
        var node = fs.node(status, new Place(at, entry.name()));
        int place = match(status);
        if (place >= 0 && nodes[place] == null) {
            nodes[place] = node;
            before[place] = status;
        }
        return new Spot(at, entry.name(), node, place);
    }

    /// The place of an inode in the snapshot, or -1.
    private int match(Status status) {
        var place = places.get(Numbers.Key.of(status));
        if (place == null || place == 0) return -1;
        return kept(place).status().type() == status.type() ? place : -1;
    }

    /// Takes away all names that the snapshot does not have so.
    private void clear() {
        for (var spot : unwanted) {
            openUp(spot.directory);
            if (spot.place < 0 && !(spot.node instanceof HostDirectory)) {
                spot.directory.unlink(spot.name);
                continue;
            }
            openUp(spot.node);
            var name = "" + ++lastParked;
            spot.directory.rename(spot.name, parking(), name, false);
            if (spot.place < 0) leftovers.add(name);
            else parked.computeIfAbsent(spot.place, _ -> new ArrayDeque<>()).add(name);
        }
    }

    private HostDirectory parking() {
        if (parking == null) {
            openUp(fs.root());
            parkingName = ".podium-restore-" + ThreadLocalRandom.current().nextLong(1L << 62);
            parking = (HostDirectory) fs.root().createDirectory(parkingName, 0700, 0, 0);
        }
        return parking;
    }

    /// Puts all names that are missing, from the root downwards.
    private void place() {
        var pending = new ArrayDeque<Integer>(List.of(0));
        for (var at = pending.poll(); at != null; at = pending.poll()) {
            var names = kept(at).names();
            var into = (HostDirectory) node(at);
            boolean complete = present[at] == names.size();
            for (var name : names) {
                if (!complete && into.status(Place.bytes(name.name())) == null) put(into, name);
                if (node(name.inode()) instanceof HostDirectory) pending.add(name.inode());
            }
        }
    }

    private void put(HostDirectory into, Kept.Name name) {
        openUp(into);
        touched.set(name.inode());
        var there = nodes[name.inode()];
        var waiting = parked.remove(name.inode());
        if (there == null) {
            var made = make(into, name.name(), kept(name.inode()));
            nodes[name.inode()] = made;
            var was = Numbers.Key.of(kept(name.inode()).status());
            fresh.put(was, Numbers.Key.of(made.status()));
        } else if (waiting != null) {
            parking().rename(waiting.remove(), into, name.name(), false);
            leftovers.addAll(waiting);
        } else {
            into.link(name.name(), (Node) there);
        }
    }

    private HostNode make(HostDirectory into, String name, Kept kept) {
        var was = kept.status();
        return switch (was.type()) {
            case Mode.REGULAR -> (HostNode) into.create(name, 0600, 0, 0);
            case Mode.DIRECTORY -> (HostNode) into.createDirectory(name, 0700, 0, 0);
            case Mode.LINK -> (HostNode) into.createLink(name, kept.target(), 0, 0);
            default -> {
                var bytes = Place.bytes(name);
                int mode = was.type() | 0600;
                yield into.make(name, 0600, at -> Linux.mknodat(at, bytes, mode, was.device()));
            }
        };
    }

    private void fill(HostRegular file, int place) {
        var kept = kept(place);
        var was = before[place];
        if (was != null && kept.isStill(was)) return;
        touched.set(place);
        openUp(file);
        if (kept.content() == 0) {
            if (was != null && was.size() > 0) file.replace(to -> Linux.ftruncate(to, 0));
            return;
        }
        try (var from = content(kept.content())) {
            long size = kept.status().size();
            if (was != null && was.size() == size && isSame(file, from.number(), size)) return;
            file.replace(to -> contents.copy(from.number(), to, size));
        }
    }

    private Descriptor content(long number) {
        return number < 0
                ? directory.content(lender, -number)
                : directory.content(snapshot, number);
    }

    private boolean isSame(HostRegular file, int from, long size) {
        // To read both costs more then.
        if (contents.isFree()) return false;
        try (var own = file.openedApart()) {
            return contents.same(own.number(), from, size);
        }
    }

    /// Removes the parking directory with what has no place any more.
    private void leave() {
        if (parking == null) return;
        parked.values().forEach(leftovers::addAll);
        for (var name : leftovers) {
            var status = parking.status(Place.bytes(name));
            if (status != null && status.directory()) parking.removeDirectory(name);
            else parking.unlink(name);
        }
        fs.root().removeDirectory(parkingName);
    }

    /// Lets this process change something, until [#finish] sets its mode.
    private void openUp(HostNode node) {
        openUp(node, node instanceof HostDirectory ? 0700 : 0600);
    }

    private void openUp(HostNode node, int needed) {
        // What is somebody else's can perhaps be changed all the same.
        if (!superuser && !(node instanceof HostLink)) Openings.open(node, needed);
    }

    /// Sets attributes.
    private void finish(int place) {
        meter.inode();
        var kept = kept(place);
        var was = before[place];
        boolean left = was != null && kept.isStill(was) && !touched.get(place);
        // Of a directory's, all modes may have been opened up.
        if (left && !was.directory()) return;
        try (var at = node(place).reach()) {
            var is = Linux.stat(at.number());
            boolean untouched = was != null && was.changed() == is.changed();
            if (untouched && kept.isStill(is)) return;
            setOwners(at.number(), kept.status(), is);
            setExtended(node(place), at.number(), kept);
            setMode(at.number(), kept.status());
            setTimes(at.number(), kept.status());
        }
    }

    private static void setOwners(int descriptor, Status was, Status is) {
        if (was.uid() == is.uid() && was.gid() == is.gid()) return;
        try {
            Linux.chown(descriptor, was.uid(), was.gid());
        } catch (ErrnoException e) {
            // As far as this process may.
            if (e.errno() != Errno.EPERM) throw e;
        }
    }

    private void setExtended(HostNode node, int descriptor, Kept kept) {
        if (!node.hasExtended()) return;
        var names = UserAttributes.list(descriptor);
        for (var name : names) if (kept.extended().get(name) == null) change(node, name, null);
        for (var name : kept.extended().names()) {
            var value = kept.extended().get(name);
            var bytes = UserAttributes.name(name);
            if (bytes == null) continue;
            if (!Arrays.equals(value, UserAttributes.get(descriptor, bytes)))
                change(node, name, value);
        }
    }

    private void change(HostNode node, String name, byte @Nullable [] value) {
        openUp(node);
        node.setExtendedAttribute(name, value);
    }

    /// Looks again: owners that change take some bits away.
    private static void setMode(int descriptor, Status was) {
        if (was.type() == Mode.LINK) return;
        int mode = was.mode() & Mode.PERMISSIONS;
        if ((Linux.stat(descriptor).mode() & Mode.PERMISSIONS) != mode)
            Linux.chmod(descriptor, mode);
    }

    private static void setTimes(int descriptor, Status was) {
        var is = Linux.stat(descriptor);
        if (is.modified() != was.modified() || is.accessed() != was.accessed())
            Linux.utimens(descriptor, was.accessed(), was.modified());
    }
}
