"""What every template shares: computed colours, and words in three languages."""
