"""What people type: checked here, in sentences."""
