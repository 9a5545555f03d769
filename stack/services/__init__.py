"""The acts of the floor: hands, signals, turns, orders, the clock."""
