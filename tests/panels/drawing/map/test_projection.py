from __future__ import annotations

import numpy as np

from vaegui.panels.drawing.map.projection import TwoUnits

PLANE = TwoUnits((2, 0), (1.5, 0.25))


def test_the_axes_are_named_by_their_units_and_what_these_carry() -> None:
    assert PLANE.names == ("unit 3 (1.50 nats)", "unit 1 (0.25 nats)")


def test_a_z_that_is_put_to_a_point_of_the_map_lies_there_and_keeps_its_other_units() -> None:
    z = np.random.default_rng(0).normal(size=4)
    lifted = PLANE.lifted((0.3, -0.7), z)
    np.testing.assert_array_equal(PLANE.centres(lifted[None])[0], (0.3, -0.7))
    np.testing.assert_array_equal(lifted[[1, 3]], z[[1, 3]])


def test_half_axes_are_the_standard_deviations_of_the_units() -> None:
    sd = np.arange(8.0).reshape(2, 4)
    np.testing.assert_array_equal(PLANE.halves(sd), sd[:, [2, 0]])
