"""The process that encrypts one file: the passphrase on the first line of its input, then the file.

Nothing is written to the disk, and it has no way out but its output.
"""

import sys

from pyrage import passphrase

from trainings.printing.limits import allow_seconds, cut_network, refuse_calls_out, take_limits


def main() -> None:
    """Read the passphrase and the file, and print the encrypted file."""
    cut_network()
    take_limits()
    allow_seconds(int(sys.argv[1]))
    refuse_calls_out()
    secret = sys.stdin.buffer.readline().rstrip(b"\n").decode("ascii")
    sys.stdout.buffer.write(passphrase.encrypt(sys.stdin.buffer.read(), secret))


if __name__ == "__main__":
    main()
