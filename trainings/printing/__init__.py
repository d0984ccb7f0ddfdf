"""Paper: certificates, agendas and what else is handed out, as PDF files; and their signatures.

Callers build a document of plain, already translated values (``rules.py``:
:class:`CertificateDocument`, :class:`AgendaDocument`) and give it to the cage::

    from trainings.printing.cage import Workers
    from trainings.printing.rules import Failure

    with Workers(fonts_folder) as workers:              # two warm renderer processes
        for key, result in workers.render(pairs):       # pairs: iterable of (key, document)
            if isinstance(result, Failure):
                ...                                     # result.sentence says why, and what to do
            else:
                ...                                     # the PDF's bytes

* ``fonts_folder``: a folder of the installation that may be written; the typefaces are cut
  into it once (some ten seconds; ``python -m trainings.printing.fonts FOLDER`` does it in
  the setup).
* Results come as they are ready; the pairs are drawn from in the caller's thread, a few
  ahead, so memory stays flat. A document that fails takes no other with it.
* A long-lived process keeps one ``Workers`` and stays warm between jobs; call ``close()`` at
  its end. ``workers.render_one(document)`` draws a single one. ``workers.warm_up()`` starts
  them and says whether the kernel cut them off from the network (for ``doctor``).
* Never call it inside a database transaction.

Signing (``issuer.py`` keeps the keys in a folder of their own: ``create_key``, ``list_keys``)::

    signer = signing.open_signer(keys_folder)           # once per job; raises issuer.KeyFault
    pdf = signer.sign(pdf, now)                         # drawn with to_be_signed=True
    found = signing.inspect(pdf, keys_folder)           # of a stranger's file, in a cage
    found.seal                                          # SealCheck(Seal.WHOLE, key_id) or worse
    found.identifiers, found.text, found.codes          # what it claims to be: token, serial

``joining.join`` puts stored files into one print file, unsigned.

The web process never imports WeasyPrint: only ``worker.py`` does, in processes of its own.
"""
