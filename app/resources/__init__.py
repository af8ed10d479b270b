"""The wire models, one file a noun: what OpenAPI shows and what load renders to JSON."""
