from __future__ import annotations

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from tests.fakes import fake_explained, fake_run
from tests.panels.stand import Stand, pixels_at
from vaegui.panels.drawing.text import subscript
from vaegui.panels.explain.graph.graph import OTHERS, graph
from vaegui.panels.explain.graph.layout import lay_out, needed
from vaegui.panels.explain.network.network import NetworkPanel
from vaegui.panels.explain.shared.choosing import units_shown
from vaegui.panels.focus import Focus
from vaegui.queries.explain import Explain
from vaegui.queries.explained import Explained
from vaegui.runs.run import Run


def explained_run(
    *,
    shape: tuple[int, ...] = (6,),
    units: int = 2,
    widths: tuple[int, ...] = (4,),
    held: tuple[tuple[int, float], ...] = (),
    blocks: bool = False,
) -> Run:
    run = fake_run(shape=shape, units=units, classes=3, probes=30)
    run.add_result(fake_explained(run.begun, 2, held=held, widths=widths, blocks=blocks))
    return run


def content(run: Run) -> Explained:
    answer = run.latest(Explain)
    assert answer is not None
    return answer.value


def middle_of(stand: Stand, key: tuple[str, int]) -> tuple[float, float]:
    """A node in figure pixels: the place of its symbol."""
    name, unit = key
    letters = {"mean": "μ{}", "log_var": "log σ{}²", "eps": "ε{}", "sd": "σ{}"}
    symbol = letters.get(name, name + "{}").format(subscript(unit + 1))
    (word,) = (text for text in stand.moving(Text) if text.get_text().startswith(f"{symbol} "))
    return pixels_at(stand.sheet, word.get_position())


def pills(stand: Stand) -> list[Bbox]:
    """The boxes of all nodes, in points from the upper left corner."""
    found = [path for each in stand.moving(PathCollection) for path in each.get_paths()]
    return [path.get_extents() for path in found]


NOTES = [(f"feature {i}", "1.0") for i in range(6)]


def test_six_features_show_every_node_and_every_edge() -> None:
    made = graph(content(explained_run()), (0, 1), range(4), (NOTES, NOTES))
    assert len(made.nodes) == 6 + 4 + 2 * 5 + 4 + 6
    assert len(made.edges) == 6 * 4 + 4 * 4 + 2 * 4 + 4 * 6


def test_a_tall_narrow_picture_leaves_room_for_the_titles_and_the_legend() -> None:
    stand = Stand(NetworkPanel, explained_run(shape=(24, 3)), size=(760, 480))
    seen = [axes for axes in stand.figure.axes if axes.get_visible() and axes.get_images()]
    boxes = [axes.get_position() for axes in seen]
    assert len(boxes) == 2
    assert all(box.y0 > 0.05 and box.y1 < 0.95 for box in boxes)


@pytest.mark.parametrize("name", ["mean", "log_var"])
def test_edges_and_the_others_and_the_bias_sum_to_the_read_out(name: str) -> None:
    explained = content(explained_run(shape=(28, 28), widths=(64, 32)))
    shown = (1, 5, 9)
    made = graph(explained, (1,), shown, ((), ()))
    edges = [edge for edge in made.edges if edge.end == (name, 1)]
    head = getattr(explained, name)
    assert {edge.start for edge in edges} == {("a", j) for j in (*shown, OTHERS)}
    total = sum(edge.contribution for edge in edges) + float(head.bias[1])
    assert total == pytest.approx(float(getattr(explained.passed, name)[1]), rel=1e-5)


def test_layers_without_weights_come_as_blocks_and_neighbours_as_one_where_room_is_short() -> None:
    explained = content(explained_run(shape=(28, 28), widths=(100, 49, 16), blocks=True))
    apart = graph(explained, (0, 1), range(5), ((), ()))
    assert [c.kind for c in apart.before] == ["picture", "block", "block", "nodes"]
    merged = graph(explained, (0, 1), range(5), ((), ()), "blocks")
    assert [c.kind for c in merged.before] == ["picture", "block", "nodes"]
    assert merged.before[1].layers == 2
    assert needed(merged, 480, 0.92) < needed(apart, 480, 0.92)


