package dev.emc.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;
import dev.emc.redis.RedisSinkConfig.Type;

/** The commands that write events, one for each, and those that follow a batch. */
final class SinkCommands {

    /** Writes unless the event was written before. Remembers it after the write, because an error takes nothing back. */
    private static final String ONCE = """
            if redis.call('EXISTS', KEYS[2]) == 1 then
              return 0
            end
            local answer = redis.call(ARGV[2], KEYS[1], unpack(ARGV, 3))
            redis.call('SET', KEYS[2], '1', 'PX', ARGV[1])
            return answer
            """;

    private final RedisSinkConfig config;
    private final EventWriter events;

    SinkCommands(RedisSinkConfig config) {
        this.config = config;
        this.events = new EventWriter(config);
    }

    /** Writes an event. */
    Request write(String key, ConnectorRecord event) throws PermanentException {
        List<byte[]> words = new ArrayList<>();
        Command command = switch (config.type()) {
            case STREAM -> stream(event, words);
            case LIST -> value(config.side() == Side.LEFT ? Command.LPUSH : Command.RPUSH, event, words);
            case PUBSUB -> value(Command.PUBLISH, event, words);
            case SET -> value(Command.SADD, event, words);
            case STRING -> string(event, words);
            case HASH -> {
                add(events.fields(event), words);
                yield Command.HSET;
            }
        };
        Request request;
        if (config.deduplicate().isPresent() && repeats()) {
            request = Request.cmd(Command.EVAL).arg(ONCE).arg(2).arg(key).arg(seen(key, event))
                    .arg(config.deduplicate().get().toMillis()).arg(command.toString());
        } else {
            request = Request.cmd(command).arg(key);
        }
        words.forEach(request::arg);
        return request;
    }

    /** Whether the same event written twice is there twice. */
    private boolean repeats() {
        return config.type() == Type.STREAM || config.type() == Type.LIST || config.type() == Type.PUBSUB;
    }

    private Command stream(ConnectorRecord event, List<byte[]> words) throws PermanentException {
        config.maxLength().ifPresent(length -> {
            words.add(ascii("MAXLEN"));
            words.add(ascii(config.exactLength() ? "=" : "~"));
            words.add(ascii(length.toString()));
        });
        words.add(ascii("*"));
        add(events.fields(event), words);
        return Command.XADD;
    }

    private Command string(ConnectorRecord event, List<byte[]> words) throws PermanentException {
        words.add(events.value(event));
        config.ttl().ifPresent(ttl -> {
            words.add(ascii("PX"));
            words.add(ascii(Long.toString(ttl.toMillis())));
        });
        return Command.SET;
    }

    private Command value(Command command, ConnectorRecord event, List<byte[]> words) throws PermanentException {
        words.add(events.value(event));
        return command;
    }

    private static void add(Map<String, byte[]> fields, List<byte[]> words) {
        fields.forEach((name, value) -> {
            words.add(name.getBytes(StandardCharsets.UTF_8));
            words.add(value);
        });
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The key that remembers an event, at the same node as the one that is written; short, whatever the event's id is. */
    private static String seen(String key, ConnectorRecord event) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(String.valueOf(event.attribute("source")).getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(String.valueOf(event.id()).getBytes(StandardCharsets.UTF_8));
            return Keys.tag(key) + ":emc:seen:" + HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What keys need that were written: to be shortened, and to be told when to go. */
    List<Request> after(Collection<String> keys) {
        List<Request> requests = new ArrayList<>();
        for (String key : keys) {
            if (config.type() == Type.LIST && config.maxLength().isPresent()) {
                long length = config.maxLength().get();
                requests.add(config.side() == Side.LEFT
                        ? Request.cmd(Command.LTRIM).arg(key).arg(0).arg(length - 1)
                        : Request.cmd(Command.LTRIM).arg(key).arg(-length).arg(-1));
            }
            if (config.ttl().isPresent() && config.type() != Type.STRING && config.type() != Type.PUBSUB) {
                requests.add(Request.cmd(Command.PEXPIRE).arg(key).arg(config.ttl().get().toMillis()));
            }
        }
        return requests;
    }
}
