"""What people, machines and the intruder do, as data."""
