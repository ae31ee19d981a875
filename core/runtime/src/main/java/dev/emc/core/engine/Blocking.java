package dev.emc.core.engine;

/** Work that may throw anything. */
interface Blocking {

    void run() throws Exception;
}
