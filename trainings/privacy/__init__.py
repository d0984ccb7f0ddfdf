"""What the data protection officer does about people: erasing them on request."""
