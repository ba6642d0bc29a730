"""How fast the queue is, and what it costs."""
