"""The focal point's tasks: nominate, rank and endorse the candidates of a country."""
