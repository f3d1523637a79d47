"""The demonstration data (people, regulations, meetings) and the code that loads it."""
