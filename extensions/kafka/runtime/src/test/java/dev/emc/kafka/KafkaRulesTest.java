package dev.emc.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.emc.api.ConfigProblem;

class KafkaRulesTest {

    private static List<ConfigProblem> source(String... settings) {
        Map<String, String> keys = Settings.of("bootstrap-servers", "one:9092,[::1]:9092", "topics", "orders", "group", "g");
        keys.putAll(Settings.of(settings));
        keys.values().removeIf(String::isEmpty);
        return new KafkaSource(Settings.config(KafkaSourceConfig.class, keys)).validate();
    }

    private static List<ConfigProblem> sink(String... settings) {
        Map<String, String> keys = Settings.of("bootstrap-servers", "one:9092", "topic", "orders");
        keys.putAll(Settings.of(settings));
        return new KafkaSink(Settings.config(KafkaSinkConfig.class, keys)).validate();
    }

    private static void assertProblem(String key, String saying, List<ConfigProblem> problems) {
        assertEquals(List.of(key), problems.stream().map(ConfigProblem::key).toList(), problems::toString);
        String said = problems.get(0).message() + " " + problems.get(0).suggestion();
        assertTrue(said.contains(saying), said);
    }

    @Test
    void goodSettingsHaveNoProblem() {
        assertEquals(List.of(), source("consumer.max.partition.fetch.bytes", "100000", "start", "2026-01-01T00:00:00+01:00"));
        assertEquals(List.of(), sink("producer.partitioner.ignore.keys", "true", "topic", "{type}"));
    }

    @ParameterizedTest
    @CsvSource({"enable.auto.commit, true, mesh has accepted", "group.id, other, connector.group",
            "auto.offset.reset, latest, connector.start", "key.deserializer, x.Y, byte by byte"})
    void propertiesThatEmcSetsItselfAreRefused(String property, String value, String saying) {
        assertProblem("consumer." + property, saying, source("consumer." + property, value));
    }

    @ParameterizedTest
    @CsvSource({"acks, 1, in-sync", "transactional.id, x, connector.transactional-id", "linger.ms, 5, connector.linger"})
    void propertiesThatEmcSetsItselfAreRefusedOfSinks(String property, String value, String saying) {
        assertProblem("producer." + property, saying, sink("producer." + property, value));
    }

    @Test
    void aMisspeltPropertyIsNamedWithTheNearest() {
        assertProblem("consumer.fetch.max.byte", "fetch.max.bytes?", source("consumer.fetch.max.byte", "1"));
    }

    @Test
    void aValueThatKafkaDoesNotTakeIsRefusedWithoutRepeatingIt() {
        List<ConfigProblem> problems = source("consumer.fetch.max.bytes", "sEcReT");
        assertProblem("consumer.fetch.max.bytes", "int", problems);
        assertFalse(problems.toString().contains("sEcReT"), problems::toString);
    }

    @Test
    void topicsAndAPatternExcludeEachOther() {
        assertProblem("topic-pattern", "connector.topics", source("topic-pattern", "o.*"));
    }

    @Test
    void topicsOrAPatternAreNeeded() {
        assertProblem("topics", "topic-pattern", source("topics", ""));
    }

    @Test
    void aBrokenPatternIsShownWithItsPlace() {
        assertProblem("topic-pattern", "character", source("topics", "", "topic-pattern", "o(.*"));
    }

    @Test
    void aGroupIsNeededForPositionsInKafka() {
        assertProblem("group", "registry", source("group", ""));
    }

    @Test
    void noGroupIsNeededForPositionsInTheRegistry() {
        assertEquals(List.of(), source("group", "", "positions", "registry"));
    }

    @Test
    void aServerNeedsAPort() {
        assertProblem("bootstrap-servers", "host:port", source("bootstrap-servers", "one"));
    }

    @Test
    void aLoginNeedsAUserAndAPassword() {
        assertEquals(List.of("sasl.username", "sasl.password"),
                source("sasl.mechanism", "plain").stream().map(ConfigProblem::key).toList());
    }

