package dev.emc.kafka;

import java.util.List;

import org.apache.kafka.common.acl.AclOperation;

import dev.emc.api.Check;
import dev.emc.kit.Template;

/** What {@code doctor} looks at for a Kafka sink. */
final class KafkaSinkCheck {

    private KafkaSinkCheck() {}

    static List<Check> check(KafkaSinkConfig config) throws Exception {
        String servers = String.join(",", config.bootstrapServers());
        KafkaErrors errors = new KafkaErrors(servers);
        try (Doctor doctor = new Doctor(ClientSettings.producer(config, null, errors.login()), errors, servers)) {
            if (!doctor.reachesBrokers()) {
                return doctor.checks();
            }
            Template topic = Template.parse(config.topic());
            if (topic.isConstant()) {
                if (doctor.topic(config.topic(), "written", AclOperation.WRITE, true).isPresent()) {
                    doctor.limit(config.topic(), config.maxRecordBytes().asLongValue(),
                            config.producerBatchSize().asLongValue());
                }
            } else {
                doctor.passed("topics " + config.topic(), "depend on the events, so they were not looked at");
            }
            if (config.transactionalId().isPresent()) {
                doctor.transactionalId(config.transactionalId().get());
            }
            return doctor.checks();
        }
    }
}
