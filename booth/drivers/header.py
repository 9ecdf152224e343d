"""The 40 pins of the header: which of them carries a signal, and how it is spelled.

Two ways of counting are in use: the chip's (``"GPIO18"``) and the header's (``"BOARD12"``).
"""

import re

from booth.section import written

# gpiozero knows this table too, but costs more to import than all the settings.
_GPIO_OF_BOARD = {
    3: 2, 5: 3, 7: 4, 8: 14, 10: 15, 11: 17, 12: 18, 13: 27, 15: 22, 16: 23, 18: 24, 19: 10, 21: 9, 22: 25, 23: 11,
    24: 8, 26: 7, 27: 0, 28: 1, 29: 5, 31: 6, 32: 12, 33: 13, 35: 19, 36: 16, 37: 26, 38: 20, 40: 21,
}  # fmt: skip
_VOLTS_OF_BOARD = {1: "3.3 V", 17: "3.3 V", 2: "5 V", 4: "5 V"}
_GROUNDS = frozenset({6, 9, 14, 20, 25, 30, 34, 39})
_HAT_GPIOS = frozenset({0, 1})


def gpio_of(pin: str) -> int:
    """Return the GPIO number behind *pin*, ``"GPIO18"`` and ``"BOARD12"`` being the same one.

    Raises `ValueError`, in words for the owner, if there is no such pin or it cannot carry a signal.
    """
    spelling = re.fullmatch(r"(GPIO|BOARD)(0|[1-9][0-9]?)", pin, re.ASCII)
    if spelling is None:
        number = re.fullmatch(r"(?i:BCM|GPIO|PIN)?\s*([0-9]{1,2})", pin, re.ASCII)
        if number is not None and not pin[0].isdigit():
            raise ValueError(f'{written(pin)} is not how a pin is spelled: write "GPIO{int(number[1])}"')
        if number is not None:
            raise ValueError(bare_number(int(number[1])))
        raise ValueError(
            f'{written(pin)} is not a pin: write the chip\'s number ("GPIO18") or the header\'s ("BOARD12")'
        )
    number_of = int(spelling[2])
    if spelling[1] == "BOARD":
        if number_of in _VOLTS_OF_BOARD:
            raise ValueError(f'{pin} is a {_VOLTS_OF_BOARD[number_of]} supply: choose a GPIO pin, such as "BOARD12"')
        if number_of in _GROUNDS:
            raise ValueError(f'{pin} is ground: choose a GPIO pin, such as "BOARD12"')
        if number_of not in _GPIO_OF_BOARD:
            raise ValueError(f'{pin} is not on the header, which has 40 pins: choose one such as "BOARD12"')
        gpio = _GPIO_OF_BOARD[number_of]
    else:
        gpio = number_of
    if gpio in _HAT_GPIOS:
        raise ValueError(f'{pin} is reserved for the memory of add-on boards: choose another, such as "GPIO18"')
    if gpio not in _GPIO_OF_BOARD.values():
        raise ValueError(f'{pin} is not on the header: choose one from "GPIO2" to "GPIO27"')
    return gpio


def bare_number(number: int) -> str:
    """Say why a number alone is not a pin: the chip and the header count differently, and both are in use."""
    board = f' or "BOARD{number}"' if number in _GPIO_OF_BOARD else ""
    return f"{number} alone could be the chip's pin or the header's: write \"GPIO{number}\"{board}"
