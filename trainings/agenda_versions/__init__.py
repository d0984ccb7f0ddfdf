"""The agenda as it was published: what participants and trainers see, and what changed since."""
