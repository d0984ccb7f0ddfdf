"""people: names are found as they are compared now

The blind index of a name follows from how names are compared, so each is made anew: letters that
no accent explains (ı, ł, ø) and the twins of Arabic keyboards are one, vowels that a script writes
as marks count.
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

from trainings.core import sealed
from trainings.core.names import normalised_name

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

PERSON = sa.table(
    "person",
    *(sa.column(name, sa.String()) for name in ("id", "name_index")),
    *(sa.column(name, sa.LargeBinary()) for name in ("given_name", "family_name")),
    sa.column("erased_at", sa.DateTime()),
)
PORTION = 500


def upgrade() -> None:
    _index_by(normalised_name)


def downgrade() -> None:
    _index_by(_before)


def _index_by(normalised) -> None:
    """The index of every name, some hundreds at once; an erased person has none."""
    connection, after = op.get_bind(), ""
    while True:
        rows = connection.execute(
            sa.select(PERSON)
            .where(PERSON.c.id > after, PERSON.c.erased_at.is_(None))
            .order_by(PERSON.c.id)
            .limit(PORTION)
            .execution_options(scope="job")
        ).all()
        if not rows:
            return
        for row in rows:
            given = sealed.unseal(bytes(row.given_name), f"person|given_name|{row.id}")
            family = sealed.unseal(bytes(row.family_name), f"person|family_name|{row.id}")
            index = sealed.blind_index("name", normalised(given, family))
            connection.execute(
                sa.update(PERSON).where(PERSON.c.id == row.id).values(name_index=index)
            )
        after = rows[-1].id


def _before(given, family):
    """How names were compared until now: without any marks."""
    folded = unicodedata.normalize("NFKD", f"{given} {family}").casefold()
    kept = []
    for character in unicodedata.normalize("NFKD", folded):
        category = unicodedata.category(character)
        joins = character in "'’‘‛′`´ʼʻʹʾʿ＇ـ"
        if category[0] in "LN" and not joins:
            kept.append(character)
        elif not (category[0] in "MC" or joins):
            kept.append(" ")
    return " ".join(sorted("".join(kept).split()))
