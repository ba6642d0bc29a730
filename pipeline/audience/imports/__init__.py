"""Lists that are read in: what they change, the report of it, and the way back."""
