package podium.engine.jvm.ir;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.ir.Block.Terminator;

/// Turns the choice of groups into regions, and works out what each method needs from and hands to
/// its caller.
final class RegionAssembler {

    /// A switch serves as dispatcher of a group if it selects at least this many of its roots.
    private static final int MIN_DISPATCH = 4;

    /// Calls of groups within groups.
    private static final int MAX_NESTING = 12;

    /// The same where code is one straight line for the most part, all of which would nest.
    private static final int MAX_NESTING_SPECIALISED = 3;

    private final FunctionIr function;

    /// Whether variables wanted in several regions go to an array, and exits are taken together
    /// that lead to groups called by one region.
    private final boolean sharing;

    /// Made when it is wanted.
    private @Nullable Anchors anchors;

    private RegionAssembler(FunctionIr function, boolean sharing) {
        this.function = function;
        this.sharing = sharing;
    }

    /// A function in one method.
    static Region whole(FunctionIr function) {
        var root = new Region(null, null);
        root.blocks.addAll(function.blocks);
        for (var block : function.blocks) block.region = root;
        return new RegionAssembler(function, false).complete(root);
    }

    /// @param sharing whether variables wanted in several regions go to an array, and exits that
    ///     lead to groups called by one region are taken together
    static Region divided(FunctionIr function, boolean sharing) {
        var assembler = new RegionAssembler(function, sharing);
        var root = new Region(null, null);
        assembler.assign(root);
        if (sharing) function.shared = Sharing.choose(function, function.blocks);
        return assembler.complete(root);
    }

    private Region complete(Region root) {
        var regions = new ArrayList<>(List.of(root));
        for (int i = 0; i < regions.size(); i++)
            for (var group : regions.get(i).groups) regions.add(group.region);
        for (var region : regions.reversed()) finish(region);
        for (var region : regions.reversed()) pass(region);
        return root;
    }

    private void assign(Region root) {
        var pending = new ArrayDeque<Region>();
        fill(root, List.of(function.entry), pending);
        while (!pending.isEmpty()) {
            var region = pending.poll();
            fill(region, Objects.requireNonNull(region.group).roots, pending);
        }
    }

    /// Puts dominator subtrees into a region, but for the groups they call.
    private void fill(Region region, List<Block> roots, Collection<Region> pending) {
        var called = new LinkedHashSet<Group>();
        var blocks = new ArrayDeque<>(roots);
        while (!blocks.isEmpty()) {
            var block = blocks.poll();
            block.region = region;
            region.blocks.add(block);
            for (var kid : block.dominated) {
                if (kid.group == null) blocks.add(kid);
                else called.add(kid.group);
            }
        }
        for (var group : called) {
            adopt(group, region);
            pending.add(group.region);
        }
    }

    /// Makes a group one that is called from a region; or, where calls would nest too deep, from
    /// one further out, to which control then returns in between.
    private void adopt(Group group, Region caller) {
        var parent = caller;
        int most = function.specialised ? MAX_NESTING_SPECIALISED : MAX_NESTING;
        if (caller.depth >= most && group.handler == null) {
            int least = Math.max(1, anchorDepth(group));
            while (parent.depth > least) parent = parent.caller();
        }
        group.parent = parent;
        group.region = new Region(group, parent);
        group.firstWay = parent.ways;
        parent.ways += group.roots.size();
        parent.groups.add(group);
    }

    /// The depth of the innermost region that control may go on in behind a group. All of them are
    /// around the caller's.
    private int anchorDepth(Group group) {
        if (anchors == null) anchors = new Anchors(function.blocks);
        int depth = 0;
        for (var root : group.roots) {
            var anchor = anchors.of(root);
            if (anchor != null) depth = Math.max(depth, anchor.region.depth);
        }
        return depth;
    }

