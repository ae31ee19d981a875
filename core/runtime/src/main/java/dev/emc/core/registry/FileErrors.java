package dev.emc.core.registry;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.RetryableException;

/** Errors of the file system as sentences. */
final class FileErrors {

    private FileErrors() {}

    static ConnectorException of(Path dir, String what, IOException error) {
        String sentence = "the registry in " + dir + " " + what + ": " + reason(error);
        if (error instanceof AccessDeniedException || error instanceof FileAlreadyExistsException) {
            return new FatalException(sentence + "; check registry.path and who may write there", error);
        }
        return new RetryableException(sentence, error);
    }

    static String reason(IOException error) {
        if (error instanceof AccessDeniedException denied) {
            return "no permission for " + denied.getFile();
        }
        if (error instanceof FileAlreadyExistsException exists) {
            return exists.getFile() + " is not a folder";
        }
        if (error instanceof NoSuchFileException missing) {
            return missing.getFile() + " is gone";
        }
        if (error instanceof FileSystemException detailed && detailed.getReason() != null) {
            return detailed.getReason();
        }
        return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
    }
}
