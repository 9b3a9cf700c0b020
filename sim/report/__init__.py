"""What a user sees: figures, tables and summaries."""
