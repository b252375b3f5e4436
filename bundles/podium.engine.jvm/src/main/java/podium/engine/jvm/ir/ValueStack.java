package podium.engine.jvm.ir;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/// The operand stack during translation: trees that have not been evaluated yet. A tree is moved to
/// the *place* of its
/// height, a variable of its own, when its evaluation cannot be put off any longer.
final class ValueStack {

    private final FunctionIr function;
    private final ArrayList<Expr> entries = new ArrayList<>();

    /// Variables of heights and types; temporaries have negative keys.
    private final Map<Integer, Integer> places = new HashMap<>();

    private final Map<Character, Integer> usedTemporaries = new HashMap<>();

    /// Where evaluations go.
    @SuppressWarnings("NullAway.Init")
    private Block block;

    /// Entries below this index are simple.
    private int flushed;

    /// Entries below this index are constants or in their places.
    private int settled;

    /// More entries than this are not searched for reads of a variable, so that no input takes
    /// quadratic time.
    private static final int MAX_SEARCH = 64;

    ValueStack(FunctionIr function) {
        this.function = function;
    }

    void setBlock(Block block) {
        this.block = block;
        releaseTemporaries();
    }

    int size() {
        return entries.size();
    }

    Expr get(int index) {
        return entries.get(index);
    }

    void push(Expr e) {
        entries.add(e);
    }

    Expr pop() {
        int last = entries.size() - 1;
        flushed = Math.min(flushed, last);
        settled = Math.min(settled, last);
        return entries.remove(last);
    }

    void truncate(int size) {
        while (entries.size() > size) entries.removeLast();
        flushed = Math.min(flushed, size);
        settled = Math.min(settled, size);
    }

    /// The variable that holds operands of this type at this height.
    int place(int height, char type) {
        return places.computeIfAbsent(height << 8 | type, _ -> variable(type));
    }

    /// A variable of its own, which nothing else assigns.
    int variable(char type) {
        function.variables.append(type);
        return function.variables.length() - 1;
    }

    /// A variable that nothing else assigns until what is on the stack has been evaluated.
    int temporary(char type) {
        int number = usedTemporaries.merge(type, 1, Integer::sum);
        return places.computeIfAbsent(-(number << 8 | type), _ -> variable(type));
    }

    /// Lets temporaries serve again if nothing on the stack refers to them.
    private void releaseTemporaries() {
        if (usedTemporaries.isEmpty() || entries.size() - settled > MAX_SEARCH) return;
        for (int i = settled; i < entries.size(); i++) {
            var e = entries.get(i);
            if (!e.isConstant() && !(e.isGet() && e.index < function.locals)) return;
        }
        usedTemporaries.clear();
    }

    /// Whether an expression is a constant or the value of a local, and so may go to any height.
    boolean isMovable(Expr e) {
        return e.isConstant() || e.isGet() && e.index < function.locals;
    }

    Expr placeValue(int height, char type) {
        return Expr.get(place(height, type), type);
    }

    void assign(int variable, Expr value) {
        if (value.isGet() && value.index == variable) return;
        block.add(Expr.set(variable, value));
    }

    /// Evaluates an entry into its place.
    void settle(int index) {
        var e = entries.get(index);
        int place = place(index, e.type);
        assign(place, e);
        entries.set(index, Expr.get(place, e.type));
    }

    /// Evaluates everything that is more than a constant or variable, in order.
    void flush() {
        for (int i = flushed; i < entries.size(); i++) if (!entries.get(i).isSimple()) settle(i);
        flushed = entries.size();
    }

    /// Prepares for an assignment to a variable: evaluates all, and saves the values read from it.
    void flushReads(int variable) {
        flush();
        if (entries.size() - settled > MAX_SEARCH) settleAll();
        for (int i = settled; i < entries.size(); i++) {
            var e = entries.get(i);
            if (e.isGet() && e.index == variable) settle(i);
        }
    }

    boolean reads(int variable) {
        if (entries.size() - settled > MAX_SEARCH) return true;
        for (int i = settled; i < entries.size(); i++) {
            var e = entries.get(i);
            if (e.isGet() && e.index == variable) return true;
        }
        return false;
    }

    /// Evaluates everything but constants into places, for the entry of a construct whose code may
    /// assign variables.
    void settleAll() {
        flush();
        for (int i = settled; i < entries.size(); i++) if (!entries.get(i).isConstant()) settle(i);
        settled = entries.size();
    }

    /// Evaluates the top entries into their places.
    void settleTop(int count) {
        for (int i = entries.size() - count; i < entries.size(); i++) settle(i);
    }
}
