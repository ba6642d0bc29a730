"""What the reader of OpenDocument texts needs: the styles, the lists."""
