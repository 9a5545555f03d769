"""What may be done on the floor: hands, signals, turns, orders, the clock."""
