"""What the visitor touches."""
