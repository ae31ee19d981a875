package dev.emc.redis;

/** An end of a list. */
public enum Side {
    LEFT, RIGHT
}
