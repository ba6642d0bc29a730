"""Fit the splitter on the benchmark: ``train.py BENCHMARK`` writes pipeline's headings.json."""

import sys
from pathlib import Path

from articles import Benchmark, examples, taught, written_examples
from training import train, write

from pipeline.stages.splitting.model import HEADINGS


def main() -> None:
    """Train on the whole development side and on the articles of our own."""
    benchmark = Benchmark(Path(sys.argv[1]))
    known = examples(benchmark) + written_examples(benchmark)
    write(train(known + taught(known)), HEADINGS)
    print(f"{HEADINGS.name}: {HEADINGS.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
