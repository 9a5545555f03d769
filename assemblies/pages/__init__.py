"""What was asked for, by page: the room, joining, founding, the minutes."""
