"""The caged inspector: one stranger's file on its input, one line of JSON on its output."""

import json
import sys

from cryptography import x509

from trainings.printing.issuer import key_id_of
from trainings.printing.limits import allow_seconds, cut_network, refuse_calls_out, take_limits
from trainings.printing.pades import check
from trainings.printing.reader import identifiers, page_text
from trainings.printing.wire import LENGTHS, lengths


def main() -> None:
    """Look into the file, and say what was found."""
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
    answer = {
        "seal": sealed.seal,
        "key_id": sealed.key_id,
        "identifiers": identifiers(pdf),
        "text": page_text(pdf),
    }
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
