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
 * newest fencing token ({@code token}), who has it ({@code holder}, for people, and {@code id}), how long it lasts without a sign
 * of life ({@code lease}, milliseconds), the number of the last save under this token ({@code seq}), and, only for what operators
 * see, until when it lasts by the server's clock ({@code until}). The second key is a hash of positions: offset by partition, and
 * the newest token once more ({@code token}), in case that only the lease gets lost.
 */
enum Script {

    /**
     * Takes the lease when it is free, or this one's already, or its holder has given the sign of life of which the caller says
     * that it is too old. Arguments: holder, id, lease in milliseconds, a token that was heard of, the sign of life that is too
     * old (empty for none), who was seen with the lease last, and for how many milliseconds more it may be active if the server
     * has forgotten it. Returns 1, the token, the positions; or 0, who has it, for how many milliseconds more by the server's
     * clock, its sign of life, how long its lease lasts, its token.
     */
    ACQUIRE("""
            local lease = redis.call('HMGET', KEYS[1], 'token', 'holder', 'id', 'until', 'lease', 'seq')
            if not lease[1] and tonumber(ARGV[7]) > 0 then
              return {0, ARGV[6], tonumber(ARGV[7]), '', tonumber(ARGV[3]), ARGV[4]}
            end
            local mine = lease[3] == ARGV[2]
            local sign = (lease[1] or '') .. ':' .. (lease[6] or '')
            if lease[2] and lease[2] ~= '' and not mine and sign ~= ARGV[5] then
              return {0, lease[2], tonumber(lease[4] or 0) - now, sign, tonumber(lease[5] or ARGV[3]), lease[1]}
            end
            local token = lease[1]
            if not mine then
              token = fresh(lease[1], tonumber(ARGV[4]))
              redis.call('HSET', KEYS[1], 'token', token, 'seq', '0')
              redis.call('HSET', KEYS[2], 'token', token)
            end
            redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'id', ARGV[2], 'lease', ARGV[3],
              'until', string.format('%.0f', now + ARGV[3]))
            return {1, token, redis.call('HGETALL', KEYS[2])}
            """),

    /**
     * Renews the lease and saves positions, if nobody has a newer token. Arguments: token, holder, id, lease in milliseconds, the
     * number of this save, which grows, then partition and offset in turns, where an empty offset removes. Returns 1; or 2 when
     * the server didn't know this token and may have lost positions, too; or 3 when it was late and a newer one was there before,
     * so that nothing has changed; or 0 and who has the lease now.
     */
    SAVE("""
            local lease = redis.call('HMGET', KEYS[1], 'token', 'holder', 'seq')
            local mine = tonumber(ARGV[1])
            local marked = tonumber(redis.call('HGET', KEYS[2], 'token') or 0)
            local known = tonumber(lease[1] or 0)
            if math.max(known, marked) > mine then
              return {0, lease[2] or ''}
            end
            if known == mine and tonumber(lease[3] or 0) >= tonumber(ARGV[5]) then
              return {3}
            end
            redis.call('HSET', KEYS[1], 'token', ARGV[1], 'holder', ARGV[2], 'id', ARGV[3], 'lease', ARGV[4],
              'seq', ARGV[5], 'until', string.format('%.0f', now + ARGV[4]))
            if marked ~= mine then
              redis.call('HSET', KEYS[2], 'token', ARGV[1])
            end
            for i = 6, #ARGV, 2 do
              if ARGV[i + 1] == '' then
                redis.call('HDEL', KEYS[2], ARGV[i])
              else
                redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
              end
            end
            return {known == mine and marked == mine and 1 or 2}
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
            local token = fresh(lease[1], 0)
            redis.call('HSET', KEYS[1], 'token', token, 'seq', '0', 'holder', '', 'id', '', 'until', '0')
            redis.call('DEL', KEYS[2])
            redis.call('HSET', KEYS[2], 'token', token)
            for i = 2, #ARGV, 2 do
              redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
            end
            return {1}
            """),

    /** Does what the other ones do, with a key that is gone at the end: to see whether this user may. */
    TRY("""
            redis.call('DEL', KEYS[1])
            redis.call('SADD', KEYS[1], 'x')
            redis.call('DEL', KEYS[1])
            redis.call('HSET', KEYS[1], 'x', '1', 'y', '1')
            redis.call('HMGET', KEYS[1], 'x', 'y')
            redis.call('HGET', KEYS[1], 'x')
            redis.call('HGETALL', KEYS[1])
            redis.call('HDEL', KEYS[1], 'x')
            redis.call('DEL', KEYS[1])
            return {1}
            """);

    /** The time of the server, and a token that is larger than all that were ever heard of. */
    private static final String CLOCK = """
            local clock = redis.call('TIME')
            local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
            local function fresh(stored, heard)
              local marked = tonumber(redis.call('HGET', KEYS[2], 'token') or 0)
              return string.format('%.0f', math.max(tonumber(stored or 0) + 1, marked + 1, heard + 1, now))
            end
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
