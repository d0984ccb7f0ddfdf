"""When trainers can teach: periods they enter, and the busy times of a calendar they give us."""
