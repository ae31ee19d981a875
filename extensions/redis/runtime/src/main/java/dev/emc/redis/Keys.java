package dev.emc.redis;

/** Names of keys that have to be at the same node of a cluster as another one. */
final class Keys {

    private Keys() {}

    /** What the name of a further key begins with so that it has the same slot. */
    static String tag(String key) {
        int open = key.indexOf('{');
        boolean tagged = open >= 0 && key.indexOf('}', open) > open + 1;
        return tagged ? key : '{' + key + '}';
    }
}
