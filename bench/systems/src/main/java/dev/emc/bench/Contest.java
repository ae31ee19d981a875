package dev.emc.bench;

import java.util.List;

/** One system with its server, and the contenders of its source and its sink. */
interface Contest extends AutoCloseable {

    List<Contender> contenders() throws Exception;
}
