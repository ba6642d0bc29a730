"""A setting of clinic.toml that cannot be meant."""

# The way to a setting: ("newsletters", 0, "fields", 1, "key").
Loc = tuple[int | str, ...]


class WrongError(Exception):
    """A setting that is out of its range: where, what, and how it is mended."""

    def __init__(self, loc: Loc, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.loc = loc
        self.mend = mend
