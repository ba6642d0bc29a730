"""The queue: enqueue, claim, deliver, reconcile. Never twice, never lost."""
