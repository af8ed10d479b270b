"""The same reads for models: tools of the Model Context Protocol, each an operation of the API."""
