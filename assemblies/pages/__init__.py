"""Views with their forms and addresses: the room, joining, founding, the minutes."""
