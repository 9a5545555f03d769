"""What a live screen shows of people, agenda and questions."""
