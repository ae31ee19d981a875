package dev.emc.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

import org.apache.kafka.common.config.SaslConfigs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.emc.api.Check;
import dev.emc.api.FatalException;
import dev.emc.api.RetryableException;
import dev.emc.api.SourceRecord;
import dev.emc.kafka.TokenEndpoint.Mood;
import dev.emc.testkit.Await;

/** Logins with tokens: the endpoint that gives them, and brokers that look at them. */
@Timeout(90)
class KafkaTokenTest {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    /** So long that tokens are renewed during a test. */
    private static final Duration SHORT = Duration.ofSeconds(3);

    @TempDir
    Path folder;
    private KafkaBroker broker;
    private TokenEndpoint tokens;
    private String topic;

    @BeforeEach
    void begin() throws Exception {
        broker = KafkaBroker.shared();
        tokens = broker.tokens();
        topic = broker.newTopic(1);
    }

    @AfterEach
    void end() {
        tokens.is(Mood.FINE);
        tokens.life(Duration.ofHours(1));
    }

    private Map<String, String> settings(String... more) throws Exception {
        Map<String, String> settings = SecureWay.SASL_TOKEN.settings(broker, "", folder);
        settings.putAll(Settings.of(more));
        return settings;
    }

    private KafkaSink sink(String... more) throws Exception {
        Map<String, String> settings = settings(more);
        settings.putAll(Settings.of("topic", topic, "request-timeout", "5s", "delivery-timeout", "6s"));
        return KafkaSinkTest.start(settings);
    }

    private KafkaSource source(String... more) throws Exception {
        Map<String, String> settings = settings(more);
        settings.putAll(Settings.of("topics", topic, "group", topic + "-readers"));
        return new SourceRunner().start(settings);
    }

    private <T extends Exception> void assertNoStart(Class<T> kind, String saying, String... more) throws Exception {
        assertSentence(saying, assertThrows(kind, () -> sink(more).close()));
        assertSentence(saying, assertThrows(kind, () -> source(more).close()));
    }

    private static void assertSentence(String saying, Exception error) {
        String message = error.getMessage();
        assertTrue(message.contains(saying), message);
        assertFalse(message.matches("(?s).*(\n|Exception|sEcReT).*"), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "sasl.client-secret | wrong-sEcReT | gives no token (401 invalid_client: Invalid client or credentials)",
            "sasl.scope | other | gives no token (400 invalid_scope); look at connector.sasl.client-id, client-secret and scope"})
    void aClientThatIsRefusedEndsTheStart(String key, String value, String saying) throws Exception {
        assertNoStart(FatalException.class, saying, key, value);
    }

    /** The consumer makes its connections in another thread then, which fails in silence. */
    @ParameterizedTest
    @CsvSource({"classic", "consumer"})
    void aGroupOfEitherProtocolEndsTheStart(String protocol) throws Exception {
        FatalException error = assertThrows(FatalException.class, () -> source("consumer.group.protocol", protocol,
                "sasl.client-secret", "wrong-sEcReT").close());
        assertSentence("gives no token (401 invalid_client", error);
    }

    @ParameterizedTest
    @CsvSource({"classic", "consumer"})
    void aGroupOfEitherProtocolReads(String protocol) throws Exception {
        broker.write(Workers.numbers(topic, 0, 10));
        try (KafkaSource source = source("consumer.group.protocol", protocol)) {
            assertEquals(10, SourceRunner.take(source, 10).size());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"FAILING | answers 500 server_error; look at its log",
            "ABSENT | answers 404; look whether connector.sasl.token-url is its address",
            "HTML | answers something else than JSON",
            "EMPTY_JSON | answers something else than JSON with an access_token", "OPAQUE_TOKEN | a JWT with sub and exp",
            "TOKEN_WITHOUT_END | a JWT with sub and exp"})
    void anEndpointThatGivesNoTokenIsTriedAgain(Mood mood, String saying) throws Exception {
        tokens.is(mood);
        assertNoStart(RetryableException.class, "the token endpoint " + tokens.url() + " answers");
        assertNoStart(RetryableException.class, saying);
    }

    @ParameterizedTest
    @CsvSource({"http://127.0.0.1:1/token, connection refused", "http://nowhere.invalid/token, its host isn't known"})
    void anEndpointThatIsAwayIsTriedAgain(String url, String saying) throws Exception {
        assertNoStart(RetryableException.class, "the token endpoint " + url + " can't be reached: " + saying, "sasl.token-url",
                url);
    }

    @Test
    void anEndpointThatNobodyTrustsIsTriedAgain() throws Exception {
        assertNoStart(RetryableException.class, "look at connector.sasl.token-ca", "sasl.token-url", tokens.secureUrl());
    }

    @Test
    void certificatesThatAreNoneEndTheStart() throws Exception {
        assertNoStart(FatalException.class, "connector.sasl.token-ca is no PEM file", "sasl.token-url", tokens.secureUrl(),
                "sasl.token-ca", broker.server().store().toString());
    }

    @Test
    void aTokenThatBrokersRefuseEndsTheStart() throws Exception {
        tokens.is(Mood.TOKEN_FOR_OTHERS);
        assertNoStart(FatalException.class, "refuses the token");
    }

