"""What came of it, read from the tables and never kept beside them."""
