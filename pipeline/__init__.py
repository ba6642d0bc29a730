"""Meridian: a long article in, a weekly email series and social posts out.

Start reading at :mod:`pipeline.run`.
"""

__version__ = "0.1.0"
