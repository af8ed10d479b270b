"""The writing side: a folder of CSV files is read, resolved, derived, rendered and loaded."""
