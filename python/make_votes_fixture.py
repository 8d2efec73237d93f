"""
Writes test/fixtures/statistics/votes.json: Bradley-Terry strengths of small tournaments by choix, and their standard errors by a logistic
regression of statsmodels, so that src/extension/panels/compare/bradley-terry.ts can be held against them.

    python python/make_votes_fixture.py [FOLDER]
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

import choix
import numpy as np
import statsmodels.api as sm


def main():
    default = Path(__file__).resolve().parent.parent / "test" / "fixtures" / "statistics"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    tournaments = {
        "two, one somewhat better": [[0, 12], [7, 0]],
        "three in a circle": [[0, 5, 2], [3, 0, 6], [4, 1, 0]],
        "four, some pairs never met": [[0, 9, 0, 3], [4, 0, 5, 0], [0, 2, 0, 8], [2, 0, 6, 0]],
        "ties are halves": [[0, 3.5, 6], [2.5, 0, 1.5], [1, 2.5, 0]],
    }
    bounded = [{"name": name, "wins": wins, **fit(np.array(wins, dtype=float))} for name, wins in tournaments.items()]
    alone = [[0, 4, 3], [0, 0, 2], [0, 1, 0]]
    unbounded = [{"name": "one has never lost", "wins": alone, "strengths": penalised(np.array(alone))}]
    made = {"made_by": {name: version(name) for name in ("choix", "statsmodels")}, "bounded": bounded, "unbounded": unbounded}
    lines = [f' {json.dumps(key)}: {json.dumps(value)}' for key, value in made.items()]
    (folder / "votes.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


def fit(wins):
    """Maximum likelihood: choix where all counts are whole, a weighted logistic regression always."""
    size = len(wins)
    rows, weights, outcomes = [], [], []
    for i in range(size):
        for j in range(size):
            if i != j and wins[i][j] > 0:
                row = np.zeros(size)
                row[i], row[j] = 1, -1
                rows.append(row)
                weights.append(wins[i][j])
                outcomes.append(1)
    # Strengths with mean 0, of which the last is what is left of the others.
    basis = np.vstack([np.eye(size - 1), -np.ones(size - 1)])
    design = np.array(rows) @ basis
    # A win of i over j is a failure of j against i: half of the rows turned around give both outcomes.
    turned = np.vstack([design, -design])
    model = sm.GLM(np.array(outcomes + [0] * len(rows)), turned, family=sm.families.Binomial(),
                   freq_weights=np.array(weights + weights) / 2).fit(tol=1e-14, maxiter=200)
    strengths = basis @ model.params
    deviations = np.sqrt(np.diag(basis @ model.cov_params() @ basis.T))
    if (wins == wins.astype(int)).all():
        pairs = [(i, j) for i in range(size) for j in range(size) for _ in range(int(wins[i][j]))]
        by_choix = choix.opt_pairwise(size, pairs, tol=1e-14)
        assert np.allclose(by_choix - by_choix.mean(), strengths, atol=1e-6), (by_choix, strengths)
    return {"strengths": strengths.tolist(), "deviations": deviations.tolist()}


def penalised(wins):
    size = len(wins)
    pairs = [(i, j) for i in range(size) for j in range(size) for _ in range(wins[i][j])]
    strengths = choix.opt_pairwise(size, pairs, alpha=0.1, tol=1e-14)
    return (strengths - strengths.mean()).tolist()


if __name__ == "__main__":
    main()
