package dev.emc.core.deployment;

import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.Consume;
import io.quarkus.deployment.annotations.ExecutionTime;
import io.quarkus.deployment.annotations.Record;
import io.quarkus.deployment.builditem.LogConsoleFormatBuildItem;
import io.quarkus.deployment.builditem.RuntimeConfigSetupCompleteBuildItem;

import dev.emc.core.observe.LogRecorder;

/** How log lines look. */
class LogProcessor {

    /** Not before the settings are there, which Quarkus leaves to chance otherwise. */
    @BuildStep
    @Consume(RuntimeConfigSetupCompleteBuildItem.class)
    @Record(ExecutionTime.RUNTIME_INIT)
    LogConsoleFormatBuildItem consoleFormat(LogRecorder recorder) {
        return new LogConsoleFormatBuildItem(recorder.consoleFormatter());
    }
}
