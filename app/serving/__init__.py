"""What stands between the network and the application: the server, and what it bears of its clients."""
