"""What administrators and auditors use: conferences, people, posts, regulations, logins, access log."""
