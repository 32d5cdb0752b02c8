"""Jobs in threads of their own: waited for, given up, and the threads used again."""

from __future__ import annotations

import gc
import multiprocessing
import threading
import time

from postguard.runners import Runners


def where_run(runners):
    found = []
    assert runners.run(lambda: found.append(threading.current_thread()), 10)
    return found[0]


def test_a_job_is_done_in_another_thread_and_the_thread_serves_the_next_one():
    runners = Runners()
    first = where_run(runners)
    assert first is not threading.current_thread()
    assert where_run(runners) is first


def test_a_job_that_does_not_end_is_left_and_its_thread_serves_nobody_more():
    runners, release = Runners(), threading.Event()
    stuck = []

    def job():
        stuck.append(threading.current_thread())
        release.wait(30)

    assert not runners.run(job, 0.05)
    assert where_run(runners) is not stuck[0]
    release.set()
    stuck[0].join(10)
    assert not stuck[0].is_alive()


def test_jobs_of_many_threads_run_side_by_side():
    runners, together = Runners(), threading.Barrier(3)
    done = []
    threads = [threading.Thread(target=lambda: done.append(runners.run(together.wait, 10))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [True, True, True]


def test_threads_end_when_nobody_holds_their_runners_any_more():
    runners = Runners()
    thread = where_run(runners)
    del runners
    gc.collect()
    thread.join(10)
    assert not thread.is_alive()


def _in_the_child(runners, told):
    told.put(runners.run(lambda: None, 10))


def test_the_child_of_a_fork_gets_threads_of_its_own():
    runners = Runners()
    where_run(runners)
    context = multiprocessing.get_context("fork")
    told = context.Queue()
    child = context.Process(target=_in_the_child, args=(runners, told))
    child.start()
    began = time.monotonic()
    assert told.get(timeout=30)
    child.join(10)
    assert time.monotonic() - began < 9  # it did not wait in vain for a thread of the parent
