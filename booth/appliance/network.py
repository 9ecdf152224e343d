"""``network.toml``: who this machine is in a network, and how it gets into one.

What is wrong is told all at once, in words, and without any password; what is right is used, whatever is wrong beside
it.
"""

import re
import unicodedata
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from ipaddress import ip_address, ip_interface
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_core import ErrorDetails

from booth.appliance.countries import code_of
from booth.section import HOSTNAME, Section, Trait, expected, listed, setting
from booth.settings.judging import Outline, complaint, fitting, no_table

MOVED = "(moved)"
"""What stands on the card in place of a password that is in safekeeping."""

MOST_WIFI = 20
"""Networks in the list; more are a mistake."""

_SSH_KINDS = (
    "ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
    "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
)  # fmt: skip


# --- What a value may be ---------------------------------------------------------------------------------------------


def _hostname(name: str) -> str:
    if name and not re.fullmatch(HOSTNAME, name):
        raise ValueError("expected 1 to 63 small letters, digits and inner hyphens, such as booth-2")
    return name


def _timezone(name: str) -> str:
    if name and not re.fullmatch(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,2}", name):
        raise ValueError("expected a place as the world's clocks know it, such as Europe/Paris")
    return name


def _country(code: str) -> str:
    return code_of(code) if code else code


def _ssid(name: str) -> str:
    if not 1 <= len(name.encode()) <= 32:
        raise ValueError("expected a name of 1 to 32 bytes; letters with accents take two")
    return name


