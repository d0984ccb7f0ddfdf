"""Print runs: stored certificates joined for the printer, or downloaded one by one."""
