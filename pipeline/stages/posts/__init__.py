"""What compose needs: how networks count, and what may stand alone."""
