"""The participant's tasks: apply, and manage their own registration."""
