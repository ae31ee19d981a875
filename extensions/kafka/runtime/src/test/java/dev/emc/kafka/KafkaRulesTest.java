package dev.emc.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
