"""Render resources to the JSON that is served, one file a noun, with the columns that filter them."""
