package dev.emc.http.signature;

/**
 * A signature of the body alone in a header, as most services have it in one spelling or another.
 *
 * @param header the header's name
 * @param prefix what stands before the signature, such as {@code sha256=}; empty for nothing
 */
public record HmacSettings(String header, String prefix, Algorithm algorithm, Encoding encoding) {

    /** Hash functions. */
    public enum Algorithm {
        SHA1("HmacSHA1"), SHA256("HmacSHA256"), SHA512("HmacSHA512");

        private final String jcaName;

        Algorithm(String jcaName) {
            this.jcaName = jcaName;
        }

        String jcaName() {
            return jcaName;
        }
    }

    /** How the bytes of a signature are written. */
    public enum Encoding {
        HEX, BASE64
    }

    /** GitHub's, also that of Meta, Shopify's and many others' with another header. */
    static final HmacSettings GITHUB = new HmacSettings("X-Hub-Signature-256", "sha256=", Algorithm.SHA256, Encoding.HEX);

    String signature(byte[] key, byte[] body) {
        byte[] mac = Macs.mac(algorithm, key, body);
        return prefix + (encoding == Encoding.HEX ? Macs.hex(mac) : Macs.base64(mac));
    }
}
