"""print runs are kept without the order of their pages, which may be that of names"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

_RUN = sa.table("print_run", sa.column("id", sa.String), sa.column("certificates", sa.JSON))


def upgrade() -> None:
    connection = op.get_bind()
    for key, ids in connection.execute(sa.select(_RUN.c.id, _RUN.c.certificates)).all():
        kept = sa.update(_RUN).where(_RUN.c.id == key).values(certificates=sorted(ids))
        connection.execute(kept)


def downgrade() -> None:
    """Nothing to undo: earlier versions read the list in any order."""
