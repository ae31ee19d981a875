package dev.emc.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.emc.api.Check;
import dev.emc.kafka.KafkaBroker.Listener;

/** What {@code doctor} finds, and what it says to do. */
@Timeout(60)
class KafkaDoctorTest {

    private KafkaBroker broker;
    private String topic;
    private String group;

    @BeforeEach
    void begin() throws Exception {
        broker = KafkaBroker.shared();
        topic = broker.newTopic(3);
        group = topic + "-readers";
    }

    private List<Check> source(String... more) throws Exception {
        Map<String, String> settings = Settings.of("bootstrap-servers", broker.address(Listener.DIRECT), "topics", topic,
                "group", group);
        settings.putAll(Settings.of(more));
        settings.values().removeIf(String::isEmpty);
        return new KafkaSource(Settings.config(KafkaSourceConfig.class, settings)).check();
    }

    private List<Check> sink(String... more) throws Exception {
        Map<String, String> settings = Settings.of("bootstrap-servers", broker.address(Listener.DIRECT), "topic", topic);
        settings.putAll(Settings.of(more));
        return new KafkaSink(Settings.config(KafkaSinkConfig.class, settings)).check();
    }

    private String[] limited(String... more) {
        Map<String, String> settings = Settings.of("bootstrap-servers", broker.address(Listener.SASL), "sasl.mechanism",
                "scram-sha-512", "sasl.username", KafkaBroker.LIMITED, "sasl.password", KafkaBroker.PASSWORD);
        settings.putAll(Settings.of(more));
        return settings.entrySet().stream().flatMap(entry -> java.util.stream.Stream.of(entry.getKey(), entry.getValue()))
                .toArray(String[]::new);
    }

    private void allow(ResourceType type, String name, AclOperation operation) throws Exception {
        broker.admin().createAcls(List.of(new AclBinding(new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:" + KafkaBroker.LIMITED, "*", operation, AclPermissionType.ALLOW)))).all().get();
    }

    private static Check of(String subject, List<Check> checks) {
        return checks.stream().filter(check -> check.subject().equals(subject)).findFirst()
                .orElseThrow(() -> new AssertionError("no " + subject + " in " + checks));
    }

    private static void assertFails(String subject, String remedy, List<Check> checks) {
        Check check = of(subject, checks);
        assertFalse(check.passed(), check::toString);
        assertTrue(check.remedy().contains(remedy), check::toString);
    }

    @Test
    void allIsWellForASource() throws Exception {
        List<Check> checks = source();
        assertEquals(List.of("brokers " + broker.address(Listener.DIRECT), "topic " + topic, "group " + group),
                checks.stream().map(Check::subject).toList());
        assertTrue(checks.stream().allMatch(Check::passed), checks::toString);
        assertTrue(of("topic " + topic, checks).message().contains("3 partitions"), checks::toString);
    }

    @Test
    void aTopicThatIsNotThereHasToBeCreated() throws Exception {
        assertFails("topic none", "kafka-topics.sh --create", source("topics", "none"));
        assertFails("topic none", "kafka-topics.sh --create", sink("topic", "none"));
    }

    @Test
    void lookingCreatesNoTopic() throws Exception {
        sink("topic", "still-not-there");
        assertFalse(broker.admin().listTopics().names().get().contains("still-not-there"));
    }

    @Test
    void lookingJoinsNoGroup() throws Exception {
        source();
        assertTrue(broker.admin().listGroups().all().get().stream().noneMatch(found -> found.groupId().equals(group)));
    }

    @Test
    void aPatternShowsTheTopicsThatMatch() throws Exception {
        broker.createTopic(topic + ".a", 1);
        broker.createTopic(topic + ".b", 1);
        List<Check> checks = source("topics", "", "topic-pattern", topic + "\\..*");
        assertTrue(of("topic " + topic + ".a", checks).passed() && of("topic " + topic + ".b", checks).passed());
    }

    @Test
    void aPatternThatMatchesNothingIsWrong() throws Exception {
        assertFails("topic pattern zzz.*", "whole names", source("topics", "", "topic-pattern", "zzz.*"));
    }

    @Test
    void aTemplateOfTopicsIsNotLookedAt() throws Exception {
        assertTrue(of("topics {type}", sink("topic", "{type}")).passed());
    }

    @Test
    void aTopicThatTakesLessThanABatchIsTold() throws Exception {
        topic = broker.newTopic(1, "max.message.bytes", "5000");
        Check check = of("max.message.bytes of topic " + topic, sink());
        assertTrue(check.passed() && check.message().contains("connector.producer-batch-size is 5000 or less"),
                check::toString);
    }

    @Test
    void aTopicWhoseSettingsMayNotBeSeenCanBeWritten() throws Exception {
        allow(ResourceType.TOPIC, topic, AclOperation.WRITE);
        List<Check> checks = sink(limited());
        assertTrue(checks.stream().allMatch(Check::passed), checks::toString);
        assertTrue(of("max.message.bytes of topic " + topic, checks).message().contains("DescribeConfigs"), checks::toString);
    }

    @Test
    void aTopicThatMayNotBeReadNeedsTheOperation() throws Exception {
        allow(ResourceType.TOPIC, topic, AclOperation.DESCRIBE);
        assertFails("topic " + topic, "--operation Read --topic " + topic, source(limited()));
        assertFails("topic " + topic, "--operation Write --topic " + topic, sink(limited()));
    }

    @Test
    void aTopicThatMayNotBeSeenNeedsTheOperation() throws Exception {
        assertFails("topic " + topic, "--operation Read", source(limited()));
    }

    @Test
    void aGroupThatMayNotBeUsedNeedsTheOperation() throws Exception {
        assertFails("group " + group, "--operation Read --group " + group, source(limited()));
    }

    @Test
    void aUserWithAllItNeedsIsFine() throws Exception {
        allow(ResourceType.TOPIC, topic, AclOperation.READ);
        allow(ResourceType.GROUP, group, AclOperation.READ);
        List<Check> checks = source(limited());
        assertTrue(checks.stream().allMatch(Check::passed), checks::toString);
    }

    @Test
    void aTransactionalIdThatMayNotBeUsedNeedsTheOperation() throws Exception {
        allow(ResourceType.TOPIC, topic, AclOperation.WRITE);
        assertFails("transactional-id tx", "--operation Write --transactional-id tx",
                sink(limited("transactions", "true", "transactional-id", "tx")));
    }

    @Test
    void aWrongPasswordIsTheBrokersAnswer() throws Exception {
        List<Check> checks = source(limited("sasl.password", "wrong"));
        assertEquals(1, checks.size());
        assertFails("brokers " + broker.address(Listener.SASL), "password", checks);
    }

    @Test
    void nobodyAtTheAddressIsSaidAtOnce() throws Exception {
        List<Check> checks = source("bootstrap-servers", "127.0.0.1:1");
        assertFails("brokers 127.0.0.1:1", "connector.bootstrap-servers", checks);
        assertEquals(Set.of(false), Set.copyOf(checks.stream().map(Check::passed).toList()));
    }
}
