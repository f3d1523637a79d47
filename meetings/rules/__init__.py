"""Rules: who has permission and what is missing. Each rule returns its reasons."""
