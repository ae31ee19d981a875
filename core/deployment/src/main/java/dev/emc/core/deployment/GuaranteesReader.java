package dev.emc.core.deployment;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import io.quarkus.runtime.configuration.ConfigurationException;

import dev.emc.api.Guarantees;
import dev.emc.core.config.Descriptor;

/** What a connector's class declares with {@link Guarantees}. A connector without it fails the build. */
final class GuaranteesReader {

    private GuaranteesReader() {}

    static Descriptor.Guarantees read(Class<?> connector) {
        Guarantees guarantees = connector.getAnnotation(Guarantees.class);
        if (guarantees == null) {
            throw failure(connector, "doesn't say what its users can rely on: put @Guarantees(delivery = …, ordering = …,"
                    + " idempotency = …, testedWith = …) on it");
        }
        require(connector, "ordering", guarantees.ordering());
        require(connector, "idempotency", guarantees.idempotency());
        if (guarantees.testedWith().length == 0) {
            throw failure(connector, "was tested with nothing: name versions in testedWith of @Guarantees");
        }
        Stream.of(guarantees.testedWith()).forEach(version -> require(connector, "testedWith", version));
        Stream.of(guarantees.limits()).forEach(limit -> require(connector, "limits", limit));
        return new Descriptor.Guarantees(delivery(guarantees), guarantees.ordering(), guarantees.idempotency(),
                List.of(guarantees.testedWith()), List.of(guarantees.limits()));
    }

    private static String delivery(Guarantees guarantees) {
        String delivery = guarantees.delivery().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return guarantees.deliveryExcept().isBlank() ? delivery : delivery + "; " + guarantees.deliveryExcept();
    }

    private static void require(Class<?> connector, String member, String text) {
        if (text.isBlank()) {
            throw failure(connector, "has a blank " + member + " in @Guarantees: say it in a few words");
        }
    }

    private static ConfigurationException failure(Class<?> connector, String sentence) {
        return new ConfigurationException(connector.getName() + " " + sentence);
    }
}
