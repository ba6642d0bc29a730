"""Webhooks of mail providers: who may speak, and what is said. A provider is one file."""
