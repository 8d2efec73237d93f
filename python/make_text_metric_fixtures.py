"""
Writes test/fixtures/text-metrics/*.json: what rouge-score, sacrebleu, NLTK and the SQuAD script of transformers say about small texts,
the ugly ones first, so that src/trainer/evaluate/text-metrics can be held against them without Python.

    python python/make_text_metric_fixtures.py [FOLDER]
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

from nltk.stem.porter import PorterStemmer
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics import BLEU, CHRF
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a
from transformers.data.metrics.squad_metrics import compute_exact, compute_f1, normalize_answer

VERSIONS = {name: version(name) for name in ("rouge-score", "sacrebleu", "nltk", "transformers")}
ROUGE = ["rouge1", "rouge2", "rougeL"]

# Output and references.
CASES = [
    ("", ["something"]),
    ("something", [""]),
    ("", [""]),
    ("   \n\t ", ["   "]),
    ("The", ["a an the"]),
    ("...", ["!?"]),
    ("a", ["a"]),
    ("cat", ["The cat."]),
    ("The cat sat on the mat.", ["The cat sat on the mat."]),
    ("the the the the the the the", ["the cat is on the mat", "there is a cat on the mat"]),
    ("It is a guide to action which ensures that the military always obeys the commands of the party.",
     ["It is a guide to action that ensures that the military will forever heed Party commands.",
      "It is the guiding principle which guarantees the military forces always being under the command of the Party.",
      "It is the practical guide for the army always to heed the directions of the party."]),
    ("police killed the gunman", ["the gunman killed police"]),
    ("one two three four", ["one two", "one two three four five six"]),
    ("Die Katze läuft über die Straße.", ["Eine Katze lief über die Strasse."]),
    ("naïve café", ["naive cafe"]),
    ("le théâtre the année", ["le théâtre année"]),
    ("東京は日本の首都です。", ["日本の首都は東京です。"]),
    ("我喜欢猫", ["我喜欢狗"]),
    ("Привет, мир!", ["привет мир"]),
    ("😀 😃 👩‍👩‍👧‍👦", ["😀 👩‍👩‍👧‍👦 😃"]),
    ("مرحبا بالعالم", ["مرحبا يا عالم"]),
    ("İstanbul ΟΔΟΣ ǅ", ["istanbul οδος ǆ"]),
    ("e\u0301", ["\u00e9"]),
    ("non\u00a0breaking\u2009thin\u3000wide\u0085next\x1cfile", ["non breaking thin wide next file"]),
    ("zero\u200bwidth \ufeffbom", ["zerowidth bom"]),
    ("R&amp;D costs &lt;$3.50&gt;, i.e. 1,000-2,000 units-\nper year <skipped>", ["R&D costs <$3.50>, i.e. 1,000-2,000 units per year"]),
    ("(hi) \"quoted\" don't a-b 3-4 x=y [z] {w} ~ ^_^", ["( hi ) 'quoted' dont a-b 3-4 x=y z w"]),
    ("3.14 vs 3,14 and .5, 5.", ["3.14 vs. 3,14 and 0.5, 5"]),
    ("line one\nline two\r\nline three", ["line one line two line three"]),
    ("The answer is forty-two, obviously.", ["42"]),
    ("an apple a day keeps the doctor away", ["an apple a day keeps the doctor away", ""]),
    ("word " * 60, ["word " * 59 + "end"]),
    ("Cancel my subscription, please; it was charged twice!!", ["Please cancel the subscription that was charged twice."]),
    ("running runners ran easily; ponies caresses skies dying news", ["runner run easy pony caress sky die new"]),
    ("under_score snake_case_the_word", ["underscore snakecasetheword"]),
    ("x" * 70 + " " + "y" * 70, ["y" * 70 + " " + "x" * 70]),
    (" ".join(str(i * 7919 % 97) for i in range(150)), [" ".join(str(i * 31 % 97) for i in range(170))]),
]

WORDS = """
caresses ponies ties caress cats feed agreed plastered bled motoring sing conflated troubled sized hopping tanned falling hissing fizzed
failing filing happy sky relational conditional rational valenci hesitanci digitizer conformabli radicalli differentli vileli analogousli
vietnamization predication operator feudalism decisiveness hopefulness callousness formaliti sensitiviti sensibiliti triplicate formative
formalize electriciti electrical hopeful goodness revival allowance inference airliner gyroscopic adjustable defensible irritant replacement
adjustment dependent adoption homologou communism activate angulariti homologous effective bowdlerize probate rate cease controll roll
flies dies mules denied died owned humbled sized meeting stating siezing itemization sensational traditional reference colonizer plotted
enjoy enjoyment spied spy fly tried lying innings howe proceed exceed succeed skies geology theology archaeology carefully dutifully
generally hopefully oed eing yyyy syzygy toy trying abilities ability ion union region million station question version extension opinion
the be to of and a in that have it for not on with he as you do at this but his by from they we say her she or an will my one all would
there their what so up out if about who get which go me when make can like time no just him know take people into year your good some
could them see other than then now look only come its over think also back after use two how our work first well way even new want because
any these give day most us agency policies argued arguing arguments organization organized organizing university universal controlling
controlled skiing skied happily happiness happier ally allies rallied national nationally nationalization internationalisation logi apologi
bli probably possibly ably al ance ic er ement ment ent eous 123ing abc123ed 2nd 1990s ing ed ies ied
""".split()


def main():
    default = Path(__file__).resolve().parent.parent / "test" / "fixtures" / "text-metrics"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "cases.json", {"cases": [score(*case) for case in CASES], "corpora": corpora()})
    stemmer = PorterStemmer()
    words = sorted(set(WORDS))
    write(folder / "stems.json", {"stems": [[word, stemmer.stem(word)] for word in words]})


def write(path, made):
    """A line for each entry of a list, so that a change of one is a change of one line."""
    parts = [f' "made_by": {json.dumps(VERSIONS)}']
    for key, entries in made.items():
        lines = ",\n".join("  " + json.dumps(entry, ensure_ascii=True) for entry in entries)
        parts.append(f" {json.dumps(key)}: [\n{lines}\n ]")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n")


def score(output, references):
    rouge = {stem: RougeScorer(ROUGE, use_stemmer=stem) for stem in (False, True)}
    multi = {
        name: {key: list(value) for key, value in scorer.score_multi(references, output).items()}
        for name, scorer in (("rouge", rouge[False]), ("rouge_stem", rouge[True]))
    }
    return {
        "output": output,
        "references": references,
        "normalized": normalize_answer(output),
        "exact_match": max(compute_exact(one, output) for one in references),
        "token_f1": max(compute_f1(one, output) for one in references),
        **multi,
        "tokens_13a": Tokenizer13a()(output.rstrip()),
        "bleu": BLEU(effective_order=True).sentence_score(output, references).score,
        "chrf": CHRF().sentence_score(output, references).score,
        "chrf++": CHRF(word_order=2).sentence_score(output, references).score,
    }


def corpora():
    """Corpus scores over several selections of the cases that have one reference."""
    single = [(output, references[0]) for output, references in CASES if len(references) == 1]
    chosen = {
        "all": single,
        "empty outputs only": [("", "one"), ("", "two three")],
        "no reference has words": [("one", ""), ("two three", "")],
        "short ones": [("a b", "a b"), ("c", "c d"), ("e f g", "e f h")],
        "long ones": single[-12:],
    }
    made = []
    for name, pairs in chosen.items():
        outputs, references = [list(side) for side in zip(*pairs)]
        mean = lambda values: sum(values) / len(values)
        rouge = [RougeScorer(ROUGE).score(reference, output) for output, reference in pairs]
        made.append({
            "name": name,
            "outputs": outputs,
            "references": references,
            "exact_match": mean([compute_exact(reference, output) for output, reference in pairs]),
            "token_f1": mean([compute_f1(reference, output) for output, reference in pairs]),
            **{kind: mean([scores[kind].fmeasure for scores in rouge]) for kind in ROUGE},
            "bleu": BLEU().corpus_score(outputs, [references]).score,
            "chrf": CHRF().corpus_score(outputs, [references]).score,
            "chrf++": CHRF(word_order=2).corpus_score(outputs, [references]).score,
        })
    return made


if __name__ == "__main__":
    main()
