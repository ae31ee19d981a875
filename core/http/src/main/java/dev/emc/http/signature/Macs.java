package dev.emc.http.signature;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Keyed hashes and comparisons that take the same time whatever they find. */
final class Macs {

    private Macs() {}

    /** The keyed hash of the parts, one after the other. */
    static byte[] mac(HmacSettings.Algorithm algorithm, byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(algorithm.jcaName());
            // an empty key is refused by SecretKeySpec; as RFC 2104 pads with zeros, a zero byte is the same key
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, algorithm.jcaName()));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(algorithm.jcaName() + " is part of every JDK", e);
        }
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether two texts are the same, without telling by the time it takes where they differ. */
    static boolean same(String expected, String given) {
        return MessageDigest.isEqual(utf8(expected), utf8(given));
    }
}
