package podium.engine.jvm.ir;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.ir.Block.Terminator;

/// Turns the choice of groups into regions, and works out what each method needs from and hands to
/// its caller.
final class RegionAssembler {

    /// A switch serves as dispatcher of a group if it selects at least this many of its roots.
    private static final int MIN_DISPATCH = 4;

    /// Calls of groups within groups.
    private static final int MAX_NESTING = 12;

    private final FunctionIr function;

    /// Made when it is wanted.
    private @Nullable Anchors anchors;

    private RegionAssembler(FunctionIr function) {
        this.function = function;
    }

    static Region assemble(FunctionIr function, boolean whole) {
        var assembler = new RegionAssembler(function);
        var root = new Region(null, null);
        if (whole) {
            root.blocks.addAll(function.blocks);
            for (var block : function.blocks) block.region = root;
        } else {
            assembler.assign(root);
        }
        var regions = new ArrayList<>(List.of(root));
        for (int i = 0; i < regions.size(); i++)
            for (var group : regions.get(i).groups) regions.add(group.region);
        for (var region : regions.reversed()) assembler.finish(region);
        for (var region : regions.reversed()) assembler.pass(region);
        return root;
    }

    private void assign(Region root) {
        record Visit(Block block, Region region) {}
        var pending = new ArrayDeque<Visit>();
        pending.push(new Visit(function.entry, root));
        while (!pending.isEmpty()) {
            var visit = pending.pop();
            var block = visit.block;
            var region = visit.region;
            var group = block.group;
            if (group != null) {
                if (group.region == null) adopt(group, region);
                region = group.region;
            }
            block.region = region;
            region.blocks.add(block);
            for (var kid : block.dominated) pending.push(new Visit(kid, region));
        }
    }

    /// Makes a group one that is called from a region; or, where calls would nest too deep, from
    /// one further out, to which control then returns in between.
    private void adopt(Group group, Region caller) {
        var parent = caller;
        if (caller.depth >= MAX_NESTING && group.handler == null) {
            var anchor = anchor(group);
            while (parent.depth > 1 && (anchor == null || parent != anchor.region))
                parent = parent.caller();
        }
        group.parent = parent;
        group.region = new Region(group, parent);
        parent.groups.add(group);
    }

    private @Nullable Block anchor(Group group) {
        if (anchors == null) anchors = new Anchors(function.blocks);
        @Nullable Block anchor = null;
        for (var root : group.roots) anchor = anchors.deeper(anchor, anchors.of(root));
        return anchor;
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
            region.calls |= block.calls;
            region.returns |=
                    block.terminator == Terminator.RETURN
                            || block.terminator == Terminator.TAIL_CALL;
            for (var next : block.successors) addExit(region, next);
        }
        for (var group : region.groups) absorb(region, group.region);
        for (var group : region.groups) chooseDispatcher(region, group);
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
            var live = new Bits(function.variables.length());
            for (var root : region.group.roots) live.addAll(root.live);
            region.liveIn = Bits.common(live, mentioned);
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
            region.groupExits.putIfAbsent(exit, region.groupExits.size() + 1);
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
