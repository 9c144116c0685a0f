"""What people see: errors.py, console.py, plan_text.py, listing.py. Knows values and events, starts nothing."""
