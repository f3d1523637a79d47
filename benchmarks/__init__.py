"""Benchmarks of the search (`make bench`) at the sizes of a county, a city and a province. No test runs them."""
