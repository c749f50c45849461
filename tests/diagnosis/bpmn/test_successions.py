"""What a flow permits, once the steps without a trace are passed over."""

from diagnosis.bpmn.flow import FlowStep
from diagnosis.bpmn.successions import Clash, net_of, reaches, successions


def step(key: str, *onward: str, kind: str = "task") -> FlowStep:
    return FlowStep(key, key, kind, "§Desk", tuple((one, "") for one in onward))  # type: ignore[arg-type]


FLOW = [
    step("s", "a", kind="start"),
    step("a", "d"),
    step("d", "b", "c", kind="decision"),
    step("b", "e"),
    step("c", "a"),
    step("e", kind="end"),
]
SILENT = {"s", "d", "e"}


class TestSuccessions:
    def test_pass_over_what_leaves_no_trace(self) -> None:
        assert successions(FLOW, SILENT) == {
            None: {"a"},
            "a": {"b", "c"},
            "b": {None},
            "c": {"a"},
        }

    def test_keep_what_leaves_one(self) -> None:
        found = successions(FLOW, ())

        assert found[None] == {"s"}
        assert found["a"] == {"d"}
        assert found["e"] == {None}

    def test_stand_a_loop_without_a_trace(self) -> None:
        flow = [step("s", "a", kind="start"), step("a", "b"), step("b", "a")]

        assert successions(flow, {"s", "a", "b"}) == {None: frozenset()}

    def test_stand_ways_that_lead_nowhere(self) -> None:
        assert successions([step("a", "gone")], ()) == {
            None: {"a"},
            "a": frozenset(),
        }
        assert successions([], ()) == {None: {None}}

    def test_say_what_lies_ahead(self) -> None:
        follows = successions(FLOW, SILENT)

        assert reaches(follows, "a", "b")
        assert reaches(follows, "a", "a")
        assert not reaches(follows, "b", "a")


class TestNetOf:
    def test_has_a_place_after_each_step(self) -> None:
        net = net_of(successions(FLOW, {"d", "e"}))

        assert not isinstance(net, Clash)
        assert net.transitions["b"] == (net.transitions["c"][0], (net.sink,))
        assert net.transitions["s"][0] == (net.source,)

    def test_shares_a_place_where_the_same_may_follow(self) -> None:
        net = net_of(successions(FLOW, SILENT))

        assert not isinstance(net, Clash)
        assert net.transitions["c"][1] == (net.source,)

    def test_names_two_steps_that_share_only_some(self) -> None:
        flow = [
            step("s", "d", kind="start"),
            step("d", "a", "b", kind="decision"),
            step("a", "b"),
            step("b", "e"),
            step("e", kind="end"),
        ]

        assert net_of(successions(flow, SILENT)) == Clash(None, "a")
