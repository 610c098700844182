"""A run from its plan to its result: started, watched, and recorded however it ends."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from kfpkit.emulators import emulators, find_emulators, identify_data
from kfpkit.errors import SecretsInProjectError
from kfpkit.local.graph import Brake, Graph, Outcome, Result, Slots
from kfpkit.local.ignored import describe_ignored, find_ignored
from kfpkit.local.launching import Launcher, count_processors, find_secrets_folder, launcher_for
from kfpkit.local.planning import Plan
from kfpkit.local.record import (
    Ending,
    Journal,
    Progress,
    Recorder,
    RunFolder,
    RunResult,
    Sign,
    Silence,
    ask_revision,
    create_run_folder,
    describe_broken,
    present,
    settle_broken_runs,
    writing,
)
from kfpkit.local.signals import Interrupted, interruptible
from kfpkit.local.tasks import FinishedTasks, TaskCache, TaskRunner
from kfpkit.processes import Processes
from kfpkit.project import Project
from kfpkit.runs.record import Cause, State
from kfpkit.specification.execution import Job

_BEAT = 0.5


def start_run(plan: Plan, *, launcher: Launcher | None, progress: Progress | None) -> RunResult:
    """Run what is planned, in a folder of its own, until it ends.

    Args:
        plan: What is to run.
        launcher: Runs the tasks, in this run alone; by default what the plan asks for.
        progress: Shows the run while it goes on.

    Returns:
        How it went.

    Raises:
        EnvironmentsError: An environment is missing, stale or cannot be made.
        LocalRunError: The run cannot start, or its folder cannot be made.
    """
    shown = progress or Silence()
    own = launcher_for(plan.project, containers=plan.settings.containers, say=shown.say)
    with own if launcher is None else contextlib.nullcontext(launcher) as runs_here:
        run = _Run(plan=plan, launcher=runs_here, progress=shown)
        run.check()
        for broken in settle_broken_runs(plan.project):
            shown.say(describe_broken(broken))
        specification = plan.specification
        folder = create_run_folder(plan.project, specification.name, specification.text)
        with present(folder) as sign:
            return run.go(folder, sign)


@dataclass(frozen=True, kw_only=True)
class _Run:
    """A run, before it has a folder."""

    plan: Plan
    launcher: Launcher
    progress: Progress
    journal: Journal = field(default_factory=Journal)

    @property
    def processes(self) -> Processes:
        return self.launcher.processes

    def check(self) -> None:
        """Refuse what cannot run here, before anything is written."""
        self.launcher.check(self.plan.specification.images)
        if self.plan.settings.emulators:
            find_emulators(self.plan.project)
        _require_secrets_outside(self.plan.project)

    def go(self, folder: RunFolder, sign: Sign) -> RunResult:
        """Run all tasks, leave no process behind, and record how it ended, however it did."""
        job = self.plan.make_job(folder)
        recorder = self._make_recorder(folder, job)
        recorder.write_state()
        self.progress.begin(folder)
        sign.stays = True  # until the record tells the end
        ending = Ending(
            pipeline=self.plan.specification.name,
            folder=folder,
            journal=self.journal,
            recorder=recorder,
            report=self.progress.say,
        )
        with interruptible(self.processes.kill) as interruptions:
            try:
                with interruptions:  # the first signal ends it, and no later one loses the record
                    self._announce(folder)
                    if self.plan.earlier is not None:
                        self.plan.earlier.copy_workspace(folder)
                    result = self._run_tasks(folder, job, recorder)
                    ending.succeeded = result.outcome is Outcome.SUCCEEDED
                    ending.outputs = result.outputs
            finally:
                ended = ending.record(interruptions.number)
                sign.stays = not ending.is_recorded
        return ended

    def _announce(self, folder: RunFolder) -> None:
        earlier = self.plan.earlier
        goes_on = "" if earlier is None else f", a retry of {earlier.record.id}"
        self.progress.say(f"Run {folder.path.name}{goes_on}")
        ignored = find_ignored(self.plan.specification)
        if ignored:
            self.progress.say(describe_ignored(ignored))

    def _run_tasks(self, folder: RunFolder, job: Job, recorder: Recorder) -> Result:
        with self._serving(folder) as variables:
            with writing(self.plan.project.state):
                graph = self._graph(folder, job, recorder, variables)
            graph.expect()
            with (
                self.progress.watch(self.journal),
                self._settling(),
                self._running(graph, folder) as running,
            ):
                self._await(running, recorder)
                return running.result()

    @contextlib.contextmanager
    def _running(self, graph: Graph, folder: RunFolder) -> Iterator[Future[Result]]:
        """Run a graph in a thread; when the block ends, all processes end, then the thread."""
        with ThreadPoolExecutor(max_workers=1) as thread, self.processes:
            self.launcher.prepare(self.plan.specification.images, logs=folder.environments)
            yield thread.submit(graph.run, self.plan.effective.arguments)

    def _await(self, running: Future[Result], recorder: Recorder) -> None:
        """Record how the tasks stand until the last has ended."""
        # Python handles a signal that comes just before it waits only after it has waited.
        while not running.done():
            wait([running], timeout=_BEAT)
            recorder.write_state(self.journal.records())
            if not self.progress.is_read:
                raise Interrupted(signal.SIGPIPE)

    def _make_recorder(self, folder: RunFolder, job: Job) -> Recorder:
        start = self.plan.make_start(folder, job, name_environment=self.launcher.name)
        return Recorder(
            folder,
            start.describe(),
            environments=self.launcher.describe,
            revision=ask_revision(self.plan.project.root),
        )

    @contextlib.contextmanager
    def _serving(self, folder: RunFolder) -> Iterator[Mapping[str, str]]:
        """Have the emulators; yields the variables by which tasks find them."""
        names = self.plan.settings.emulators
        if not names:
            yield {}
            return
        self.progress.say(f"Emulators: {', '.join(names)}")
        with emulators(
            names, project=self.plan.project, log_folder=folder.servers, report=self.progress.say
        ) as variables:
            yield variables

    def _graph(
        self, folder: RunFolder, job: Job, recorder: Recorder, variables: Mapping[str, str]
    ) -> Graph:
        specification = self.plan.specification
        width = self.plan.settings.max_parallel or count_processors()
        slots = Slots(width=width, processors=self.launcher.processors)
        return Graph(
            component=specification.spec.root,
            components=dict(specification.spec.components),
            job=job,
            runner=self._runner(folder, job, recorder, slots, variables),
            journal=self.journal,
            slots=slots,
            loop_width=2 * width,
            brake=Brake(fails_fast=self.plan.fails_fast),
        )

    def _runner(
        self,
        folder: RunFolder,
        job: Job,
        recorder: Recorder,
        slots: Slots,
        variables: Mapping[str, str],
    ) -> TaskRunner:
        project, settings = self.plan.project, self.plan.settings
        earlier = self.plan.earlier
        return TaskRunner(
            executors=self.plan.specification.executors,
            job=job,
            launcher=self.launcher,
            processes=self.processes,
            journal=self.journal,
            folder=folder,
            cache=TaskCache(folder=project.state / "cache") if settings.caching else None,
            finished=FinishedTasks(folder=folder.path, workspace=folder.workspace),
            earlier=() if earlier is None else earlier.open_finished(folder.workspace),
            again=() if earlier is None else earlier.again,
            slots=slots,
            variables=settings.environment_variables,
            emulators=variables,
            timeout=settings.task_timeout,
            timeouts=self.plan.specification.timeouts,
            emulator_data=identify_data(project) if variables else "",
            project=project,
            pipeline=self.plan.specification.name,
            components=recorder.components,
            report=self.progress.say,
            rule=self.plan.rule,
        )

    @contextlib.contextmanager
    def _settling(self) -> Iterator[None]:
        """Note the end of tasks that an interrupted run did not start, or did not finish."""
        try:
            yield
        finally:
            for record in self.journal.records():
                if not record.state.is_final:
                    started = record.started is not None
                    state = State.STOPPED if started else State.NOT_STARTED
                    self.journal.note(record.name, state, cause=Cause(kind="stopped"))


def _require_secrets_outside(project: Project) -> None:
    """Refuse a folder of secrets in the project, where git and bundles would find them."""
    folder = find_secrets_folder()
    if folder.is_dir() and folder.resolve().is_relative_to(project.root):
        raise SecretsInProjectError(folder=folder, root=project.root)
