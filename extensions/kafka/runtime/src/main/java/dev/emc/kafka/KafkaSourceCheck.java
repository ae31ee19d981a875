package dev.emc.kafka;

import java.util.List;
import java.util.regex.Pattern;

import org.apache.kafka.common.acl.AclOperation;

import dev.emc.api.Check;

/** What {@code doctor} looks at for a Kafka source. */
final class KafkaSourceCheck {

    private KafkaSourceCheck() {}

    static List<Check> check(KafkaSourceConfig config) throws Exception {
        String servers = String.join(",", config.bootstrapServers());
        KafkaErrors errors = new KafkaErrors(servers);
        try (Doctor doctor = new Doctor(ClientSettings.consumer(config, null, errors.login()), errors, servers)) {
            if (!doctor.reachesBrokers()) {
                return doctor.checks();
            }
            for (String topic : config.topics().orElse(List.of())) {
                doctor.topic(topic, "read", AclOperation.READ, false);
            }
            if (config.topicPattern().isPresent()) {
                pattern(config.topicPattern().get(), doctor);
            }
            if (config.positions() == KafkaSourceConfig.Positions.KAFKA) {
                doctor.group(config.group().orElseThrow());
            }
            return doctor.checks();
        }
    }

    private static void pattern(String regex, Doctor doctor) throws InterruptedException {
        Pattern pattern = Pattern.compile(regex);
        List<String> found = doctor.topics().stream().filter(topic -> pattern.matcher(topic).matches()).sorted().toList();
        if (found.isEmpty()) {
            doctor.failed("topic pattern " + regex, "matches no topic that this user may see",
                    "look at the pattern, which has to match whole names, or create a topic");
        }
        for (String topic : found) {
            doctor.topic(topic, "read", AclOperation.READ, false);
        }
    }
}
