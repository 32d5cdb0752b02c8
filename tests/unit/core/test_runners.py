"""Jobs in threads of their own: waited for, given up, and the threads used again."""

from __future__ import annotations

import gc
import multiprocessing
import threading
import time

from postguard.runners import Runners


def where_run(runners):
    found = []
    assert runners.run([lambda: found.append(threading.current_thread())], 10) == [True]
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

    assert runners.run([job], 0.05) == [False]
    assert where_run(runners) is not stuck[0]
    release.set()
    stuck[0].join(10)
    assert not stuck[0].is_alive()


def test_jobs_are_done_in_order_in_one_thread_and_one_that_hangs_stops_no_other():
    runners, release = Runners(), threading.Event()
    order, threads = [], set()

    def job(name, *, hangs=False):
        def do():
            order.append(name)
            threads.add(threading.current_thread())
            if hangs:
                release.wait(30)

        return do

    assert runners.run([job("a"), job("b"), job("c")], 10) == [True, True, True]
    assert len(threads) == 1
    assert runners.run([job("d"), job("e", hangs=True), job("f")], 0.1) == [True, False, True]
    release.set()
    assert order == ["a", "b", "c", "d", "e", "f"]


def test_each_job_has_the_whole_time():
    assert Runners().run([lambda: time.sleep(0.15)] * 3, 0.3) == [True, True, True]


def test_jobs_of_many_threads_run_side_by_side():
    runners, together = Runners(), threading.Barrier(3)
    done = []
    threads = [threading.Thread(target=lambda: done.extend(runners.run([together.wait], 10))) for _ in range(3)]
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
    told.put(runners.run([lambda: None], 10))


def test_the_child_of_a_fork_gets_threads_of_its_own():
    runners = Runners()
    where_run(runners)
    context = multiprocessing.get_context("fork")
    told = context.Queue()
    child = context.Process(target=_in_the_child, args=(runners, told))
    child.start()
    began = time.monotonic()
    assert told.get(timeout=30) == [True]
    child.join(10)
    assert time.monotonic() - began < 9  # it did not wait in vain for a thread of the parent
