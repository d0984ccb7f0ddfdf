"""With whom people of a course work, call and meet, wave by wave: groups, never one person."""