def _password(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if text == MOVED:
        raise ValueError("it was moved off a card, but it is not kept on this one: write it again")
    if text and not (8 <= len(text.encode()) <= 63 or re.fullmatch(r"[0-9a-fA-F]{64}", text)):
        raise ValueError("expected 8 to 63 characters, or nothing at all for a network that is open")
    if any(unicodedata.category(char) in {"Cc", "Zl", "Zp", "Cs"} for char in text):
        raise ValueError("expected characters that can be typed: write it again")
    return secret


def _address(text: str) -> str:
    if text:
        try:
            whole = "/" in text and "%" not in text and ip_interface(text)
        except ValueError:
            whole = False
        if not whole:
            raise ValueError("expected an address and how much of it is the network's, such as 192.0.2.7/24")
    return text


def _host(text: str) -> str:
    try:
        # Which interface an address is on may be said behind a %, in any letters: those of a name alone.
        if re.fullmatch(r"[^%]*(%[A-Za-z0-9._-]{1,15})?", text):
            return str(ip_address(text)) if text else ""
    except ValueError:
        pass
    raise ValueError("expected an address of numbers, such as 192.0.2.1")


def _public_key(text: str) -> str:
    """Take a line of a .pub file, without options: what a key may do is not decided on a card."""
    line = text.strip()
    if "PRIVATE KEY" in line:
        raise ValueError("this is a private key, which is for nobody else's eyes: put the line of the .pub file here")
    kind, _, rest = line.partition(" ")
    try:
        known = kind in _SSH_KINDS and b64decode(rest.split(" ")[0], validate=True)[4:].startswith(kind.encode())
    except Base64Error:
        known = False
    if not known or not line.isprintable():
        raise ValueError("expected the one line of a .pub file, such as ssh-ed25519 AAAA... you@laptop")
    return line


Host = Annotated[str, AfterValidator(_host)]
Hosts = Annotated[tuple[Host, ...], BeforeValidator(listed), Trait.EACH]
PublicKeys = Annotated[tuple[Annotated[str, AfterValidator(_public_key)], ...], BeforeValidator(listed), Trait.EACH]


# --- The sections ----------------------------------------------------------------------------------------------------


class Identity(Section):
    """``[machine]``."""

    hostname: Annotated[str, AfterValidator(_hostname)] = setting(
        "", "The name by which the network knows the machine.", 'text, such as "booth-2"'
    )
    timezone: Annotated[str, AfterValidator(_timezone)] = setting(
        "", "A place that has the machine's time.", 'text, such as "Europe/Paris"'
    )
    country: Annotated[str, AfterValidator(_country)] = setting(
        "", "The country that it is in: Wi-Fi has other rules in each.", 'text, such as "FR"'
    )


class Wifi(Section):
    """One ``[[wifi]]``."""

    ssid: Annotated[str, AfterValidator(_ssid)] = setting(..., "Its name.", "the network's name in quotes")
    password: Annotated[SecretStr, AfterValidator(_password)] = setting(
        SecretStr(""), "Its password; none for a network that is open.", "text in quotes"
    )
    hidden: bool = setting(False, "Whether it does not tell its name.")


class Ethernet(Section):
    """``[ethernet]``: the board's own socket, as the network says (DHCP) unless there is an address."""

    address: Annotated[str, AfterValidator(_address)] = setting(
        "", "The machine's own, and how much of it is the network's.", 'text, such as "192.0.2.7/24"'
    )
    gateway: Host = setting("", "The way out of the network.", 'text, such as "192.0.2.1"')
    dns: Hosts = setting((), "Who knows the names of machines.", 'addresses in brackets, such as ["192.0.2.1"]')
    usb: bool = setting(False, "Whether an adapter that is plugged into USB is a cable, too.")


class Ssh(Section):
    """``[ssh]``: nobody, unless there is a key."""

    authorized_keys: PublicKeys = setting(
        (),
        "Whose holders may log in.",
        'lines of .pub files in quotes and brackets, such as ["ssh-ed25519 AAAA..."]',
    )


@dataclass(frozen=True)
class Network:
    """What is right of the file."""

    machine: Identity = field(default_factory=Identity)
    wifi: Mapping[int, Wifi] = field(default_factory=dict)
    """Networks by their place in the list: what is wrong of it is not here."""
    ethernet: Ethernet = field(default_factory=Ethernet)
    ssh: Ssh = field(default_factory=Ssh)


_Section = TypeVar("_Section", bound=Section)

_OUTLINE = Outline(
    {"machine": Identity, "wifi": Wifi, "ethernet": Ethernet, "ssh": Ssh},
    also={
        "psk": "password", "pass": "password", "passphrase": "password", "passwort": "password", "key": "password",
        "name": "ssid", "network": "ssid", "wlan": "wifi", "wireless": "wifi", "lan": "ethernet", "cable": "ethernet",
        "eth0": "ethernet", "ip": "address", "router": "gateway", "zone": "timezone", "host": "hostname",
    },
    secretive=True,
)  # fmt: skip


# --- Judging ---------------------------------------------------------------------------------------------------------


def judge(written: Mapping[str, Any], zones: Path) -> tuple[Network, list[str]]:
    """Return what is right of *written*, and what is wrong, a line for each mistake.

    *zones* is where the machine's time zones are.
    """
    mistakes = [
        _unknown(name, is_section=isinstance(table, dict | list))
        for name, table in written.items()
        if name not in _OUTLINE.sections
    ]
    machine = _judged(Identity, written.get("machine", {}), "machine", mistakes)
    if machine.timezone and not (zones / machine.timezone).is_file():
        mistakes.append(_no_such_zone(machine.timezone, zones))
        machine = machine.model_copy(update={"timezone": ""})
    ethernet = _judged(Ethernet, written.get("ethernet", {}), "ethernet", mistakes)
    if ethernet.address:
        whole = ip_interface(ethernet.address)
        if ethernet.gateway and ip_address(ethernet.gateway) not in whole.network:
            mistakes.append(
                f"ethernet.gateway: {ethernet.gateway} is not in the network of {whole}: correct one of them"
            )
    elif (ethernet.gateway or ethernet.dns) and not _has(written, "ethernet", "address"):
        mistakes.append('ethernet: gateway and dns go with an address: write address = "192.0.2.7/24", or remove them')
    ssh = _judged(Ssh, written.get("ssh", {}), "ssh", mistakes)
    wifi = dict(_networks(written.get("wifi", []), mistakes))
    if wifi and not machine.country and not _has(written, "machine", "country"):
        mistakes.append(
            'machine.country: is missing: Wi-Fi has other rules in each country: write country = "FR" under [machine]'
        )
    return Network(machine, wifi, ethernet, ssh), mistakes


def _has(written: Mapping[str, Any], section: str, key: str) -> bool:
    table = written.get(section)
    return isinstance(table, dict) and bool(table.get(key))


def _networks(listed: object, mistakes: list[str]) -> Iterator[tuple[int, Wifi]]:
    # One network written as [wifi] is what was meant.
    entries = [listed] if isinstance(listed, dict) else listed
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        mistakes.append("wifi: expected [[wifi]] on a line of its own, and ssid and password below it")
        return
    if len(entries) > MOST_WIFI:
        mistakes.append(f"wifi: only the first {MOST_WIFI} networks are used: remove some")
    seen: set[str] = set()
    for index, entry in enumerate(entries[:MOST_WIFI]):
        who = f"wifi {index + 1}"  # not its name: somebody may have taken one line for the other
        before = len(mistakes)
        judged = _judged(Wifi, entry, "wifi", mistakes, entry=who, instead={"ssid": "x"})
        if judged.ssid in seen and len(mistakes) == before:
            mistakes.append(f"{who}: this network is there twice: remove one")
        if len(mistakes) == before:
            seen.add(judged.ssid)
            yield index, judged


def _judged(
    model: type[_Section],
    table: object,
    section: str,
    mistakes: list[str],
    entry: str = "",
    instead: Mapping[str, Any] | None = None,
) -> _Section:
    """Return *table* as a section, without what is wrong; *instead* stands in for what must be there.

    *entry* is what it is called in a section that is a list.
    """
    if not isinstance(table, dict):
        mistakes.append(no_table(section))
        table = dict(instead or {})
    judged, errors = fitting(model, table, instead)
    mistakes += (_mistake(model, error, section, entry) for error in errors)
    return judged


def _mistake(model: type[Section], error: ErrorDetails, section: str, entry: str) -> str:
    name, *places = (str(place) for place in error["loc"])
    if error["type"] == "extra_forbidden":
        return _unknown(f"{section}.{name}", entry=entry)
    info, nth = model.model_fields[name], f" {int(places[0]) + 1}" if places else ""
    missing = error["type"] == "missing"
    said = f"is missing: write {name} = {expected(info)}" if missing else complaint(info, error)
    return f"{entry or section}.{name}{nth}: {said}"


def _unknown(dotted: str, *, is_section: bool = False, entry: str = "") -> str:
    if dotted.rpartition(".")[2] == "keyboard":
        return f"{dotted}: there is none to be set: the one on the screen follows the guest's language"
    return _OUTLINE.unknown(dotted, is_section=is_section, entry=entry)


def _no_such_zone(name: str, zones: Path) -> str:
    """Say that there is no such time zone. What was written is not repeated: it may be a password on the wrong line."""
    region, _, city = name.rpartition("/")
    try:
        there = [f"{region}/{zone.name}".lstrip("/") for zone in (zones / region).iterdir() if zone.is_file()]
        if not region:  # the city alone is what most people know
            there += [str(zone.relative_to(zones)) for zone in zones.glob("[A-Z]*/*") if zone.is_file()]
    except OSError:
        there = []
    ends = {zone.rpartition("/")[2].casefold(): zone for zone in there}
    meant = get_close_matches(city.casefold(), ends, n=1, cutoff=0.75)
    fix = f"did you mean {ends[meant[0]]}?" if meant else "write a region and a city, such as Europe/Paris"
    return f"machine.timezone: there is no such place; {fix}"


# --- In the words of the programs that carry it out ------------------------------------------------------------------


def wpa_supplicant(network: Network) -> str:
    """Return the configuration of wpa_supplicant: the first network of the list comes before the second."""
    lines = ["ctrl_interface=/run/wpa_supplicant"]
    if network.machine.country:
        lines.append(f"country={network.machine.country}")
    for index, wifi in network.wifi.items():
        password = wifi.password.get_secret_value()
        lines += ["network={", f"\tssid={wifi.ssid.encode().hex()}", f"\tpriority={MOST_WIFI - index}"]
        if wifi.hidden:
            lines.append("\tscan_ssid=1")
        if not password:
            lines.append("\tkey_mgmt=NONE")
        elif len(password) == 64:
            lines += ["\tkey_mgmt=WPA-PSK", f"\tpsk={password}"]
        else:
            # It reads from the first quote to the last of the line and knows no escapes: anything may be between.
            lines += ["\tkey_mgmt=WPA-PSK", f'\tpsk="{password}"']
        lines.append("}")
    return "\n".join(lines) + "\n"


def networkd(ethernet: Ethernet) -> str:
    """Return systemd-networkd's file for a cable that is not as the image has it; nothing if it is.

    Whatever is plugged into USB may call itself a cable: unless the owner says so, it is the board's own socket that is
    meant, which systemd/78-booth-cable.rules marks.
    """
    if not ethernet.address and not ethernet.usb:
        return ""
    lines = ["[Match]", "Type=ether", *([] if ethernet.usb else ["Property=BOOTH_CABLE=1"]), "", "[Network]"]
    if not ethernet.address:
        return "\n".join([*lines, "DHCP=yes", "", "[DHCPv4]", "RouteMetric=100"]) + "\n"
    lines.append(f"Address={ip_interface(ethernet.address)}")
    if ethernet.gateway:
        lines.append(f"Gateway={ethernet.gateway}")
    lines += (f"DNS={server}" for server in ethernet.dns)
    return "\n".join(lines) + "\n"