    /// Completes a region, those called from it being complete.
    private void finish(Region region) {
        region.blocks.sort(Comparator.comparingInt(block -> block.order));
        int variables = function.variables.length();
        region.defines = new Bits(variables);
        region.groupDefines = new Bits(variables);
        region.mentioned = new Bits(variables);
        for (var block : region.blocks) {
            region.defines.addAll(block.defines);
            region.mentioned.addAll(block.uses);
            region.mentioned.addAll(block.defines);
            region.operands = Math.max(region.operands, largest(block));
            region.calls |= block.calls;
            region.returns |=
                    block.terminator == Terminator.RETURN
                            || block.terminator == Terminator.TAIL_CALL;
            for (var next : block.successors) addExit(region, next);
        }
        if (function.shared != null) {
            region.defines.removeAll(function.shared);
            region.mentioned.removeAll(function.shared);
        }
        for (var group : region.groups) absorb(region, group.region);
        for (var group : region.groups) chooseDispatcher(region, group);
        numberExits(region);
    }

    /// Numbers the exits of the groups called from a region, those that are taken together last.
    private void numberExits(Region region) {
        var meeting = sharing ? meeting(region) : Collections.<Region, List<Block>>emptyMap();
        int next = 1;
        for (var exit : region.groupExits.entrySet())
            if (!meeting.containsKey(region.callerFor(exit.getKey()))) exit.setValue(next++);
        for (var exits : meeting.entrySet()) {
            var handedOver = common(exits.getValue(), region.groupDefines);
            var junction = new Junction(exits.getKey(), next, handedOver);
            region.junctions.put(exits.getKey(), junction);
            for (var root : exits.getValue()) region.groupExits.put(root, junction.number(root));
            next += exits.getKey().ways;
        }
    }

    /// The exits that are taken together, by the region that calls the groups they lead into.
    private static Map<Region, List<Block>> meeting(Region region) {
        var exits = new LinkedHashMap<Region, List<Block>>();
        for (var exit : region.groupExits.keySet()) {
            var caller = region.callerFor(exit);
            if (caller != null) exits.computeIfAbsent(caller, _ -> new ArrayList<>()).add(exit);
        }
        exits.values().removeIf(some -> some.size() < Junction.LEAST);
        return exits;
    }

    /// Those of some variables that are live at any of some blocks.
    private int[] common(List<Block> blocks, Bits variables) {
        var live = new Bits(function.variables.length());
        for (var block : blocks) live.addAll(block.live);
        return Bits.common(live, variables);
    }

    private static int largest(Block block) {
        int largest = block.value == null ? 0 : block.value.cost;
        for (var statement : block.statements) largest = Math.max(largest, statement.cost);
        for (var result : block.results) largest = Math.max(largest, result.cost);
        return largest;
    }

    /// Decides what is passed into a region, those called from it being decided. What is live but
    /// not looked at there, nor handed back, stays with the caller.
    private void pass(Region region) {
        var mentioned = region.mentioned;
        for (var group : region.groups) for (int v : group.region.liveIn) mentioned.add(v);
        mentioned.addAll(region.groupDefines);
        if (region.group != null) {
            for (var exit : region.exits)
                for (int v : region.caller().handedOver(exit)) mentioned.add(v);
            region.liveIn = common(region.group.roots, mentioned);
        }
        region.variables = mentioned.size();
    }

    private static void absorb(Region region, Region called) {
        region.defines.addAll(called.defines);
        region.groupDefines.addAll(called.defines);
        region.calls |= called.calls;
        region.groupReturns |= called.returns;
        region.returns |= called.returns;
        for (var exit : called.exits) {
            region.groupExits.put(exit, 0); // numbered when all are known
            addExit(region, exit);
        }
    }

    /// Notes a branch target outside. A handler outside is none: it is reached by exception.
    private static void addExit(Region region, Block target) {
        if (target.region.within(region)) return;
        region.exits.add(target);
    }

    private static void chooseDispatcher(Region region, Group group) {
        if (!group.hasState()) return;
        int best = MIN_DISPATCH - 1;
        for (var block : region.blocks) {
            if (block.terminator != Terminator.SWITCH) continue;
            int hits = 0;
            for (int i = 0; i < block.successors.length - 1; i++)
                if (block.successors[i].group == group) hits++;
            if (hits <= best) continue;
            best = hits;
            group.dispatcher = block;
        }
    }
}
