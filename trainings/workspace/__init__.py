"""What spans domains for one course: its page for staff, state moves, copies."""
