package dev.emc.redis;

import java.util.Collection;
import java.util.Locale;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;

/**
 * What a source of lists has the server do, each as one step. Beside a list {@code orders} there are, in the same slot of a
 * cluster: a hash {@code {orders}:emc:taken:<consumer>} of the elements that a consumer has taken, each under an id that stays
 * with it; a list {@code {orders}:emc:next:<consumer>} with the element that came while it waited; a hash
 * {@code {orders}:emc:consumers} with the last sign of life of each consumer, in milliseconds by the server's clock.
 */
final class ListScripts {

    private static final String CLOCK = """
            local clock = redis.call('TIME')
            local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
            """;

    /**
     * Takes elements. An element is in the hash before it leaves its list. Arguments: consumer, what ids begin with, number of
     * the first one, how many, index and command of the end to take from.
     */
    private static final String TAKE = CLOCK + """
            redis.call('HSET', KEYS[4], ARGV[1], string.format('%.0f', now))
            local taken = {}
            for i = 0, tonumber(ARGV[4]) - 1 do
              local from, index, pop = KEYS[3], 0, 'LPOP'
              local element = redis.call('LINDEX', from, index)
              if not element then
                from, index, pop = KEYS[1], ARGV[5], ARGV[6]
                element = redis.call('LINDEX', from, index)
              end
              if not element then
                break
              end
              local id = ARGV[2] .. string.format('%012.0f', ARGV[3] + i)
              redis.call('HSET', KEYS[2], id, element)
              redis.call(pop, from)
              taken[#taken + 1] = id
              taken[#taken + 1] = element
            end
            return taken
            """;

    /**
     * Takes over what a consumer has left, if it still gives no sign of life. Arguments: that consumer, after how many
     * milliseconds it counts as gone, the end of the list. Returns how many elements were under way there.
     */
    private static final String TAKE_OVER = CLOCK + """
            local seen = redis.call('HGET', KEYS[4], ARGV[1])
            if not seen or now - seen < tonumber(ARGV[2]) then
              return 0
            end
            local left = redis.call('HGETALL', KEYS[2])
            for i = 1, #left, 2 do
              redis.call('HSET', KEYS[5], left[i], left[i + 1])
              redis.call('HDEL', KEYS[2], left[i])
            end
            while redis.call('LMOVE', KEYS[3], KEYS[1], 'RIGHT', ARGV[3]) do end
            redis.call('HDEL', KEYS[4], ARGV[1])
            return #left / 2
            """;

    private final String list;
    private final String tag;
    private final String consumer;
    private final String side;

    ListScripts(String list, String consumer, Side side) {
        this.list = list;
        this.consumer = consumer;
        this.side = side.name();
        this.tag = Keys.tag(list) + ":emc:";
    }

    String list() {
        return list;
    }

    private String taken(String whose) {
        return tag + "taken:" + whose;
    }

    private String next(String whose) {
        return tag + "next:" + whose;
    }

    private String consumers() {
        return tag + "consumers";
    }

    Request take(String ids, long first, int count) {
        boolean left = side.equals("LEFT");
        return Request.cmd(Command.EVAL).arg(TAKE).arg(4).arg(list).arg(taken(consumer)).arg(next(consumer)).arg(consumers())
                .arg(consumer).arg(ids).arg(first).arg(count).arg(left ? "0" : "-1").arg(left ? "LPOP" : "RPOP");
    }

    /** Waits for an element, and keeps it for the next {@link #take}. */
    Request await(long millis) {
        return Request.cmd(Command.BLMOVE).arg(list).arg(next(consumer)).arg(side).arg("RIGHT")
                .arg(String.format(Locale.ROOT, "%.3f", millis / 1000.0));
    }

    /** All elements that are under way here, by their ids. */
    Request underWay() {
        return Request.cmd(Command.HGETALL).arg(taken(consumer));
    }

    Request forget(Collection<String> ids) {
        Request forget = Request.cmd(Command.HDEL).arg(taken(consumer));
        ids.forEach(forget::arg);
        return forget;
    }

    /** The names of all consumers. */
    Request others() {
        return Request.cmd(Command.HKEYS).arg(consumers());
    }

    Request takeOver(String other, long millis) {
        return Request.cmd(Command.EVAL).arg(TAKE_OVER).arg(5).arg(list).arg(taken(other)).arg(next(other)).arg(consumers())
                .arg(taken(consumer)).arg(other).arg(millis).arg(side);
    }

    Request length() {
        return Request.cmd(Command.LLEN).arg(list);
    }
}
