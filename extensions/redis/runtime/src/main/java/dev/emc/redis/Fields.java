package dev.emc.redis;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.vertx.redis.client.Response;

/** Names that fields have in streams and hashes beside those of CloudEvents' attributes. */
final class Fields {

    /** The content type of the payload. */
    static final String CONTENT_TYPE = "content-type";

    private Fields() {}

    /** The fields of an entry, in its order; where a name is there twice, the last one counts. */
    static Map<String, byte[]> of(Response flat) {
        Map<String, byte[]> fields = new LinkedHashMap<>();
        Iterator<Response> parts = flat.iterator();
        while (parts.hasNext()) {
            String name = parts.next().toString();
            if (parts.hasNext()) {
                fields.put(name, parts.next().toBytes());
            }
        }
        return fields;
    }

    /** All entries of a nil or an array. */
    static List<Response> list(Response array) {
        List<Response> list = new ArrayList<>();
        if (array != null) {
            array.forEach(list::add);
        }
        return list;
    }
}
