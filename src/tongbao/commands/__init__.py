"""The commands of `tongbao`, one module a task of the user's; each has `register(add)`.

What belongs here: options, and what is said at the end. What does not: the work itself; it is done in the rooms.
"""
