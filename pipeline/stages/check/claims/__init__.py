"""Health claims: what a clinic may not say of its treatments, and what it may say instead."""
