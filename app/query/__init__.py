"""The asking side: what a request may filter and sort by, one file a noun, as models and as SQL."""
