"""A caged module that never comes to an end."""

import sys

from trainings.printing.limits import allow_seconds

if __name__ == "__main__":
    allow_seconds(int(sys.argv[1]))
    while True:
        pass
