"""Forms: they check what people type, and say in sentences what does not fit."""
