"""Start orders that a seed gives again."""

from __future__ import annotations

from paratask.execution.start_order import start_order


def test_reversed_turns_every_pair_round():
    assert start_order("reversed", (), 4) == (3, 2, 1, 0)


def test_a_seed_gives_the_same_order_again_and_each_group_its_own():
    orders = {(seed, path): start_order(seed, path, 6) for seed in "abc" for path in ((), (0,), (1,), (0, 1))}
    assert all(sorted(order) == list(range(6)) for order in orders.values())
    assert len(set(orders.values())) > 10
    assert orders == {key: start_order(*key, 6) for key in orders}


def test_the_order_is_the_same_on_every_python():
    assert start_order("7", (1, 2), 5) == (2, 4, 1, 3, 0)
