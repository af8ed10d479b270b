"""The paths of the API, one file a noun: each takes a filter, selects rendered rows and joins them."""
