"""What a meeting keeps in memory of councils, and the chart of who belongs to them."""
