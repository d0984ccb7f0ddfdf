"""The caged inspector: one untrusted file on its input, one line of JSON on its output."""

import json
import sys

from cryptography import x509

from trainings.printing.limits import allow_seconds, cut_network, refuse_calls_out, take_limits
from trainings.printing.wire import LENGTHS, lengths
from trainings.signing.issuer import key_id_of
from trainings.signing.pades import check
from trainings.signing.reader import identifiers, readable


def main() -> None:
    """Inspect the file, and print the result."""
    cut_network()
    take_limits()
    allow_seconds(int(sys.argv[1]))
    refuse_calls_out()
    source = sys.stdin.buffer
    head_length, body_length = lengths(source.read(LENGTHS.size))
    head = json.loads(source.read(head_length))
    pdf = source.read(body_length)
    certificates = [x509.load_pem_x509_certificate(pem.encode()) for pem in head["certificates"]]
    sealed = check(pdf, {key_id_of(certificate): certificate for certificate in certificates})
    text, codes, opened = readable(pdf)
    answer = {
        "seal": sealed.seal,
        "key_id": sealed.key_id,
        "identifiers": identifiers(pdf),
        "text": text,
        "codes": codes,
        "opened": opened,
    }
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
