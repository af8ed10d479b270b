"""Tests of the explorer in a real browser, as a reader uses it."""
