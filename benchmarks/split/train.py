"""Fit the splitter on the benchmark: ``train.py BENCHMARK`` writes pipeline's headings.json."""

import sys
from pathlib import Path

from articles import Benchmark, examples
from training import train, write

from pipeline.stages.splitting.model import HEADINGS


def main() -> None:
    """Train on the whole development side."""
    write(train(examples(Benchmark(Path(sys.argv[1])))), HEADINGS)
    print(f"{HEADINGS.name}: {HEADINGS.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
