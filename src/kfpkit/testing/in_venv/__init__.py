"""Files that the Python of an environment runs; they import nothing of kfpkit.

`start.py` is the program, and `session.py` what it does once pytest can be imported.
"""
