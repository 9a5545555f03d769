"""People and their meetings: who belongs, who is here, the journal, the room."""
