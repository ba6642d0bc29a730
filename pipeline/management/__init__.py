"""The command line: thin commands, and `meridian`, their front."""
