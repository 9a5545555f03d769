"""The floor: hands, turns, the clock, the lane before the stack, signals."""