    @Test
    void aUserNeedsAWayToLogIn() {
        assertProblem("sasl.mechanism", "scram-sha-512", sink("sasl.username", "u", "sasl.password", "p"));
    }

    private static List<ConfigProblem> tokens(String... settings) {
        Map<String, String> keys = Settings.of("sasl.mechanism", "oauthbearer", "sasl.token-url", "https://idp:8443/token",
                "sasl.client-id", "emc", "sasl.client-secret", "sEcReT");
        keys.putAll(Settings.of(settings));
        return sink(keys.entrySet().stream().flatMap(key -> Stream.of(key.getKey(), key.getValue())).toArray(String[]::new));
    }

    @Test
    void aLoginWithTokensHasNoProblem() {
        assertEquals(List.of(), tokens("sasl.scope", "a b", "sasl.extensions.logicalCluster", "lkc-1"));
    }

    @Test
    void aLoginWithTokensNeedsAnEndpointAndAClient() {
        assertEquals(List.of("sasl.token-url", "sasl.client-id", "sasl.client-secret"),
                source("sasl.mechanism", "oauthbearer").stream().map(ConfigProblem::key).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sasl.username", "sasl.password"})
    void aLoginWithTokensHasNoUser(String key) {
        List<ConfigProblem> problems = tokens(key, "sEcReT");
        assertProblem(key, "connector.sasl.client-id", problems);
        assertFalse(problems.toString().contains("sEcReT"), problems::toString);
    }

    @ParameterizedTest
    @CsvSource({"sasl.token-url, https://idp/token", "sasl.client-id, emc", "sasl.client-secret, s", "sasl.scope, a",
            "sasl.extensions.a, b", "sasl.token-ca, ca.pem"})
    void aLoginWithAPasswordNeedsNoTokens(String key, String value) {
        assertProblem(key.replaceFirst("\\.a$", ""), "connector.sasl.mechanism: scram-sha-512",
                sink("sasl.mechanism", "scram-sha-512", "sasl.username", "u", "sasl.password", "p", key, value));
    }

    @Test
    void aTokenEndpointNeedsItsWayToLogIn() {
        assertProblem("sasl.mechanism", "oauthbearer", sink("sasl.token-url", "https://idp/token"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"idp/token | http or https", "file:///token | http or https",
            "https://idp/a b | at character", "https://u:p@idp/token | can't hold a user", "https://idp/a,b | %2C"})
    void aTokenEndpointIsAUrl(String url, String saying) {
        assertProblem("sasl.token-url", saying, tokens("sasl.token-url", url));
    }

    @Test
    void theCertificateOfATokenEndpointHasToBeThere() {
        assertProblem("sasl.token-ca", "/nowhere/ca.pem", tokens("sasl.token-ca", "/nowhere/ca.pem"));
    }

    @Test
    void theCertificateOfATokenEndpointNeedsHttps() {
        assertProblem("sasl.token-ca", "https", tokens("sasl.token-ca", "pom.xml", "sasl.token-url", "http://idp/token"));
    }

    @ParameterizedTest
    @CsvSource({"auth, a, letters", "identity-pool, a, letters", "a, ü, ASCII"})
    void extensionsAreWhatBrokersTake(String name, String value, String saying) {
        assertProblem("sasl.extensions." + name, saying, tokens("sasl.extensions." + name, value));
    }

    @Test
    void filesOfTlsHaveToBeThere() {
        assertProblem("tls.ca", "/nowhere/ca.pem", sink("tls.enabled", "true", "tls.ca", "/nowhere/ca.pem"));
    }

    @Test
    void aTransactionalIdNeedsTransactions() {
        assertProblem("transactional-id", "connector.transactions", sink("transactional-id", "x"));
    }

    @Test
    void aBrokenTemplateOfAHeaderIsNamed() {
        assertProblem("headers.X-A", "placeholder", sink("headers.X-A", "{type"));
    }
}
