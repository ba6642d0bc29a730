"""What split needs: how titles, bylines, headings and closings are told apart."""
