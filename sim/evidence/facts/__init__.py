"""Evidence: what is known of such economies, and whether the model shows it."""
