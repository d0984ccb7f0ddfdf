"""A column that holds one of an enum's values gives its member back."""

from enum import StrEnum

import pytest
import sqlalchemy as sa

from trainings.core.db import Choice


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@pytest.fixture
def connection():
    table = sa.Table("paint", sa.MetaData(), sa.Column("colour", Choice(Colour, 4)))
    engine = sa.create_engine("sqlite://")
    with engine.connect() as opened:
        table.metadata.create_all(opened)
        yield opened, table
    engine.dispose()


def test_what_comes_back_is_the_member_itself(connection):
    opened, table = connection
    opened.execute(table.insert(), [{"colour": Colour.RED}, {"colour": "blue"}, {"colour": None}])
    found = opened.scalars(sa.select(table.c.colour)).all()
    assert found == [Colour.RED, Colour.BLUE, None]
    assert found[0] is Colour.RED
    assert found[1] is Colour.BLUE
    assert opened.exec_driver_sql("select colour from paint").scalars().all() == [
        "red",
        "blue",
        None,
    ]


def test_it_is_found_by_member_and_by_set(connection):
    opened, table = connection
    opened.execute(table.insert(), [{"colour": Colour.RED}, {"colour": Colour.BLUE}])
    one = sa.select(table.c.colour).where(table.c.colour == Colour.RED)
    assert opened.scalars(one).all() == [Colour.RED]
    some = sa.select(table.c.colour).where(table.c.colour.in_(frozenset({Colour.BLUE})))
    assert opened.scalars(some).all() == [Colour.BLUE]


def test_a_word_that_is_none_of_them_is_not_stored(connection):
    opened, table = connection
    with pytest.raises(sa.exc.StatementError):
        opened.execute(table.insert(), {"colour": "green"})
