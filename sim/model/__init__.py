"""How the world moves: pure equations on arrays. No files, no pandas."""
