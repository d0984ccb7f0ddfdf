"""Files that people send: what they are by their content, whether they may stay, their names."""
