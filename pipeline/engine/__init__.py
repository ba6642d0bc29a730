"""Who rings the bell: one pass, or a bell for ever. Puts the queue and its channel together."""
