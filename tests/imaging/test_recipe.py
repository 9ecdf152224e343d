from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.imaging.effects import Effect
from booth.imaging.recipe import Recipe, Way, finishing, joining, prepared_name, preparing
from booth.ports import Size
from booth.units import Pixels, Seconds

OPTIONS = {
    *("-size", "-resize", "-gravity", "-crop", "+page", "-draw"),
    *("+profile", "-treedepth", "-colors", "-delay", "-loop"),
    *("-gamma", "-blur", "-modulate", "-contrast", "-unsharp", "+dither", "-colorspace"),
}

sizes = st.builds(Size, *[st.integers(1, 65_535).map(Pixels)] * 2)
overlays = st.none() | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1).map(Path)
effects = st.sampled_from(Effect)
recipes = st.builds(
    Recipe, sizes, st.floats(0.02, 655.35).map(Seconds), st.integers(0, 65_536), overlays, st.booleans(), effects
)
ways = st.builds(Way, sizes, st.sampled_from([4, 5]))
prepared = st.lists(st.integers(1, 10**9), max_size=20)


def every_call(recipe, way, numbers):
    """Return the arguments of each call that there is for *recipe*, when a burst is made in *way*."""
    calls = [preparing(recipe, way), joining(recipe, numbers)]
    if not recipe.one_by_one:
        calls.append(finishing(recipe, way, numbers))
    return calls


@given(recipes, ways, prepared)
def test_every_argument_is_ours(recipe, way, numbers):
    """No argument can be taken for an option, a list of files, a pattern or a format that we did not mean."""
    for argv in every_call(recipe, way, numbers):
        assert isinstance(argv, tuple)
        assert argv[0] == "convert"
        for argument in argv:
            assert isinstance(argument, str)
            assert argument
            assert argument[0] not in "@|%~/."
            assert argument in OPTIONS or argument[0] not in "-+"


@given(recipes, ways, prepared)
def test_files_have_numbers_for_names(recipe, way, numbers):
    """The only files named are standard input, standard output, and numbered prepared frames."""
    for argv in every_call(recipe, way, numbers):
        named = [argument for argument in argv if ":" in argument]
        assert {"jpeg:-", "gif:/dev/stdout"} | {f"gif:{prepared_name(number)}" for number in numbers} >= set(named)
        assert argv[-1] == "gif:/dev/stdout"


@given(recipes, ways, prepared)
def test_the_owners_overlay_is_never_an_argument(recipe, way, numbers):
    """What gm draws is written in a language: there it sees our name for the overlay, never the owner's."""
    for argv in every_call(recipe, way, numbers):
        drawn = [argv[at + 1].split()[-1] for at, argument in enumerate(argv) if argument == "-draw"]
        assert drawn in ([], ["overlay.png"])


@given(recipes, ways, prepared)
def test_the_frame_is_decoded_small(recipe, way, numbers):
    """The size stands before the JPEG, where libjpeg sees it; the reduction is as deep as is said."""
    for argv in every_call(recipe, way, numbers):
        if "jpeg:-" in argv:
            size = f"{way.size.width}x{way.size.height}"
            at = argv.index("jpeg:-")
            assert ("-size", size) == argv[at - 2 : at]
            levels, colours = str(recipe.effect.levels or way.depth), str(recipe.effect.colours)
            assert ("-treedepth", levels, "-colors", colours) == argv[argv.index("-treedepth") :][:4]
            assert (recipe.effect is Effect.COMIC) == ("+dither" in argv)


@given(recipes, ways, prepared)
def test_the_delay_comes_after_the_last_input(recipe, way, numbers):
    """Before it, the last frame would be shown for no time at all."""
    for argv in every_call(recipe, way, numbers)[1:]:
        inputs = [at for at, argument in enumerate(argv[:-1]) if argument.startswith(("gif:", "jpeg:"))]
        assert argv.index("-delay") > max(inputs, default=0)
        assert f"{round(recipe.delay * 100)}" == argv[argv.index("-delay") + 1]


def test_prepared_frames_keep_their_order(recipe):
    """Frames appear in the order they were taken, the last one last."""
    argv = finishing(recipe(), Way(recipe().size), [3, 1, 2])
    inputs = [argument for argument in argv[:-1] if argument.startswith(("gif:", "jpeg:"))]
    assert ["gif:3.gif", "gif:1.gif", "gif:2.gif", "jpeg:-"] == inputs


def test_an_overlay_is_not_drawn_in_the_call_that_joins(recipe):
    """It would be drawn over the prepared frames a second time; and so with effects."""
    for twice in (recipe(overlay=Path("/brand.png")), replace(recipe(), effect=Effect.WARM)):
        with pytest.raises(ValueError, match="the last frame is prepared first"):
            finishing(twice, Way(twice.size), [1, 2, 3])


@pytest.mark.parametrize(
    ("width", "height", "delay", "loops", "sentence"),
    [
        (0, 480, 0.5, 0, "a width of 0 pixels"),
        (640, 65_536, 0.5, 0, "a height of 65536 pixels"),
        (640, 480, 0.01, 0, "shown for 0.01 s"),
        (640, 480, 656.0, 0, "shown for 656.0 s"),
        (640, 480, float("nan"), 0, "shown for nan s"),
        (640, 480, 0.5, -1, "play -1 times"),
        (640, 480, 0.5, 65_537, "play 65537 times"),
    ],
)
def test_an_impossible_recipe_says_what_is_possible(recipe, width, height, delay, loops, sentence):
    """What a GIF cannot hold is refused with the numbers that it can."""
    with pytest.raises(ValueError, match=f"{sentence}.*: choose "):
        recipe(width, height, delay=delay, loops=loops)


def test_a_recipe_is_a_value(recipe):
    """Equal when made alike, and never changed."""
    assert recipe() == recipe()
    with pytest.raises(FrozenInstanceError):
        recipe().loops = 3
