"""The emails of a course: their texts, the queue, and what organisers write to groups."""
