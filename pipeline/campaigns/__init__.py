"""What goes out and when: revisions, campaigns, issues, posts, approval, calendar."""
