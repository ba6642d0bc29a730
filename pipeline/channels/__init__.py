"""The ways out, and the only code on the wire. A channel is one file and one line in `registry`."""
