"""Admin pages for administrators and auditors: conferences, people, posts, regulations, logins, access log."""
