"""One function per verb: every change of a record goes through here."""
