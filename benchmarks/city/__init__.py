"""The records of a city, made in bulk through the models, for measurements and for tests of query plans.

`build.build(size)` fills an empty, migrated database. The same size and seed give the same records.
"""
