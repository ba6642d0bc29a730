"""What providers report afterwards: one file per kind of event, each taking normalised values."""
