"""What the reader of Word files needs: the package, its styles, its numbering, its body."""
