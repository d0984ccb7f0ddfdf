"""Who sits where in the room: tables, their places, and the people at them."""
