"""Runs that have been made, wherever they ran: their records, and what is read from these."""
