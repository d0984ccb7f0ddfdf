"""Who takes part: seats, nominations, selection, the reserve and its offers."""
