"""What stands between the routes and the client, whatever the answer."""
