"""The machine: each limit turns red by its cause, and back."""

import pytest

from booth.examining import machine
from booth.examining.findings import Finding, Sign
from booth.examining.machine import AIR, POWER

HEADER = "Inter-| sta-|   Quality        |\n face | tus | link level noise |\n"
NEARER = "bring the access point nearer, turn the booth's metal away from it, or lay a cable"


def signs(found):
    """Return what each finding is about, and its sign."""
    return [(finding.check, finding.sign) for finding in found]


class TestTemperature:
    @pytest.mark.parametrize(
        ("degrees", "sign", "cure"),
        [(48.3, Sign.OK, ""), (69.9, Sign.OK, ""), (70, Sign.WARN, AIR), (80, Sign.BAD, AIR), (50, Sign.OK, "")],
    )
    def test_a_warm_processor(self, make_premises, put, degrees, sign, cure):
        """Before it slows down somebody hears of it."""
        put(machine.THERMAL, f"{degrees * 1000:.0f}\n")
        assert [Finding("temperature", sign, f"{degrees:.0f} °C", "70 °C", cure)] == list(
            machine.temperature(make_premises())
        )

    def test_a_machine_that_tells_no_temperature_is_not_well(self, make_premises):
        """And not ill."""
        assert [("temperature", Sign.SKIPPED)] == signs(machine.temperature(make_premises()))


class TestPower:
    @pytest.mark.parametrize(
        ("flags", "voltage", "speed"),
        [
            ("0", Sign.OK, Sign.OK),
            ("1", Sign.BAD, Sign.OK),
            ("10000", Sign.WARN, Sign.OK),
            ("50000", Sign.WARN, Sign.WARN),
            ("50005", Sign.BAD, Sign.BAD),
            ("80008", Sign.OK, Sign.BAD),
            ("80000", Sign.OK, Sign.WARN),
        ],
    )
    def test_what_the_firmware_has_noticed(self, make_premises, put, flags, voltage, speed):
        """Now, and since the start: what was may come again when the lamp is lit and the camera runs."""
        put(machine.THROTTLED, f"{flags}\n")
        assert [("power", voltage), ("power speed", speed)] == signs(machine.power(make_premises()))

    def test_the_firmware_of_a_newer_board(self, make_premises, put):
        """Its address is part of its name."""
        put("sys/devices/platform/soc@107c000000/soc@107c000000:firmware/get_throttled", "1\n")
        assert [("power", Sign.BAD), ("power speed", Sign.OK)] == signs(machine.power(make_premises()))

    def test_it_is_mended_and_well_again(self, make_premises, put):
        """By its own sentence."""
        put(machine.THROTTLED, "1\n")
        assert POWER == next(iter(machine.power(make_premises()))).cure
        put(machine.THROTTLED, "0\n")
        assert [""] * 2 == [finding.cure for finding in machine.power(make_premises())]

    def test_the_firmwares_own_program_is_asked_too(self, make_premises, put, tool):
        """Whoever reads it in one place may have cleared it there."""
        put(machine.THROTTLED, "0\n")
        tool("vcgencmd", 'test "$1" = get_throttled && echo throttled=0x10000')
        assert [("power", Sign.WARN), ("power speed", Sign.OK)] == signs(machine.power(make_premises()))

    @pytest.mark.parametrize(("alarm", "sign"), [("1", Sign.BAD), ("0", Sign.OK)])
    def test_the_kernels_own_look_at_the_voltage(self, make_premises, put, alarm, sign):
        """Where there is nothing else."""
        put("sys/class/hwmon/hwmon0/name", "cpu_thermal\n")
        put("sys/class/hwmon/hwmon1/name", "rpi_volt\n")
        put("sys/class/hwmon/hwmon1/in0_lcrit_alarm", f"{alarm}\n")
        assert sign is next(iter(machine.power(make_premises()))).sign

    def test_other_machines_tell_nothing(self, make_premises):
        assert [("power", Sign.SKIPPED)] == signs(machine.power(make_premises()))


class TestWifi:
    @pytest.fixture
    def on_air(self, put):
        """Have a wireless interface with this signal."""

        def on_air(level, state="up"):
            put("proc/net/wireless", f"{HEADER} wlan0: 0000   54.  {level}  -256        0      0\n")
            put("sys/class/net/wlan0/operstate", f"{state}\n")

        return on_air

    @pytest.mark.parametrize(
        ("level", "sign", "cure"),
        [("-50.", Sign.OK, ""), ("-67.", Sign.OK, ""), ("-68.", Sign.WARN, NEARER), ("-76.", Sign.BAD, NEARER)],
    )
    def test_the_signal(self, make_premises, on_air, level, sign, cure):
        """A hall full of people takes some of it away."""
        on_air(level)
        found = next(iter(machine.wifi(make_premises())))
        assert Finding("wifi", sign, f"wlan0: {level[:-1]} dBm", "-67 dBm", cure) == found

    @pytest.mark.parametrize(
        ("said", "sign"), [("Power save: on", Sign.WARN), ("Power save: off", Sign.OK), ("what?", Sign.SKIPPED)]
    )
    def test_a_chip_that_sleeps(self, make_premises, on_air, tool, said, sign):
        """It makes the first packets wait, and some access points forget whoever sleeps."""
        on_air("-50.")
        tool("iw", f'test "$*" = "dev wlan0 get power_save" && echo "{said}"')
        assert [("wifi", Sign.OK), ("wifi sleep", sign)] == signs(machine.wifi(make_premises()))

    def test_without_the_program_nobody_knows_whether_it_sleeps(self, make_premises, on_air):
        """Which is told with what to install."""
        on_air("-50.")
        assert "nobody tells whether wlan0 sleeps: apt install iw" == list(machine.wifi(make_premises()))[1].measured

    def test_an_interface_that_is_not_in_use_is_none(self, make_premises, on_air):
        """A booth on a cable has one, too."""
        on_air("-90.", state="down")
        assert [Finding("wifi", Sign.SKIPPED, "none is in use")] == list(machine.wifi(make_premises()))

    @pytest.mark.parametrize("level", ["0x1", "nan", "1234."])
    def test_a_driver_that_tells_no_signal(self, make_premises, on_air, level):
        on_air(level)
        assert ("wifi", Sign.SKIPPED) == signs(machine.wifi(make_premises()))[0]
