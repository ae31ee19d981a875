package dev.emc.redis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;

import dev.emc.api.ConnectorException;

/** How many entries of streams a group has not read. */
final class StreamLag {

    private StreamLag() {}

    /** The entries of all streams; -1 when a server older than 7.0 can't tell. */
    static long of(Link link, Collection<String> streams, String group) throws ConnectorException, InterruptedException {
        List<Request> requests = new ArrayList<>();
        for (String stream : streams) {
            requests.add(Request.cmd(Command.XINFO).arg("GROUPS").arg(stream));
            requests.add(Request.cmd(Command.XINFO).arg("STREAM").arg(stream));
        }
        List<Reply> replies = link.ask(requests);
        long sum = 0;
        for (int i = 0; i < replies.size(); i += 2) {
            long one = one(replies.get(i), replies.get(i + 1), group);
            if (one < 0) {
                return -1;
            }
            sum += one;
        }
        return sum;
    }

    private static long one(Reply groups, Reply stream, String group) {
        Map<String, Response> about = pairs(stream.value());
        for (Response each : Fields.list(groups.value())) {
            Map<String, Response> one = pairs(each);
            if (group.equals(text(one, "name"))) {
                if (one.get("lag") != null) {
                    return one.get("lag").toLong();
                }
                boolean all = text(one, "last-delivered-id").equals(text(about, "last-generated-id"));
                return all || "0".equals(text(about, "length")) ? 0 : -1;
            }
        }
        return -1;
    }

    private static String text(Map<String, Response> pairs, String name) {
        return pairs.get(name) == null ? "" : pairs.get(name).toString();
    }

    private static Map<String, Response> pairs(Response flat) {
        Map<String, Response> pairs = new HashMap<>();
        List<Response> all = Fields.list(flat);
        for (int i = 0; i + 1 < all.size(); i += 2) {
            pairs.put(all.get(i).toString(), all.get(i + 1));
        }
        return pairs;
    }
}
