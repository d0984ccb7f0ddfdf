"""What trainers answer about the sessions they are to give, and what they need for them."""
