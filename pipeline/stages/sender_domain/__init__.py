"""What the domain a letter comes from says of itself, and what mail programs make of that (D17).

Each file is one look: it is handed a way to ask DNS and gives remarks. Nothing here knows how DNS
is asked.
"""
