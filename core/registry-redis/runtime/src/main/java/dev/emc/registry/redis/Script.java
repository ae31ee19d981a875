package dev.emc.registry.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;

/**
 * What runs inside the server, each as one step that nothing comes between. The first key is a worker's lease, a hash with the
 * newest fencing token ({@code token}), who has it ({@code holder}, for people, and {@code id}) and until when by the server's
 * clock ({@code until}, milliseconds); the second key is a hash of positions: offset by partition.
 */
enum Script {

    /**
     * Takes the lease when it is free, or this one's already. Arguments: holder, id, lease in milliseconds, who was seen with the
     * lease last, and for how many milliseconds more it may be active if the server has forgotten it. Returns 1, the token, the
     * positions; or 0, who has it, for how many milliseconds more.
     */
    ACQUIRE("""
            local lease = redis.call('HMGET', KEYS[1], 'token', 'holder', 'id', 'until')
            if not lease[1] and tonumber(ARGV[5]) > 0 then
              return {0, ARGV[4], tonumber(ARGV[5])}
            end
            local till = tonumber(lease[4] or 0)
            if till > now and lease[3] ~= ARGV[2] then
              return {0, lease[2], till - now}
            end
            local token = string.format('%.0f', math.max(tonumber(lease[1] or 0) + 1, now))
            redis.call('HSET', KEYS[1], 'token', token, 'holder', ARGV[1], 'id', ARGV[2],
              'until', string.format('%.0f', now + ARGV[3]))
            return {1, token, redis.call('HGETALL', KEYS[2])}
            """),

    /**
     * Renews the lease and saves positions, if nobody has a newer token. Arguments: token, holder, id, lease in milliseconds,
     * then partition and offset in turns, where an empty offset removes. Returns 1; or 2 when the server didn't know this
     * token and may have lost positions, too; or 0 and who has the lease now.
     */
    SAVE("""
            local token = tonumber(redis.call('HGET', KEYS[1], 'token') or 0)
            if token > tonumber(ARGV[1]) then
              return {0, redis.call('HGET', KEYS[1], 'holder') or ''}
            end
            redis.call('HSET', KEYS[1], 'token', ARGV[1], 'holder', ARGV[2], 'id', ARGV[3],
              'until', string.format('%.0f', now + ARGV[4]))
            for i = 5, #ARGV, 2 do
              if ARGV[i + 1] == '' then
                redis.call('HDEL', KEYS[2], ARGV[i])
              else
                redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
              end
            end
            return {token == tonumber(ARGV[1]) and 1 or 2}
            """),

    /** Gives the lease back, if this token is still the newest. Argument: token. */
    RELEASE("""
            if redis.call('HGET', KEYS[1], 'token') == ARGV[1] then
              redis.call('HSET', KEYS[1], 'holder', '', 'id', '', 'until', '0')
            end
            return {1}
            """),

    /** Returns the token (empty when there never was one), who has the lease now (empty when nobody has), the positions. */
    READ("""
            local lease = redis.call('HMGET', KEYS[1], 'token', 'holder', 'until')
            local holder = tonumber(lease[3] or 0) > now and lease[2] or ''
            return {lease[1] or '', holder, redis.call('HGETALL', KEYS[2])}
            """),

    /**
     * Replaces the positions by others under a new token, so that who has the lease is refused from now on. Arguments: 1 to do so
     * even while somebody has it, then partition and offset in turns. Returns 1; or 0, who has it, for how many milliseconds more.
     */
    REPLACE("""
            local lease = redis.call('HMGET', KEYS[1], 'token', 'holder', 'until')
            local till = tonumber(lease[3] or 0)
            if till > now and ARGV[1] ~= '1' then
              return {0, lease[2], till - now}
            end
            redis.call('HSET', KEYS[1], 'token', string.format('%.0f', math.max(tonumber(lease[1] or 0) + 1, now)),
              'holder', '', 'id', '', 'until', '0')
            redis.call('DEL', KEYS[2])
            for i = 2, #ARGV, 2 do
              redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
            end
            return {1}
            """);

    private static final String CLOCK = """
            local clock = redis.call('TIME')
            local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
            """;

    private final String text;
    private final String sha;

    Script(String body) {
        this.text = clock() + body;
        this.sha = sha1(text);
    }

    /** Constants of an enum's class aren't there yet when its elements are made. */
    private static String clock() {
        return CLOCK;
    }

    private static String sha1(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Calls the script that the server has seen before. */
    Request known(WorkerKeys keys, List<String> arguments) {
        return call(Request.cmd(Command.EVALSHA).arg(sha), keys, arguments);
    }

    /** Sends the script along. */
    Request whole(WorkerKeys keys, List<String> arguments) {
        return call(Request.cmd(Command.EVAL).arg(text), keys, arguments);
    }

    private static Request call(Request request, WorkerKeys keys, List<String> arguments) {
        request.arg(2).arg(keys.lease()).arg(keys.positions());
        arguments.forEach(request::arg);
        return request;
    }
}
