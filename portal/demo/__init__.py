"""The demonstration: what is told (people, sittings), and how it is entered (loader)."""
