"""Importers: one module for each collection of figures, which `airounds import` finds by its name.

An importer is a module with a function `read(folder, retrieved_on)` that returns an `Imported`: records
for the files of a dataset, a datapackage.json with the licence and the attribution that the collection
asks for, and notes on what it couldn't take over. It raises `UnusableInputError` where a folder holds
nothing that it can read, opens no network connection and writes nothing.
"""