@pytest.mark.parametrize("size", [(640, 380), (760, 500), (1180, 680)])
@pytest.mark.parametrize("widths", [(4,), (64, 16)])
def test_nodes_never_lie_upon_each_other(size: tuple[int, int], widths: tuple[int, ...]) -> None:
    shape = (6,) if widths == (4,) else (28, 28)
    stand = Stand(NetworkPanel, explained_run(shape=shape, widths=widths), size=size)
    boxes = pills(stand)
    assert len(boxes) > 15
    for i, box in enumerate(boxes):
        assert box.x0 >= 0
        assert box.x1 <= stand.sheet.get_xlim()[1]
        assert box.y1 <= stand.sheet.get_ylim()[0]
        assert not any(box.padded(-0.1).overlaps(other) for other in boxes[:i])


def test_a_click_switches_an_activation_off_and_another_lets_it_go() -> None:
    stand = Stand(NetworkPanel, explained_run(), size=(760, 480))
    at = middle_of(stand, ("a", 1))
    assert stand.click(at).held == ((1, 0.0),)
    assert stand.click(at).held == ()


def test_a_right_click_is_for_the_menu_and_changes_nothing() -> None:
    stand = Stand(NetworkPanel, explained_run(), size=(760, 480))
    for node in (("a", 1), ("log_var", 1), ("eps", 0)):
        before = stand.focus
        assert stand.click(middle_of(stand, node), button=3) is before


def test_a_drag_up_raises_an_activation() -> None:
    run = explained_run()
    stand = Stand(NetworkPanel, run, size=(760, 480))
    x, y = middle_of(stand, ("a", 3))
    ((index, value),) = stand.drag((x, y), (x, y + 40)).held
    assert index == 3
    assert value > content(run).passed.a[3]


def test_a_rectified_activation_cannot_be_dragged_below_zero() -> None:
    stand = Stand(NetworkPanel, explained_run(), size=(760, 480))
    x, y = middle_of(stand, ("a", 3))
    assert stand.drag((x, y), (x, y - 300)).held == ((3, 0.0),)


def test_what_follows_from_a_held_activation_says_what_it_was() -> None:
    run = explained_run(held=((1, 0.9),))
    stand = Stand(NetworkPanel, run, Focus(held=((1, 0.9),)), size=(760, 480))
    was = content(run).passed.mean[0]
    assert f"was {was:.2f}".replace("-", "−") in stand.texts()


def test_a_click_on_a_read_out_selects_it_and_keeps_two_different_units() -> None:
    stand = Stand(NetworkPanel, explained_run(), size=(760, 480))
    chosen = stand.click(middle_of(stand, ("log_var", 1)))
    assert (chosen.unit, chosen.read_out, chosen.beside) == (1, "log_var", 0)


def test_nodes_and_edges_tell_value_and_formula() -> None:
    run = explained_run()
    stand = Stand(NetworkPanel, run, size=(760, 480))
    told = stand.panel.hover_text(*middle_of(stand, ("z", 0)), stand.context)
    passed = content(run).passed
    assert f"{passed.z[0]:.4f}".replace("-", "−") in told
    assert "μ₁ + σ₁ ε₁" in told
    (x0, y0), (x1, y1) = (middle_of(stand, key) for key in (("x", 0), ("a", 0)))
    assert "is a parameter" in stand.panel.hover_text((x0 + x1) / 2, (y0 + y1) / 2, stand.context)


def test_with_many_units_the_two_chosen_ones_are_shown() -> None:
    assert units_shown(16, 3, Focus(unit=9, beside=4)) == (4, 9)
    assert units_shown(2, 3, Focus()) == (0, 1)
    assert units_shown(1, 3, Focus()) == (0,)


def test_another_step_moves_numbers_and_redraws_nothing_static() -> None:
    run = explained_run()
    stand = Stand(NetworkPanel, run, size=(760, 480))
    run.add_result(fake_explained(run.begun, 2, step=501))
    assert stand.draw() is False


def test_any_input_can_be_picked_next_where_not_all_activations_find_room() -> None:
    run = explained_run(widths=(32,))
    stand = Stand(NetworkPanel, run, size=(760, 480))
    for probe in range(20):
        run.add_result(fake_explained(run.begun, probe, widths=(32,)))
        stand.draw()
        for box in pills(stand):
            middle = pixels_at(stand.sheet, ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2))
            told = stand.panel.hover_text(*middle, stand.context)
            assert " = " in told or "not shown one by one" in told
            assert "<" not in told


def test_every_column_has_its_place_between_the_sides() -> None:
    made = graph(content(explained_run()), (0, 1), range(4), (NOTES, NOTES))
    found = lay_out(made, 560.0, 30.0, 300.0, 1.0)
    assert list(found.titles.values()) == sorted(found.titles.values())
    assert np.ptp([found.nodes["a", j][0] for j in range(4)]) == 0
