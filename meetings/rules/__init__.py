"""Who may and what is missing: each rule answers with reasons."""
