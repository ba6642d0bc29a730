"""The room that templates of staff run in: they see what they are given, and cannot make much."""
