"""The pages on which a practitioner reads, comments and approves, by the link of a mail."""