    @Test
    void theBrokersLearnTheExtensions() throws Exception {
        KafkaSinkConfig config = Settings.config(KafkaSinkConfig.class,
                settings("topic", topic, "sasl.client-secret", "a\"b\\c"));
        Object login = ClientSettings.producer(config, null, new LoginState()).get(SaslConfigs.SASL_JAAS_CONFIG);
        assertEquals("org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId=\"admin\""
                + " clientSecret=\"a\\\"b\\\\c\" scope=\"kafka all\" extension_logicalCluster=\"lkc-1\";", login);
    }

    @Test
    void kafkasOwnPropertiesMayNameTheEndpoint() throws Exception {
        Map<String, String> settings = Settings.of("bootstrap-servers", settings().get("bootstrap-servers"), "topic", topic,
                "producer.security.protocol", "SASL_PLAINTEXT", "producer.sasl.mechanism", "OAUTHBEARER",
                "producer.sasl.login.callback.handler.class",
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler",
                "producer.sasl.oauthbearer.token.endpoint.url", tokens.url() + "?own", "producer.sasl.jaas.config",
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId=\"admin\" clientSecret=\""
                        + KafkaBroker.PASSWORD + "\" scope=\"" + TokenEndpoint.SCOPE + "\";");
        try (KafkaSink sink = KafkaSinkTest.start(settings)) {
            assertEquals(List.of(), sink.put(Workers.events(0, 10)));
        }
    }

    private Check tokenCheck(String... more) throws Exception {
        Map<String, String> settings = settings(more);
        settings.put("topic", topic);
        List<Check> checks = new KafkaSink(Settings.config(KafkaSinkConfig.class, settings)).check();
        return checks.stream().filter(check -> check.subject().equals("token endpoint " + tokens.url())).findFirst()
                .orElseThrow(() -> new AssertionError(checks));
    }

    @Test
    void doctorSaysThatTheEndpointGivesTokens() throws Exception {
        assertEquals("gives tokens", tokenCheck().message());
    }

    @Test
    void doctorSaysWhyThereIsNoToken() throws Exception {
        Check check = tokenCheck("sasl.client-secret", "wrong-sEcReT");
        assertFalse(check.passed());
        assertTrue(check.message().startsWith("gives no token (401") && check.remedy().contains("client-secret"),
                check::toString);
        assertFalse(check.toString().contains("sEcReT"), check::toString);
    }

    @Test
    void tokensAreRenewedWhileRecordsAreWrittenAndRead() throws Exception {
        tokens.life(SHORT);
        List<String> read = new ArrayList<>();
        int written = 0;
        int before = tokens.issued();
        try (KafkaSink sink = sink(); KafkaSource source = source("start", "earliest")) {
            long end = System.nanoTime() + DEADLINE.toNanos();
            while (tokens.issued() < before + 3 && System.nanoTime() < end) {
                assertEquals(List.of(), sink.put(Workers.events(written, ++written)));
                List<SourceRecord> some = source.poll(100, Duration.ofMillis(100));
                some.forEach(record -> read.add(record.text()));
                source.commit(some);
            }
            assertTrue(tokens.issued() >= before + 3, "tokens are renewed");
            while (read.size() < written && System.nanoTime() < end) {
                source.poll(100, Duration.ofMillis(100)).forEach(record -> read.add(record.text()));
            }
        }
        assertEquals(Workers.events(0, written).stream().map(event -> event.text()).toList(), read);
    }

    @Test
    void withoutNewTokensTheSinkTriesAgainUntilThereAreSome() throws Exception {
        tokens.life(SHORT);
        try (KafkaSink sink = sink()) {
            tokens.is(Mood.FAILING);
            AtomicReference<Exception> error = new AtomicReference<>();
            Await.until(() -> "the last token ends", DEADLINE, () -> !writes(sink, error));
            assertInstanceOf(RetryableException.class, error.get());
            assertSentence("the token endpoint " + tokens.url() + " answers 500", error.get());
            tokens.is(Mood.FINE);
            Await.until(() -> "it writes again, not " + error.get(), DEADLINE, () -> writes(sink, error));
        }
    }

    private static boolean writes(KafkaSink sink, AtomicReference<Exception> error) {
        try {
            return sink.put(Workers.events(0, 1)).isEmpty();
        } catch (Exception thrown) {
            error.set(thrown);
            return false;
        }
    }

    @Test
    void withoutNewTokensTheSourceTriesAgainUntilThereAreSome() throws Exception {
        tokens.life(SHORT);
        broker.write(Workers.numbers(topic, 0, 10));
        try (KafkaSource source = source()) {
            tokens.is(Mood.FAILING);
            AtomicReference<Exception> error = new AtomicReference<>();
            Await.until(() -> "the last token ends", DEADLINE, () -> read(source, error) == null);
            assertInstanceOf(RetryableException.class, error.get());
            assertSentence("the token endpoint " + tokens.url() + " answers 500", error.get());
            tokens.is(Mood.FINE);
            broker.write(Workers.numbers(topic, 10, 20));
            Set<String> after = new HashSet<>();
            Await.until(() -> "it reads again, not " + error.get(), DEADLINE, () -> {
                List<String> some = read(source, error);
                after.addAll(some == null ? List.of() : some);
                assertInstanceOf(RetryableException.class, error.get());
                return after.contains("19");
            });
        }
    }

    private static List<String> read(KafkaSource source, AtomicReference<Exception> error) {
        try {
            return source.poll(100, Duration.ofMillis(100)).stream().map(SourceRecord::text).collect(Collectors.toList());
        } catch (Exception thrown) {
            error.set(thrown);
            return null;
        }
    }
}
