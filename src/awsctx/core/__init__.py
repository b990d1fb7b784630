"""Pure values and decisions: everything they look at is handed in, and nothing here has an effect."""
