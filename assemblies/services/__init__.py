"""Acts of a meeting, and the services around it: founding, preparing, belonging."""
