"""What people type about proposals and rules: checked here, in sentences."""
