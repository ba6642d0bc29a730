"""What tests of several stages share."""

from tests.weights import simple_weights

__all__ = ["simple_weights"]
