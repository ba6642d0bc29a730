"""Pages anybody may open: no session, no cookie, no script."""
