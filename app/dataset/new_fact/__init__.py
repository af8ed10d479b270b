"""Growing a dataset by hand: one claim is asked for, and the rows that it needs are added."""
