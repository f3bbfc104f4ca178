"""Asking all nodes at once finds the leaves that walking down each tree finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.faq.features import PAIR
from handlers.faq.model import Forest, Tree, packaged
from handlers.faq.place import PLACE

FORESTS = {"pair": (packaged().pair, PAIR), "place": (packaged().place, PLACE)}
NUMBERS = sorted({node[1] for forest, _ in FORESTS.values() for tree in forest.trees for node in tree})
VALUES = st.lists(st.floats(-2, 2) | st.sampled_from([0.0, 1.0, *NUMBERS]), min_size=60, max_size=60)


def walked(tree: Tree, values: list[float]) -> float:
    feature, number, left, right = tree[0]
    while feature >= 0:
        feature, number, left, right = tree[left if values[feature] <= number else right]
    return number


@pytest.mark.parametrize("name", FORESTS)
@given(values=VALUES)
def test_the_packaged_trees_give_the_same_sum(name: str, values: list[float]) -> None:
    forest, features = FORESTS[name]
    given_ = values[: len(features)]
    assert forest.total(given_) == sum((walked(tree, given_) for tree in forest.trees), forest.start)


@given(VALUES)
def test_trees_of_one_leaf_or_lopsided_ones_do_too(values: list[float]) -> None:
    lopsided: Tree = ((0, 0.5, 1, 2), (-1, 1.0, 0, 0), (1, -0.5, 3, 4), (-1, 2.0, 0, 0), (-1, 4.0, 0, 0))
    forest = Forest(0.25, (((-1, 8.0, 0, 0),), lopsided), 60)
    assert forest.total(values) == 0.25 + 8.0 + walked(lopsided, values)
