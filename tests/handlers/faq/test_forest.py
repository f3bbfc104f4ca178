"""Asking all nodes at once finds the leaves that walking down each tree finds."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.faq.features import NAMES
from handlers.faq.model import Forest, Tree, forest

VALUES = st.lists(
    st.floats(-2, 2) | st.sampled_from([0.0, 1.0, *sorted({n[1] for tree in forest().trees for n in tree})]),
    min_size=len(NAMES),
    max_size=len(NAMES),
)


def walked(tree: Tree, values: list[float]) -> float:
    feature, number, left, right = tree[0]
    while feature >= 0:
        feature, number, left, right = tree[left if values[feature] <= number else right]
    return number


@given(VALUES)
def test_the_packaged_trees_give_the_same_sum(values: list[float]) -> None:
    model = forest()
    assert model.total(values) == sum((walked(tree, values) for tree in model.trees), model.start)


@given(VALUES)
def test_trees_of_one_leaf_or_lopsided_ones_do_too(values: list[float]) -> None:
    lopsided: Tree = ((0, 0.5, 1, 2), (-1, 1.0, 0, 0), (1, -0.5, 3, 4), (-1, 2.0, 0, 0), (-1, 4.0, 0, 0))
    model = Forest(0.25, (((-1, 8.0, 0, 0),), lopsided))
    assert model.total(values) == 0.25 + 8.0 + walked(lopsided, values)
