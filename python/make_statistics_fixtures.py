"""
Writes test/fixtures/statistics/*.json: what scikit-learn, scipy and statsmodels say about small inputs, so that the metrics,
intervals and tests of src/trainer/evaluate can be held against them without Python.

    python python/make_statistics_fixtures.py [FOLDER]
"""

import json
import math
import sys
import warnings
from pathlib import Path

import numpy as np
import scipy
import sklearn
import statsmodels
import statsmodels.api as sm
from scipy import optimize, stats
from sklearn import metrics
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

VERSIONS = {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__}


def main():
    default = Path(__file__).resolve().parent.parent / "test" / "fixtures" / "statistics"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    folder.mkdir(parents=True, exist_ok=True)
    for make in (classification, distributions, proportions, pairs, bootstrap, permutation, quantiles, repeats, corpora, multi_label, regression):
        made = {"made_by": VERSIONS, **make()}
        (folder / f"{make.__name__}.json").write_text(to_json(made))


def to_json(made):
    """A line for each entry of a list of cases, so that a change of one is a change of one line."""
    parts = []
    for key, value in made.items():
        listed = isinstance(value, list) and value and isinstance(value[0], (dict, list))
        text = "[\n" + ",\n".join("  " + json.dumps(entry) for entry in value) + "\n ]" if listed else json.dumps(value)
        parts.append(f" {json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def classification():
    """Metrics, the ugly cases first."""
    random = np.random.default_rng(6)
    big = random.integers(0, 77, 500)
    cases = {
        "one example, right": (["a", "b"], [1], [1]),
        "one example, wrong": (["a", "b"], [1], [0]),
        "one class only, all right": (["a", "b", "c"], [1, 1, 1, 1], [1, 1, 1, 1]),
        "one class only, some wrong": (["a", "b", "c"], [1, 1, 1, 1], [1, 0, 1, 0]),
        "one label in all": (["a"], [0, 0, 0], [0, 0, 0]),
        "a label never predicted": (["a", "b", "c"], [0, 1, 2, 2, 1, 0], [0, 1, 1, 0, 1, 0]),
        "a label absent from the references": (["a", "b", "c"], [0, 1, 1, 0, 1], [0, 2, 1, 2, 1]),
        "a label in neither": (["a", "b", "c", "d"], [0, 1, 1, 3, 1], [0, 3, 1, 0, 1]),
        "all wrong": (["a", "b"], [0, 1, 0], [1, 0, 1]),
        "five labels at random": (list("abcde"), random.integers(0, 5, 60), random.integers(0, 5, 60)),
        "77 labels, mostly right": (
            [str(label) for label in range(77)], big, np.where(random.random(500) < 0.8, big, random.integers(0, 77, 500)),
        ),
    }
    return {"cases": [classify(name, *case) for name, case in cases.items()]}


def classify(name, labels, references, predictions):
    index = list(range(len(labels)))
    warnings.filterwarnings("ignore", message="A single label was found")
    f1 = lambda average: float(metrics.f1_score(references, predictions, average=average, zero_division=0))
    per_label = metrics.precision_recall_fscore_support(references, predictions, labels=index, zero_division=0)
    return {
        "name": name,
        "labels": labels,
        "references": [int(label) for label in references],
        "predictions": [int(label) for label in predictions],
        "accuracy": float(metrics.accuracy_score(references, predictions)),
        "macro_f1": f1("macro"),
        "micro_f1": f1("micro"),
        "precision": per_label[0].tolist(),
        "recall": per_label[1].tolist(),
        "f1": per_label[2].tolist(),
        "support": per_label[3].tolist(),
        "confusion": metrics.confusion_matrix(references, predictions, labels=index).tolist(),
    }


def multi_label():
    """Metrics of rows with any number of labels, the ugly cases first."""
    random = np.random.default_rng(8)
    true = (random.random((40, 6)) < [0.5, 0.3, 0.1, 0.05, 0.0, 0.9]).astype(int)
    given = np.where(random.random(true.shape) < 0.8, true, 1 - true)
    cases = {
        "one row, right": ([[1, 0, 1]], [[1, 0, 1]]),
        "one row, none given": ([[1, 0, 1]], [[0, 0, 0]]),
        "no label anywhere": ([[0, 0], [0, 0]], [[0, 0], [0, 0]]),
        "all labels everywhere": ([[1, 1], [1, 1]], [[1, 1], [1, 1]]),
        "rows without labels": ([[0, 0, 0], [0, 1, 0], [0, 0, 0]], [[0, 0, 0], [0, 1, 0], [1, 0, 0]]),
        "a label that no row has": ([[1, 0, 0], [1, 1, 0]], [[1, 0, 1], [1, 0, 0]]),
        "a label in neither": ([[1, 0, 0], [1, 1, 0]], [[1, 0, 0], [0, 1, 0]]),
        "all wrong": ([[1, 0], [0, 1]], [[0, 1], [1, 0]]),
        "six labels at random": (true, given),
    }
    return {"cases": [score_labels(name, *map(np.array, case)) for name, case in cases.items()]}


def score_labels(name, references, predictions):
    f1 = lambda average: float(metrics.f1_score(references, predictions, average=average, zero_division=0))
    per_label = metrics.precision_recall_fscore_support(references, predictions, zero_division=0)
    return {
        "name": name,
        "references": references.tolist(),
        "predictions": predictions.tolist(),
        "micro_f1": f1("micro"),
        "macro_f1": f1("macro"),
        "samples_f1": f1("samples"),
        "accuracy": float(metrics.accuracy_score(references, predictions)),
        "hamming_loss": float(metrics.hamming_loss(references, predictions)),
        "precision": per_label[0].tolist(),
        "recall": per_label[1].tolist(),
        "f1": per_label[2].tolist(),
        "support": per_label[3].tolist(),
    }


def regression():
    """Metrics of numbers, with ties and without spread. A correlation that is not defined is null."""
    random = np.random.default_rng(9)
    true = random.normal(2.5, 1.2, 50)
    cases = {
        "two examples": ([1.0, 2.0], [1.5, 1.75]),
        "exactly right": ([1.0, 2.0, 4.0], [1.0, 2.0, 4.0]),
        "constant predictions": ([1.0, 2.0, 4.0], [2.0, 2.0, 2.0]),
        "constant references": ([2.0, 2.0, 2.0], [1.0, 2.0, 3.0]),
        "both constant, right": ([2.0, 2.0], [2.0, 2.0]),
        "both constant, wrong": ([2.0, 2.0], [3.0, 3.0]),
        "backwards": ([1.0, 2.0, 3.0, 4.0], [4.0, 3.0, 2.0, 1.0]),
        "many ties": ([0, 0, 1, 1, 1, 2, 3, 3, 3, 3], [1, 0, 1, 1, 2, 2, 2, 3, 3, 1]),
        "an outlier first": ([1000.0, 1.0, 2.0, 3.0, 2.5], [990.0, 2.0, 1.0, 3.0, 3.5]),
        "large numbers that differ little": ((1e6 + true).tolist(), (1e6 + true + random.normal(0, 0.3, 50)).tolist()),
        "grades from 0 to 5": (np.round(true * 5) / 5, np.clip(true + random.normal(0, 0.6, 50), 0, 5)),
    }
    return {"cases": [score_numbers(name, *case) for name, case in cases.items()]}


def score_numbers(name, references, predictions):
    references, predictions = np.asarray(references, float), np.asarray(predictions, float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pearson = float(stats.pearsonr(predictions, references).statistic)
        spearman = float(stats.spearmanr(predictions, references).statistic)
    defined = lambda value: None if math.isnan(value) else value
    return {
        "name": name,
        "references": references.tolist(),
        "predictions": predictions.tolist(),
        "mse": float(metrics.mean_squared_error(references, predictions)),
        "mae": float(metrics.mean_absolute_error(references, predictions)),
        "r2": float(metrics.r2_score(references, predictions)),
        "pearson": defined(pearson),
        "spearmanr": defined(spearman),
    }


def distributions():
    points = [-38.0, -20.0, -8.5, -5.0, -3.0, -2.51, -2.49, -1.0, -0.1, 0.0, 0.3, 1.959963984540054, 2.5, 3.7, 6.0, 9.0]
    shares = [1e-300, 1e-20, 1e-9, 0.0005, 0.025, 0.1, 0.4, 0.5, 0.61, 0.975, 0.9995, 1 - 1e-9]
    trials = [(0, 0, 0.5), (0, 1, 0.5), (3, 10, 0.5), (5, 10, 0.5), (10, 10, 0.5), (40, 100, 0.5), (4800, 10000, 0.5),
              (499_000, 1_000_000, 0.5), (2, 20, 0.95), (18, 20, 0.95), (280, 300, 0.95), (1, 50, 0.01), (7, 9, 0.0), (7, 9, 1.0)]
    return {
        "normal_cdf": [[x, float(stats.norm.cdf(x))] for x in points],
        "normal_quantile": [[p, float(stats.norm.ppf(p))] for p in shares],
        "binomial_cdf": [[k, n, p, float(stats.binom.cdf(k, n, p))] for k, n, p in trials],
    }


def proportions():
    wilson = []
    for k, n in [(0, 1), (1, 1), (0, 20), (20, 20), (1, 20), (10, 20), (273, 300), (2818, 3080), (1, 100_000)]:
        for confidence in (0.95, 0.99):
            low, high = proportion_confint(k, n, alpha=1 - confidence, method="wilson")
            wilson.append({"k": k, "n": n, "confidence": confidence, "ci": [float(low), float(high)]})
    p = [[], [0.04], [0.01, 0.04, 0.03], [0.5, 0.5, 0.9], [0.02, 0.001, 0.02, 0.8, 1e-9, 0.04]]
    return {"wilson": wilson, "holm": [{"p": row, "adjusted": holm(row)} for row in p]}


def holm(p):
    return multipletests(p, method="holm")[1].tolist() if p else []


def pairs():
    tables = [(0, 0), (1, 0), (0, 5), (0, 6), (3, 9), (9, 3), (14, 14), (10, 30), (120, 87), (0, 240), (1200, 1350)]
    tests = [{"onlyA": a, "onlyB": b, "p": float(mcnemar([[0, a], [b, 0]], exact=True).pvalue)} for a, b in tables]
    sizes = [(0, 0, 10), (0, 0, 300), (1, 0, 10), (0, 10, 10), (10, 0, 10), (0, 5, 20), (3, 9, 32), (40, 20, 160), (7, 1, 21), (16, 6, 161),
             (14, 14, 60), (10, 30, 300), (0, 240, 300), (120, 87, 3080), (50, 50, 100), (99, 1, 100)]
    intervals = [
        {"onlyA": a, "onlyB": b, "n": n, "confidence": confidence, "ci": score_interval(a, b, n, confidence)}
        for a, b, n in sizes
        for confidence in (0.95, 0.99)
    ]
    smallest = [
        {"differing": m, "n": n, "alpha": alpha, "difference": smallest_difference(m, n, alpha)}
        for m, n, alpha in [(0, 100, 0.05), (3, 100, 0.05), (6, 100, 0.05), (20, 100, 0.05), (21, 100, 0.05), (20, 100, 0.05 / 3),
                            (100, 100, 0.05), (250, 3080, 0.05), (0, 5, 0.05), (0, 6, 0.05)]
    ]
    return {"mcnemar": tests, "intervals": intervals, "smallest": smallest}


def score_interval(a, b, n, confidence):
    """
    Tango's interval from its definition: the differences that the score test does not reject, its variance taken at the table that
    maximises the multinomial likelihood under that difference. The maximum is found numerically; ours has it in closed form.
    """
    z = stats.norm.ppf(0.5 + confidence / 2)
    estimate = (b - a) / n
    statistic = lambda delta: score_statistic(a, b, n, delta)
    edge = 1e-9
    low = -1.0 if a == n else optimize.brentq(lambda delta: statistic(delta) - z, -1 + edge, estimate, xtol=1e-13)
    high = 1.0 if b == n else optimize.brentq(lambda delta: statistic(delta) + z, estimate, 1 - edge, xtol=1e-13)
    return [low, high]


def score_statistic(a, b, n, delta):
    same = n - a - b

    def slope(share_a):
        """Derivative of the log-likelihood a log p + b log (p + delta) + same log (1 - 2p - delta)."""
        share_b, rest = share_a + delta, 1 - 2 * share_a - delta
        term = lambda count, share: 0.0 if count == 0 else count / share if share > 0 else math.inf
        return term(a, share_a) + term(b, share_b) - 2 * term(same, rest)

    low, high = max(0.0, -delta), (1 - delta) / 2
    inside = (high - low) * 1e-13
    start, end = slope(low + inside), slope(high - inside)
    if start <= 0:
        share_a = low
    elif end >= 0:
        share_a = high
    else:
        share_a = optimize.brentq(slope, low + inside, high - inside, xtol=1e-16)
    variance = (2 * share_a + delta - delta**2) / n
    distance = (b - a) / n - delta
    if variance <= 0:
        return 0.0 if distance == 0 else math.copysign(1e9, distance)
    return distance / math.sqrt(variance)


def smallest_difference(differing, n, alpha):
    """Every split of `differing` (or more, where none suffices) tried one after another."""
    for total in range(differing, n + 1):
        found = [
            (larger - (total - larger)) / n
            for larger in range((total + 1) // 2, total + 1)
            if total > 0 and stats.binomtest(larger, total, 0.5).pvalue <= alpha
        ]
        if found:
            return min(found)
    return None


def answers(seed, n, labels, skill_a, skill_b):
    random = np.random.default_rng(seed)
    references = random.integers(0, labels, n)
    a = np.where(random.random(n) < skill_a, references, random.integers(0, labels, n))
    b = np.where(random.random(n) < skill_b, references, random.integers(0, labels, n))
    return references, a, b


def macro_f1(references, predictions):
    """scikit-learn's macro-F1, a hundred times faster: tens of thousands of resamples are scored."""
    support, predicted = np.bincount(references, minlength=9), np.bincount(predictions, minlength=9)
    right = np.bincount(references[references == predictions], minlength=9)
    present = support + predicted > 0
    return (2 * right[present] / (support + predicted)[present]).mean()


def bootstrap():
    """BCa intervals of macro-F1 and of a difference, with the resamples that they come from."""
    references, a, b = answers(1, 80, 4, 0.5, 0.75)
    sklearn_score = metrics.f1_score(references, a, average="macro", zero_division=0)
    assert math.isclose(macro_f1(references, a), sklearn_score, rel_tol=1e-14)
    single = lambda r, x: macro_f1(r, x)
    paired = lambda r, x, y: macro_f1(r, y) - macro_f1(r, x)
    return {
        "labels": list("abcd"),
        "references": references.tolist(),
        "a": a.tolist(),
        "b": b.tolist(),
        "of_a": bca(single, references, a),
        "difference": bca(paired, references, a, b),
    }


def bca(statistic, *data):
    run = lambda resamples, seed: stats.bootstrap(
        data, statistic, n_resamples=resamples, paired=True, vectorized=False, method="BCa", rng=np.random.default_rng(seed)
    )
    few = run(400, 3)
    many = run(9999, 4)
    everything = np.arange(len(data[0]))
    left_out = [float(statistic(*(column[everything != i] for column in data))) for i in everything]
    return {
        "observed": float(statistic(*data)),
        "left_out": left_out,
        "distribution": few.bootstrap_distribution.tolist(),
        "ci": [float(few.confidence_interval.low), float(few.confidence_interval.high)],
        "ci_of_9999": [float(many.confidence_interval.low), float(many.confidence_interval.high)],
        "standard_error_of_9999": float(many.standard_error),
    }


def permutation():
    cases = []
    for name, seed, n, skills in [("few differ", 9, 16, (0.5, 0.8)), ("many differ", 2, 90, (0.6, 0.65)), ("none differs", 3, 12, (1.0, 1.0))]:
        references, a, b = answers(seed, n, 3, *skills)
        # scipy exchanges whole samples; the references are looked up by place.
        statistic = lambda x, y: macro_f1(references, y) - macro_f1(references, x)
        resamples = np.inf if n <= 16 else 9999
        result = stats.permutation_test(
            (a, b), statistic, permutation_type="samples", vectorized=False, n_resamples=resamples, rng=np.random.default_rng(5)
        )
        cases.append({
            "name": name, "references": references.tolist(), "a": a.tolist(), "b": b.tolist(), "labels": 3,
            "exact": n <= 16, "p": float(result.pvalue), "differing": int((a != b).sum()),
        })
    return {"cases": cases}


def quantiles():
    random = np.random.default_rng(8)
    cases = []
    for n in (1, 2, 5, 30, 31, 300):
        values = np.round(random.gamma(4, 1.3, n), 3)
        for share in (0.5, 0.95):
            interval = stats.quantile_test(values, p=share).confidence_interval(0.95)
            limits = [None if math.isnan(limit) else float(limit) for limit in interval]
            cases.append({"values": values.tolist(), "share": share, "value": float(np.quantile(values, share)), "ci": limits})
    return {"cases": cases}


def repeats():
    quantiles = [[p, df, float(stats.t.ppf(p, df))] for p in (0.025, 0.5001, 0.9, 0.975, 0.9995) for df in (1, 2, 3, 4.5, 9, 29, 400)]
    spreads = []
    for values in ([0.91, 0.93], [0.5, 0.5, 0.5], [27.31, 26.9, 28.04, 27.7, 25.98], [-3.0, 1e6, 4.0]):
        interval = stats.t.interval(0.95, len(values) - 1, loc=np.mean(values), scale=stats.sem(values)) if np.std(values) else None
        spreads.append({"values": values, "mean": float(np.mean(values)), "sd": float(np.std(values, ddof=1)),
                        "ci": [float(limit) for limit in interval] if interval else None})
    return {"t_quantiles": quantiles, "spreads": spreads, "clustered": [clustered(60, 5), clustered(200, 3)]}


def clustered(rows, repeats):
    """Rows that are answered several times: the mean, statsmodels' error of it with rows as clusters, and scipy's interval over rows."""
    random = np.random.default_rng(rows)
    chances = random.beta(0.6, 0.4, rows)
    right = (random.random((rows, repeats)) < chances[:, None]).astype(int)
    flat, groups = right.ravel(), np.repeat(np.arange(rows), repeats)
    fit = sm.OLS(flat, np.ones((flat.size, 1))).fit(cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False})
    naive = sm.OLS(flat, np.ones((flat.size, 1))).fit()
    interval = stats.bootstrap((right.mean(axis=1),), np.mean, method="BCa", n_resamples=20_000, rng=1).confidence_interval
    return {"right": right.tolist(), "mean": float(flat.mean()), "error": float(fit.bse[0]), "naive_error": float(naive.bse[0]),
            "ci": [float(interval.low), float(interval.high)]}


def corpora():
    """Corpus chrF and token F1 of two systems: values, exact permutation tests, BCa intervals of the difference."""
    from sacrebleu.metrics import CHRF
    from transformers.data.metrics.squad_metrics import compute_f1

    words = "open close the file save all tabs new window go to line find in files".split()
    random = np.random.default_rng(11)
    references = [" ".join(random.choice(words, 6)) for _ in range(40)]
    spoil = lambda text, share: " ".join(random.choice(words) if random.random() < share else word for word in text.split())
    a, b = [[spoil(text, share) for text in references] for share in (0.45, 0.3)]
    same = random.random(40) < 0.72
    b = [left if keep else right for keep, left, right in zip(same, a, b)]
    chrf = CHRF()
    everything = np.arange(40)
    of_chrf = lambda outputs, rows: chrf.corpus_score([outputs[i] for i in rows], [[references[i] for i in rows]]).score
    of_f1 = lambda outputs, rows: float(np.mean([compute_f1(references[i], outputs[i]) for i in rows]))
    made = {}
    for name, score in (("chrf", of_chrf), ("token_f1", of_f1)):
        differing = [i for i in everything if a[i] != b[i]]
        observed = score(b, everything) - score(a, everything)
        extreme = 0
        for pattern in range(2 ** len(differing)):
            x, y = list(a), list(b)
            for bit, i in enumerate(differing):
                if pattern >> bit & 1:
                    x[i], y[i] = b[i], a[i]
            extreme += abs(score(y, everything) - score(x, everything)) >= abs(observed) * (1 - 1e-12)
        interval = stats.bootstrap((everything,), lambda rows: score(b, rows) - score(a, rows), vectorized=False, method="BCa",
                                   n_resamples=4999, rng=np.random.default_rng(12)).confidence_interval
        made[name] = {"a": score(a, everything), "b": score(b, everything), "p": extreme / 2 ** len(differing),
                      "differing": len(differing), "ci": [float(interval.low), float(interval.high)]}
    return {"references": references, "a": a, "b": b, "scores": [{"metric": name, **scores} for name, scores in made.items()]}


if __name__ == "__main__":
    main()
