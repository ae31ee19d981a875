package dev.emc.core.deployment;

import java.util.List;
import java.util.Set;

import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Replaces the bodies of methods: they return an empty list, null, zero or nothing, as their type allows. */
final class EmptyMethods extends ClassVisitor {

    private final Set<String> names;
    private final boolean hiddenToo;

    /** Of public methods. */
    EmptyMethods(ClassVisitor next, Set<String> names) {
        this(next, names, false);
    }

    /** @param hiddenToo whether also methods that are not public are meant */
    EmptyMethods(ClassVisitor next, Set<String> names, boolean hiddenToo) {
        super(Opcodes.ASM9, next);
        this.names = names;
        this.hiddenToo = hiddenToo;
    }

    @Override
    public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
        MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
        boolean hasBody = (access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_BRIDGE)) == 0;
        boolean meant = names.contains(name) && (hiddenToo || (access & Opcodes.ACC_PUBLIC) != 0);
        if (!meant || !hasBody) {
            return method;
        }
        Type result = Type.getReturnType(descriptor);
        method.visitCode();
        if (result.equals(Type.getType(List.class))) {
            method.visitMethodInsn(Opcodes.INVOKESTATIC, "java/util/List", "of", "()Ljava/util/List;", true);
        } else if (result.getSort() == Type.OBJECT || result.getSort() == Type.ARRAY) {
            method.visitInsn(Opcodes.ACONST_NULL);
        } else if (result.getSort() != Type.VOID) {
            method.visitInsn(zero(result));
        }
        method.visitInsn(result.getOpcode(Opcodes.IRETURN));
        int arguments = Type.getArgumentsAndReturnSizes(descriptor) >> 2;
        method.visitMaxs(result.getSize(), arguments);
        method.visitEnd();
        return null; // the original body goes nowhere
    }

    private static int zero(Type primitive) {
        return switch (primitive.getSort()) {
            case Type.LONG -> Opcodes.LCONST_0;
            case Type.FLOAT -> Opcodes.FCONST_0;
            case Type.DOUBLE -> Opcodes.DCONST_0;
            default -> Opcodes.ICONST_0;
        };
    }
}
