"""Tools for text in runs: folding, sentences, lines, HTML."""
