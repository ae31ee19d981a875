package dev.emc.core.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.emc.api.Position;
import dev.emc.core.engine.OffsetStore;

import picocli.CommandLine.ParseResult;

/** Shows the saved position of each partition. */
final class OffsetsShowCommand extends OffsetsCommand {

    OffsetsShowCommand() {
        super("show", "show the saved offset of each partition, and who holds the lease");
    }

    @Override
    Result execute(Subject subject, ParseResult arguments) throws Exception {
        Optional<OffsetStore.Content> content = subject.content();
        if (content.isEmpty()) {
            return subject.nothingStored();
        }
        List<Position> positions = sorted(content.get().positions());
        String holder = content.get().holder().orElse(null);
        var text = new StringBuilder("worker ").append(subject.worker()).append(" in ").append(subject.store().place())
                .append(holder == null ? "; nobody holds the lease" : "; the lease is held by " + holder);
        if (positions.isEmpty()) {
            text.append("\nno offset is saved: it starts afresh");
        } else {
            text.append('\n').append(table(positions));
        }
        Map<String, Object> data = json(subject.worker(), positions);
        data.put("place", subject.store().place());
        data.put("holder", holder);
        return Result.ok(text.toString(), data);
    }

    private static String table(List<Position> positions) {
        int width = "PARTITION".length();
        for (Position position : positions) {
            width = Math.max(width, text(position.partition()).length());
        }
        var table = new StringBuilder("PARTITION").append(" ".repeat(width - 7)).append("OFFSET");
        for (Position position : positions) {
            String partition = text(position.partition());
            table.append('\n').append(partition).append(" ".repeat(width - partition.length() + 2))
                    .append(text(position.offset()));
        }
        return table.toString();
    }
}
