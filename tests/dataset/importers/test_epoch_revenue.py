"""The importer of Epoch's hub: revenue, names, notes, terms, and what is served of them."""
