"""Runs a job in a thread of its own and waits for it, but not for ever. Threads that are done serve the next job."""

from __future__ import annotations

import threading
import weakref
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue

Job = Callable[[], None]


class Runners:
    """Threads that wait for jobs. Many threads may share one; a job must raise nothing."""

    def __init__(self) -> None:
        self._idle: deque[_Runner] = deque()
        weakref.finalize(self, _dismiss, self._idle).atexit = False

    def run(self, job: Job, seconds: float) -> bool:
        """True once the job is done, False if it is not after so many seconds: it is left to itself, and its thread
        serves nobody any more."""
        runner = self._free()
        done = runner.begin(job).acquire(timeout=seconds)
        if done:
            self._idle.append(runner)
        else:
            runner.dismiss()
        return done

    def _free(self) -> _Runner:
        while True:
            try:
                runner = self._idle.pop()
            except IndexError:
                return _Runner()
            if runner.thread.is_alive():  # it is not in the child of a fork
                return runner


class _Runner:
    def __init__(self) -> None:
        self._jobs: SimpleQueue[tuple[Job, threading.Lock] | None] = SimpleQueue()
        self.thread = threading.Thread(target=_serve, args=(self._jobs,), name="postguard", daemon=True)
        self.thread.start()

    def begin(self, job: Job) -> threading.Lock:
        """Starts the job; the lock is free when it is done."""
        working = threading.Lock()
        working.acquire()
        self._jobs.put((job, working))
        return working

    def dismiss(self) -> None:
        """Ends the thread, after what it is at."""
        self._jobs.put(None)


def _serve(jobs: SimpleQueue[tuple[Job, threading.Lock] | None]) -> None:
    while (given := jobs.get()) is not None:
        job, working = given
        try:
            job()
        finally:
            working.release()
        del given, job, working  # an idle thread holds no draft


def _dismiss(idle: deque[_Runner]) -> None:
    while idle:
        idle.pop().dismiss()
