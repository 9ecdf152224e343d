"""A party goes on while the server is away."""

import pytest


@pytest.mark.alone
def test_a_party_goes_on_before_a_server_that_never_answers(script, around):
    """Four guests come and go, none is told "Sent", who leaves when it is known is told "Saved"; all arrive afterwards.

    Frame times are printed, beside those of a party before a healthy server. How long they are is the machine's affair:
    what is asserted is that no frame waited for a put, which takes two seconds here.
    """
    well, ill = script.party(script.HEALTHY, around, guests=2), script.party("mute", around)
    for name, seen in (("healthy", well), ("mute", ill)):
        figures = {key: value for key, value in seen.summary.items() if key.startswith("frame_time")}
        print(name, seen.outcomes, figures)  # noqa: T201 for whoever compares them: pytest -s
        assert list(script.judge(name, seen)) == []
        assert len(seen.outcomes) == seen.summary["stored"]
    assert len(ill.outcomes) == 4
    assert ill.met > 0
    assert ill.summary["frame_time_p99_s"] < 1.0


def test_the_judge_of_parties_sees_what_is_wrong(script):
    """Promises that were not kept are told."""
    wrong = script.Party(1, {}, ("sent", "sending"), (False, True), 1, ("it fell over",))
    assert len(list(script.judge("mute", wrong))) == 3
    unaware = script.Party(0, {}, ("sending",), (False,), 1, ())
    assert ["the booth never noticed"] == list(script.judge("mute", unaware))
