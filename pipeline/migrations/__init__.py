"""One migration history for every table."""
