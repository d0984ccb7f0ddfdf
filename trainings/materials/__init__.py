"""Materials: files for the sessions of a course and for modules, and who may have them."""
