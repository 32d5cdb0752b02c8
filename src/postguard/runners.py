"""Runs jobs in a thread of its own and waits for them, but not for ever. Threads that are done serve the next jobs."""

from __future__ import annotations

import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from queue import SimpleQueue

Job = Callable[[], None]


class Runners:
    """Threads that wait for jobs. Many threads may share one; a job must raise nothing."""

    def __init__(self) -> None:
        self._idle: deque[_Runner] = deque()
        weakref.finalize(self, _dismiss, self._idle).atexit = False

    def run(self, jobs: Sequence[Job], seconds: float) -> list[bool]:
        """Runs the jobs one after the other. True for each that is done, False for each that was not after so many
        seconds: it is left to itself, and its thread serves nobody any more."""
        done: list[bool] = []
        while len(done) < len(jobs):
            batch = _Batch(jobs[len(done) :])
            runner = self._free()
            runner.take(batch)
            done += batch.wait(seconds)
            if done[-1]:
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


class _Batch:
    """Jobs for one thread: it works through them, another waits, and may give up the one that is being done."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._jobs = jobs
        self._at, self._since = 0, time.monotonic()
        self._given_up = False
        self._turn = threading.Lock()
        self._working = threading.Lock()
        self._working.acquire()

    def work(self) -> None:
        """Does the jobs, up to one that is given up."""
        try:
            for job in self._jobs:
                job()
                with self._turn:
                    if self._given_up:
                        return
                    self._at, self._since = self._at + 1, time.monotonic()
        finally:
            self._working.release()

    def wait(self, seconds: float) -> list[bool]:
        """True for each job that is done; False at the end for the one that took more than so many seconds."""
        left = seconds
        while not self._working.acquire(timeout=left):
            with self._turn:
                left = self._since + seconds - time.monotonic()
                if left <= 0:
                    self._given_up = True
                    return [*[True] * self._at, False]
        return [True] * self._at


class _Runner:
    def __init__(self) -> None:
        self._batches: SimpleQueue[_Batch | None] = SimpleQueue()
        self.thread = threading.Thread(target=_serve, args=(self._batches,), name="postguard", daemon=True)
        self.thread.start()

    def take(self, batch: _Batch) -> None:
        """Starts with the batch."""
        self._batches.put(batch)

    def dismiss(self) -> None:
        """Ends the thread, after what it is at."""
        self._batches.put(None)


def _serve(batches: SimpleQueue[_Batch | None]) -> None:
    while (batch := batches.get()) is not None:
        batch.work()
        del batch  # an idle thread holds no draft


def _dismiss(idle: deque[_Runner]) -> None:
    while idle:
        idle.pop().dismiss()
