"""Files, rehearsal scripts and retention of proposals and decisions."""
