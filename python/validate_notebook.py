"""Reads a Jupyter notebook that `tunebook render --ipynb` made with Jupyter's own reader, and fails where it is not valid.

    pip install nbformat
    python python/validate_notebook.py test/fixtures/notebook/experiment.ipynb

test/fixtures/notebook/experiment.ipynb was accepted by nbformat 5.11.1; a unit test compares what is rendered now with it.
"""

import sys

import nbformat

for path in sys.argv[1:]:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    print(f"{path}: valid, {len(notebook.cells)} cells (nbformat {nbformat.__version__})")
