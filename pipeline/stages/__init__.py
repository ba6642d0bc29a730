"""The stages of the pipeline: pure functions, no Django, no network, no clock."""
