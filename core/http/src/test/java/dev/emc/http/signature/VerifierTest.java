package dev.emc.http.signature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VerifierTest {

    /** A genuine request. @param now when it comes */
    record Example(String name, Verifier.Settings settings, String secret, Map<String, String> headers, String body,
            long now) {

        @Override
        public String toString() {
            return name;
        }

        String refusal(Map<String, String> sent, String content, long at) {
            return new Verifier(settings).refusal(VerifierTest.headers(sent), content.getBytes(StandardCharsets.UTF_8),
                    Instant.ofEpochSecond(at));
        }
    }

    private static final String SLACK_BODY = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
            + "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect"
            + "&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
            + "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";

    static HttpHeaders headers(Map<String, String> headers) {
        Map<String, List<String>> all = new HashMap<>();
        headers.forEach((name, value) -> all.put(name, List.of(value)));
        return HttpHeaders.of(all, (name, value) -> true);
    }

    private static Verifier.Settings hmac(HmacSettings.Algorithm algorithm, HmacSettings.Encoding encoding, String secret) {
        return new Verifier.Settings(Scheme.HMAC, List.of(secret), null, null, null, Duration.ofMinutes(5),
                new HmacSettings("X-Signature", "", algorithm, encoding));
    }

    /** From the documents of GitHub, Slack and Standard Webhooks, RFC 4231, RFC 2202, RFC 7617, and one made with openssl. */
    static Stream<Example> examples() {
        return Stream.of(
                new Example("github", Verifier.Settings.of(Scheme.GITHUB, "It's a Secret to Everybody"),
                        "It's a Secret to Everybody",
                        Map.of("X-Hub-Signature-256",
                                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"),
                        "Hello, World!", 0),
                new Example("slack", Verifier.Settings.of(Scheme.SLACK, "8f742231b10e8888abcd99yyyzzz85a5"),
                        "8f742231b10e8888abcd99yyyzzz85a5",
                        Map.of("X-Slack-Signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
                                "X-Slack-Request-Timestamp", "1531420618"),
                        SLACK_BODY, 1531420618),
                new Example("standard webhooks",
                        Verifier.Settings.of(Scheme.STANDARD_WEBHOOKS, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                        Map.of("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp", "1614265330",
                                "webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
                        "{\"test\": 2432232314}", 1614265330),
                new Example("stripe", Verifier.Settings.of(Scheme.STRIPE, "whsec_test_secret"), "whsec_test_secret",
                        Map.of("Stripe-Signature", "t=1492774577,"
                                + "v1=799c4ba7bb339f3c8601adfd112f0e477c930a268be1243d341abb8286501c2f,v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39"),
                        "{\"id\":\"evt_1\"}", 1492774577),
                new Example("hmac sha256 hex", hmac(HmacSettings.Algorithm.SHA256, HmacSettings.Encoding.HEX, "Jefe"), "Jefe",
                        Map.of("X-Signature", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
                        "what do ya want for nothing?", 0),
                new Example("hmac sha256 hex in capitals",
                        hmac(HmacSettings.Algorithm.SHA256, HmacSettings.Encoding.HEX, "Jefe"), "Jefe",
                        Map.of("X-Signature", "5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843"),
                        "what do ya want for nothing?", 0),
                new Example("hmac sha512 base64",
                        hmac(HmacSettings.Algorithm.SHA512, HmacSettings.Encoding.BASE64, "Jefe"), "Jefe",
                        Map.of("X-Signature",
                                "Fkt6e/z4GeLjlfvnO1bgo4e9ZCIugx/WECcM1+olBVSXWL91wFqZSm0DT2X48Ob9yuqxo01Ka0tjbgcKOLznNw=="),
                        "what do ya want for nothing?", 0),
                new Example("hmac sha1 hex", hmac(HmacSettings.Algorithm.SHA1, HmacSettings.Encoding.HEX, "Jefe"), "Jefe",
                        Map.of("X-Signature", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"), "what do ya want for nothing?", 0),
                new Example("basic",
                        new Verifier.Settings(Scheme.BASIC, List.of(), "Aladdin", "open sesame", null, Duration.ZERO, null),
                        "open sesame", Map.of("Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), "", 0),
                new Example("bearer", Verifier.Settings.of(Scheme.BEARER, "mF_9.B5f-4.1JqM"), "mF_9.B5f-4.1JqM",
                        Map.of("Authorization", "Bearer mF_9.B5f-4.1JqM"), "", 0),
                new Example("api key",
                        new Verifier.Settings(Scheme.API_KEY, List.of("k-1"), null, null, "X-API-Key", Duration.ZERO, null),
                        "k-1", Map.of("x-api-key", "k-1"), "", 0));
    }

    static Stream<Example> signed() {
        return examples().filter(example -> example.settings.scheme().signs());
    }

    static Stream<Example> timed() {
        return examples().filter(example -> example.now > 0);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void aGenuineRequestPasses(Example example) {
        assertNull(example.refusal(example.headers, example.body, example.now));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void aRequestWithoutHeadersIsRefused(Example example) {
        assertNotNull(example.refusal(Map.of(), example.body, example.now));
    }

    @ParameterizedTest
    @MethodSource("signed")
    void aChangedBodyIsRefused(Example example) {
        assertNotNull(example.refusal(example.headers, example.body + " ", example.now));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void changedHeadersAreRefused(Example example) {
        for (String name : example.headers.keySet()) {
            Map<String, String> changed = new HashMap<>(example.headers);
            changed.compute(name, (same, value) -> value.substring(0, value.length() - 3)
                    + (value.endsWith("123") ? "321" : "123"));
            boolean unused = example.settings.scheme() == Scheme.STRIPE; // ends in the signature of another version
            if (!unused) {
                assertNotNull(example.refusal(changed, example.body, example.now), name);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("timed")
    void anOldRequestIsRefused(Example example) {
        assertNull(example.refusal(example.headers, example.body, example.now + 300));
        assertNotNull(example.refusal(example.headers, example.body, example.now + 301));
    }

    @ParameterizedTest
    @MethodSource("timed")
    void aRequestOfTheFutureIsRefused(Example example) {
        assertNotNull(example.refusal(example.headers, example.body, example.now - 301));
    }

    @ParameterizedTest
    @MethodSource("timed")
    void aTimeThatIsNoneIsRefused(Example example) {
        for (String time : List.of("", "-9223372036854775808", "99999999999999999999", "now")) {
            Map<String, String> changed = new HashMap<>(example.headers);
            changed.replaceAll((name, value) -> value.replace(Long.toString(example.now), time));
            assertNotNull(example.refusal(changed, example.body, example.now), time);
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void noRefusalHasASecretInIt(Example example) {
        for (Map<String, String> sent : List.of(Map.<String, String>of(), example.headers)) {
            String refusal = String.valueOf(example.refusal(sent, example.body + "x", example.now + 1000));
            assertFalse(refusal.contains(example.secret), refusal);
        }
    }

    @ParameterizedTest
    @MethodSource("signed")
    void anyOfSeveralSecretsWillDo(Example example) {
        String other = example.settings.scheme() == Scheme.STANDARD_WEBHOOKS ? "whsec_c2VjcmV0" : "another";
        for (List<String> secrets : List.of(List.of(other, example.secret), List.of(example.secret, other))) {
            Verifier.Settings settings = new Verifier.Settings(example.settings.scheme(), secrets, null, null, null,
                    Duration.ofMinutes(5), example.settings.hmac());
            assertNull(new Verifier(settings).refusal(headers(example.headers),
                    example.body.getBytes(StandardCharsets.UTF_8), Instant.ofEpochSecond(example.now)));
        }
    }

    @ParameterizedTest
    @MethodSource("signed")
    void whatASignerSignsPasses(Example example) {
        Signer signer = new Signer(example.settings.scheme(), example.secret, example.settings.hmac());
        byte[] body = "new".getBytes(StandardCharsets.UTF_8);
        Instant now = Instant.ofEpochSecond(1_800_000_000);
        assertNull(new Verifier(example.settings).refusal(headers(signer.sign("m-1", body, now)), body, now));
    }

    @Test
    void oneOfSeveralSignaturesWillDo() {
        Example example = examples().filter(e -> e.name.equals("standard webhooks")).findFirst().orElseThrow();
        Map<String, String> both = new HashMap<>(example.headers);
        both.compute("webhook-signature", (name, value) -> "v1,AAAA v1a,BBBB " + value);
        assertNull(example.refusal(both, example.body, example.now));
    }

    @Test
    void aHeaderThatIsThereTwiceIsRefused() {
        HttpHeaders twice = HttpHeaders.of(Map.of("Authorization", List.of("Bearer a", "Bearer b")), (name, value) -> true);
        assertNotNull(new Verifier(Verifier.Settings.of(Scheme.BEARER, "a")).refusal(twice, new byte[0], Instant.now()));
    }

    @Test
    void anEmptyTokenIsNotTheRightOne() {
        assertNotNull(new Verifier(Verifier.Settings.of(Scheme.BEARER)).refusal(
                headers(Map.of("Authorization", "Bearer ")), new byte[0], Instant.now()));
    }

    @Test
    void aSecretThatIsNoneOfItsSchemeIsNotRepeated() {
        assertEquals("a secret of Standard Webhooks is base64, mostly with whsec_ before it",
                Scheme.STANDARD_WEBHOOKS.problem("whsec_$$$"));
    }
}
