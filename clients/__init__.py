"""What serves the makers of clients: checks of the OpenAPI document, generated clients, their tests."""
