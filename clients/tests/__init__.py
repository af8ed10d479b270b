"""Tests of generated clients, which run where the service isn't installed."""
