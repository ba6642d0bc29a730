"""Django finds commands by this folder; each carries the prefix `meridian_`."""
