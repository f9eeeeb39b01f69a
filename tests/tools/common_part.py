"""What all talk has in common for an embedding model: resources/common.npz, from a library of many shows.

    uv run python tests/tools/common_part.py FOLDER

FOLDER is a data folder whose insights were put in context while the model was not in the file (as
tests/tools/transcript_library.py makes it). Every show counts the same.
"""

import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

from earmark.engines import Language
from earmark.insights import in_context
from earmark.library import open_reader
from earmark.paths import Paths, resource


def main() -> None:
    """Writes the file anew, with this one model in it."""
    model_id = Language.embedding_model_id
    with open_reader(Paths(Path(sys.argv[1]))) as reader:
        placed = reader.placed_vectors(in_context(model_id))
        ids, vectors = placed.ids, placed[:]
        homes = reader.homes_of(ids)
    shows: dict[int, list[int]] = defaultdict(list)
    for row, id_ in enumerate(ids):
        shows[homes[id_][0]].append(row)
    mean = np.mean([vectors[rows].mean(axis=0) for rows in shows.values()], axis=0)
    np.savez(resource("common.npz"), **{model_id: mean.astype(np.float32)})


if __name__ == "__main__":
    main()
