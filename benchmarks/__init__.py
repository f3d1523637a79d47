"""What `make bench` measures: the search at the sizes of a county, a city and a province. Never a test."""
