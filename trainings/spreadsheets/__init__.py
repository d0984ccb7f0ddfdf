"""Files of others with a table in them: workbooks, text files, and what is pasted from them.

A file is hostile until it is read: it is opened in the cage of ``printing``, within bounds, and
comes out as plain cells. What the cells mean is the business of the domain that asked.
"""
