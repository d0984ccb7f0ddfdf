"""Changes of details that participants ask for after selection, and organisers approve."""
