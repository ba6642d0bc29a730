"""The archive: what has gone out, for everybody and for the programs that read for them."""
