"""Programmes, their courses, modules and rooms: what is taught, where, when and for whom."""
