package dev.emc.bench;

/** What is started in a run, and where its events arrive. */
final class Run {

    /** Starts a process. */
    interface Start {

        Child start() throws Exception;
    }

    /** What can be asked for. */
    interface Condition {

        boolean met() throws Exception;
    }

    final Target target;
    final Start start;
    /** Whether it says that it is ready; null when it can't. */
    Condition ready;
    /** What sends the events once it is ready; null when nothing has to. */
    Start load;

    Run(Target target, Start start) {
        this.target = target;
        this.start = start;
    }

    Run readyWhen(Condition condition) {
        ready = condition;
        return this;
    }

    Run thenStart(Start sender) {
        load = sender;
        return this;
    }
}
