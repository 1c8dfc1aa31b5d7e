"""How training and long queries share the time."""

from itertools import cycle

from vaegui.session.time_account import TimeAccount


def test_training_keeps_most_of_the_time() -> None:
    shares, trained, tried = TimeAccount(), 0.0, 0.0
    pieces = cycle([0.002, 0.015, 0.1])
    while trained < 60.0:
        shares.trained(0.05)
        trained += 0.05
        while shares.due:
            piece = next(pieces)
            shares.spent(piece)
            tried += piece
    assert 0.25 < tried / (trained + tried) < 0.31


def test_a_long_piece_is_paid_back_before_the_next() -> None:
    shares = TimeAccount()
    shares.trained(10.0)
    shares.spent(1.0)
    trained = 0.0
    while not shares.due:
        shares.trained(0.05)
        trained += 0.05
    assert 2.0 < trained < 2.5
