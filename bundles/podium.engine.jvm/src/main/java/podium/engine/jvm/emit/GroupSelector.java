package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import podium.engine.jvm.ir.Group;

/// A method that tells which group a switch's selector leads to: its place in [#groups()], or -1.
final class GroupSelector {

    private static final MethodTypeDesc TYPE = MethodTypeDesc.of(CD_int, CD_int);

    private final ClassDesc owner;
    private final String name;
    private final List<Group> groups = new ArrayList<>();
    private final TreeMap<Integer, Integer> places = new TreeMap<>();

    GroupSelector(ClassDesc owner, String name) {
        this.owner = owner;
        this.name = name;
    }

    void add(int selector, Group group) {
        if (!groups.contains(group)) groups.add(group);
        places.put(selector, groups.indexOf(group));
    }

    List<Group> groups() {
        return groups;
    }

    /// Selectors that lead to a group.
    int cases() {
        return places.size();
    }

    /// Replaces the selector on the stack.
    void emitCall(CodeBuilder code) {
        code.invokestatic(owner, name, TYPE);
    }

    void emit(ClassBuilder type) {
        type.withMethodBody(name, TYPE, ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC, this::body);
    }

    private void body(CodeBuilder code) {
        var labels = new ArrayList<Label>();
        for (int i = 0; i < groups.size(); i++) labels.add(code.newLabel());
        var none = code.newLabel();
        var cases = new ArrayList<SwitchCase>();
        places.forEach((selector, place) -> cases.add(SwitchCase.of(selector, labels.get(place))));
        code.iload(0);
        code.tableswitch(places.firstKey(), places.lastKey(), none, cases);
        for (int i = 0; i < groups.size(); i++) {
            code.labelBinding(labels.get(i));
            code.loadConstant(i);
            code.ireturn();
        }
        code.labelBinding(none);
        code.iconst_m1();
        code.ireturn();
    }
}
