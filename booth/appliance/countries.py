"""The countries of ISO 3166-1: two letters, three letters, and the name in English. What else people write is told.

From Debian's iso-codes 4.x, which is that standard.
"""

import re
import unicodedata
from collections import Counter
from difflib import get_close_matches
from functools import cache

_TABLE = """
AD AND Andorra
AE ARE United Arab Emirates
AF AFG Afghanistan
AG ATG Antigua and Barbuda
AI AIA Anguilla
AL ALB Albania
AM ARM Armenia
AO AGO Angola
AQ ATA Antarctica
AR ARG Argentina
AS ASM American Samoa
AT AUT Austria
AU AUS Australia
AW ABW Aruba
AX ALA Åland Islands
AZ AZE Azerbaijan
BA BIH Bosnia and Herzegovina
BB BRB Barbados
BD BGD Bangladesh
BE BEL Belgium
BF BFA Burkina Faso
BG BGR Bulgaria
BH BHR Bahrain
BI BDI Burundi
BJ BEN Benin
BL BLM Saint Barthélemy
BM BMU Bermuda
BN BRN Brunei Darussalam
BO BOL Bolivia
BQ BES Bonaire, Sint Eustatius and Saba
BR BRA Brazil
BS BHS Bahamas
BT BTN Bhutan
BV BVT Bouvet Island
BW BWA Botswana
BY BLR Belarus
BZ BLZ Belize
CA CAN Canada
CC CCK Cocos (Keeling) Islands
CD COD Congo
CF CAF Central African Republic
CG COG Congo
CH CHE Switzerland
CI CIV Côte d'Ivoire
CK COK Cook Islands
CL CHL Chile
CM CMR Cameroon
CN CHN China
CO COL Colombia
CR CRI Costa Rica
CU CUB Cuba
CV CPV Cabo Verde
CW CUW Curaçao
CX CXR Christmas Island
CY CYP Cyprus
CZ CZE Czechia
DE DEU Germany
DJ DJI Djibouti
DK DNK Denmark
DM DMA Dominica
DO DOM Dominican Republic
DZ DZA Algeria
EC ECU Ecuador
EE EST Estonia
EG EGY Egypt
EH ESH Western Sahara
ER ERI Eritrea
ES ESP Spain
ET ETH Ethiopia
FI FIN Finland
FJ FJI Fiji
FK FLK Falkland Islands (Malvinas)
FM FSM Micronesia
FO FRO Faroe Islands
FR FRA France
GA GAB Gabon
GB GBR United Kingdom
GD GRD Grenada
GE GEO Georgia
GF GUF French Guiana
GG GGY Guernsey
GH GHA Ghana
GI GIB Gibraltar
GL GRL Greenland
GM GMB Gambia
GN GIN Guinea
GP GLP Guadeloupe
GQ GNQ Equatorial Guinea
GR GRC Greece
GS SGS South Georgia and the South Sandwich Islands
GT GTM Guatemala
GU GUM Guam
GW GNB Guinea-Bissau
GY GUY Guyana
HK HKG Hong Kong
HM HMD Heard Island and McDonald Islands
HN HND Honduras
HR HRV Croatia
HT HTI Haiti
HU HUN Hungary
ID IDN Indonesia
IE IRL Ireland
IL ISR Israel
IM IMN Isle of Man
IN IND India
IO IOT British Indian Ocean Territory
IQ IRQ Iraq
IR IRN Iran
IS ISL Iceland
IT ITA Italy
JE JEY Jersey
JM JAM Jamaica
JO JOR Jordan
JP JPN Japan
KE KEN Kenya
KG KGZ Kyrgyzstan
KH KHM Cambodia
KI KIR Kiribati
KM COM Comoros
KN KNA Saint Kitts and Nevis
KP PRK North Korea
KR KOR South Korea
KW KWT Kuwait
KY CYM Cayman Islands
KZ KAZ Kazakhstan
LA LAO Laos
LB LBN Lebanon
LC LCA Saint Lucia
LI LIE Liechtenstein
LK LKA Sri Lanka
LR LBR Liberia
LS LSO Lesotho
LT LTU Lithuania
LU LUX Luxembourg
LV LVA Latvia
LY LBY Libya
MA MAR Morocco
MC MCO Monaco
MD MDA Moldova
ME MNE Montenegro
MF MAF Saint Martin (French part)
MG MDG Madagascar
MH MHL Marshall Islands
MK MKD North Macedonia
ML MLI Mali
MM MMR Myanmar
MN MNG Mongolia
MO MAC Macao
MP MNP Northern Mariana Islands
MQ MTQ Martinique
MR MRT Mauritania
MS MSR Montserrat
MT MLT Malta
MU MUS Mauritius
MV MDV Maldives
MW MWI Malawi
MX MEX Mexico
MY MYS Malaysia
MZ MOZ Mozambique
NA NAM Namibia
NC NCL New Caledonia
NE NER Niger
NF NFK Norfolk Island
NG NGA Nigeria
NI NIC Nicaragua
NL NLD Netherlands
NO NOR Norway
NP NPL Nepal
NR NRU Nauru
NU NIU Niue
NZ NZL New Zealand
OM OMN Oman
PA PAN Panama
PE PER Peru
PF PYF French Polynesia
PG PNG Papua New Guinea
PH PHL Philippines
PK PAK Pakistan
PL POL Poland
PM SPM Saint Pierre and Miquelon
PN PCN Pitcairn
PR PRI Puerto Rico
PS PSE Palestine
PT PRT Portugal
PW PLW Palau
PY PRY Paraguay
QA QAT Qatar
RE REU Réunion
RO ROU Romania
RS SRB Serbia
RU RUS Russian Federation
RW RWA Rwanda
SA SAU Saudi Arabia
SB SLB Solomon Islands
SC SYC Seychelles
SD SDN Sudan
SE SWE Sweden
SG SGP Singapore
SH SHN Saint Helena, Ascension and Tristan da Cunha
SI SVN Slovenia
SJ SJM Svalbard and Jan Mayen
SK SVK Slovakia
SL SLE Sierra Leone
SM SMR San Marino
SN SEN Senegal
SO SOM Somalia
SR SUR Suriname
SS SSD South Sudan
ST STP Sao Tome and Principe
SV SLV El Salvador
SX SXM Sint Maarten (Dutch part)
SY SYR Syria
SZ SWZ Eswatini
TC TCA Turks and Caicos Islands
TD TCD Chad
TF ATF French Southern Territories
TG TGO Togo
TH THA Thailand
TJ TJK Tajikistan
TK TKL Tokelau
TL TLS Timor-Leste
TM TKM Turkmenistan
TN TUN Tunisia
TO TON Tonga
TR TUR Türkiye
TT TTO Trinidad and Tobago
TV TUV Tuvalu
TW TWN Taiwan
TZ TZA Tanzania
UA UKR Ukraine
UG UGA Uganda
UM UMI United States Minor Outlying Islands
US USA United States
UY URY Uruguay
UZ UZB Uzbekistan
VA VAT Holy See (Vatican City State)
VC VCT Saint Vincent and the Grenadines
VE VEN Venezuela
VG VGB Virgin Islands, British
VI VIR Virgin Islands, U.S.
VN VNM Vietnam
VU VUT Vanuatu
WF WLF Wallis and Futuna
WS WSM Samoa
YE YEM Yemen
YT MYT Mayotte
ZA ZAF South Africa
ZM ZMB Zambia
ZW ZWE Zimbabwe
"""

_OTHERWISE = {
    "UK": "GB", "EN": "GB", "ENG": "GB", "SCO": "GB", "WAL": "GB", "NIR": "GB", "EL": "GR", "GRE": "GR",
    "GER": "DE", "DUI": "DE", "SUI": "CH", "SWI": "CH", "HOL": "NL", "NED": "NL", "DAN": "DK", "DEN": "DK", "SP": "ES",
    "SPA": "ES", "POR": "PT", "JA": "JP", "JAP": "JP", "KO": "KR", "CS": "CZ",
    "CRO": "HR", "SLO": "SI", "IRE": "IE", "EIRE": "IE", "EU": "", "XX": "", "ZZ": "", "WW": "",
    "england": "GB", "britain": "GB", "great britain": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB",
    "united states of america": "US", "america": "US", "holland": "NL", "the netherlands": "NL", "czech republic": "CZ",
    "turkey": "TR", "russia": "RU", "vatican": "VA", "ivory coast": "CI", "macedonia": "MK",
    "deutschland": "DE", "allemagne": "DE", "alemania": "DE", "germania": "DE", "osterreich": "AT", "oesterreich": "AT",
    "autriche": "AT", "schweiz": "CH", "suisse": "CH", "svizzera": "CH", "suiza": "CH", "frankreich": "FR",
    "francia": "FR", "italien": "IT", "italia": "IT", "italie": "IT", "spanien": "ES", "espana": "ES", "espagne": "ES",
    "spagna": "ES", "niederlande": "NL", "nederland": "NL", "pays bas": "NL", "belgien": "BE", "belgie": "BE",
    "belgique": "BE", "luxemburg": "LU", "danemark": "DK", "danmark": "DK", "polen": "PL", "polska": "PL",
    "pologne": "PL", "sverige": "SE", "schweden": "SE", "suede": "SE", "norge": "NO", "norwegen": "NO", "suomi": "FI",
    "finnland": "FI", "griechenland": "GR", "hellas": "GR", "grece": "GR", "ireland": "IE", "eire": "IE",
    "etats unis": "US", "estados unidos": "US", "vereinigte staaten": "US", "royaume uni": "GB", "reino unido": "GB",
    "vereinigtes konigreich": "GB", "regno unito": "GB", "grossbritannien": "GB", "brasil": "BR", "portugal": "PT",
    "stati uniti": "US", "stati uniti d'america": "US", "etats unis d'amerique": "US", "verenigde staten": "US",
    "vereinigte staaten von amerika": "US", "estados unidos de america": "US", "UAE": "AE", "KSA": "SA", "RSA": "ZA",
    "angleterre": "GB", "inglaterra": "GB", "inghilterra": "GB", "grande bretagne": "GB", "gran bretana": "GB",
    "gran bretagna": "GB", "verenigd koninkrijk": "GB", "groot brittannie": "GB", "frankrijk": "FR", "duitsland": "DE",
    "tyskland": "DE", "frankrike": "FR", "frankrig": "FR", "oostenrijk": "AT", "osterrike": "AT", "ostrig": "AT",
    "zwitserland": "CH", "paises bajos": "NL", "paesi bassi": "NL", "belgica": "BE", "belgio": "BE", "spanje": "ES",
    "dinamarca": "DK", "danimarca": "DK", "denemarken": "DK", "noruega": "NO", "norvegia": "NO", "norvege": "NO",
    "noorwegen": "NO", "suecia": "SE", "svezia": "SE", "zweden": "SE", "polonia": "PL", "irlanda": "IE",
    "irlande": "IE", "ierland": "IE", "irland": "IE", "portogallo": "PT", "lussemburgo": "LU", "chequia": "CZ",
    "tchequie": "CZ", "cechia": "CZ", "tsjechie": "CZ", "hungria": "HU", "hongrie": "HU", "ungheria": "HU",
    "hongarije": "HU", "slowakei": "SK", "slovaquie": "SK", "eslovaquia": "SK", "slovacchia": "SK", "slowakije": "SK",
    "slowenien": "SI", "slovenie": "SI", "eslovenia": "SI", "rumanien": "RO", "roumanie": "RO", "rumania": "RO",
    "roemenie": "RO", "bulgarien": "BG", "bulgarie": "BG", "bulgarije": "BG", "kroatien": "HR", "croatie": "HR",
    "croacia": "HR", "croazia": "HR", "kroatie": "HR", "grecia": "GR", "griekenland": "GR", "zypern": "CY",
    "chypre": "CY", "chipre": "CY", "cipro": "CY", "lettland": "LV", "lettonie": "LV", "letonia": "LV",
    "lettonia": "LV", "letland": "LV", "litauen": "LT", "lituanie": "LT", "litouwen": "LT", "estland": "EE",
    "estonie": "EE", "malte": "MT", "islandia": "IS", "islanda": "IS", "ijsland": "IS", "turkei": "TR",
    "turquie": "TR", "turquia": "TR", "turchia": "TR", "turkije": "TR", "kanada": "CA", "mexiko": "MX",
    "mexique": "MX", "messico": "MX", "brasilien": "BR", "bresil": "BR", "brasile": "BR", "brazilie": "BR",
    "argentinien": "AR", "argentine": "AR", "australien": "AU", "australie": "AU", "neuseeland": "NZ",
    "nouvelle zelande": "NZ", "nueva zelanda": "NZ", "nuova zelanda": "NZ", "nieuw zeeland": "NZ", "japon": "JP",
    "giappone": "JP", "chine": "CN", "cina": "CN", "indien": "IN", "inde": "IN", "sudkorea": "KR",
    "coree du sud": "KR", "corea del sur": "KR", "corea del sud": "KR", "zuid korea": "KR", "ucrania": "UA",
    "ucraina": "UA", "oekraine": "UA", "serbien": "RS", "serbie": "RS",
    "cesko": "CZ", "tschechien": "CZ", "slovensko": "SK", "slovenija": "SI", "hrvatska": "HR", "magyarorszag": "HU",
    "ungarn": "HU", "island": "IS", "eesti": "EE", "latvija": "LV", "lietuva": "LT", "srbija": "RS", "shqiperia": "AL",
    # in their own letters: Greece and Cyprus; Russia, Ukraine and Bulgaria; Japan, China (twice) and Korea
    "\u03b5\u03bb\u03bb\u03b1\u03b4\u03b1": "GR", "\u03ba\u03c5\u03c0\u03c1\u03bf\u03c2": "CY",
    "\u0440\u043e\u0441\u0441\u0438\u044f": "RU", "\u0443\u043a\u0440\u0430\u0456\u043d\u0430": "UA",
    "\u0431\u044a\u043b\u0433\u0430\u0440\u0438\u044f": "BG", "\u65e5\u672c": "JP", "\u4e2d\u56fd": "CN",
    "\u4e2d\u570b": "CN", "\ud55c\uad6d": "KR",
}  # fmt: skip
"""What people write who mean another code: codes of languages, of sport, of number plates, and names in their own."""

_EITHER = dict.fromkeys(("korea", "corea", "coree"), ("KR", "KP"))
"""Codes by a name that more than one country has. Each has other rules for Wi-Fi, so nobody guesses which is meant."""

_ALIKE = 0.83
"""0..1: how much a name must be like one of the table's for that to be asked about. It may be another country's in
another language (Slovinsko is Slovenia, and not Slovakia), so it is asked by its name."""


@cache
def _known() -> tuple[dict[str, str], dict[str, str]]:
    """Return the English name by each code, and the code by all that is written instead of it."""
    rows = [line.split(" ", 2) for line in _TABLE.split("\n") if line]
    named = Counter(name for _, _, name in rows)
    meant = {_plain(name): two for two, _, name in rows if named[name] == 1} | {three: two for two, three, _ in rows}
    otherwise = {word if word.isupper() else _plain(word): two for word, two in _OTHERWISE.items()}
    return {two: name for two, _, name in rows}, meant | otherwise


def _plain(name: str) -> str:
    """Return *name* in small letters, without accents and article, a blank for whatever is between its words."""
    letters = unicodedata.normalize("NFKD", name.replace("\u00df", "ss"))
    plain = "".join(c for c in letters if not unicodedata.combining(c)).casefold()
    return re.sub(r"[\W_]+", " ", plain).strip().removeprefix("the ")


def code_of(written: str) -> str:
    """Return the two letters of a country, in capitals. Raises ValueError with words for the owner.

    What was written is not repeated unless it is one of the words that are known to be meant otherwise.
    """
    codes, meant = _known()
    as_written = unicodedata.normalize("NFKC", written).strip()
    if re.fullmatch(r"[A-Za-z]{2}", as_written) and as_written.upper() in codes:
        return as_written.upper()
    plain = _plain(written)
    locale = re.fullmatch(r"[A-Za-z]{2,3}(?:[_-][A-Za-z]{4})?[_-]([A-Za-z]{2})(?:[.@].*)?", as_written)
    if locale and (two := locale[1].upper()) in codes:
        raise ValueError(f'expected the two letters of a country, without a language: write country = "{two}"')
    code = re.sub(r"^the\s|[\W_]", "", as_written, flags=re.IGNORECASE).upper()
    if len(code) < len(as_written) and code in codes:
        raise ValueError(f'expected the two letters of a country, and nothing else: write country = "{code}"')
    if code.isascii() and meant.get(code):
        raise ValueError(f'there is no country {code}: write country = "{meant[code]}"')
    if plain in _EITHER:
        which = ", ".join(f'if {codes[two]} is meant, write country = "{two}"' for two in _EITHER[plain])
        raise ValueError(f"expected the two letters of a country, and more than one has this name: {which}")
    if meant.get(plain):
        raise ValueError(f'expected the two letters of a country, not its name: write country = "{meant[plain]}"')
    near = get_close_matches(plain, meant, n=1, cutoff=_ALIKE) if len(plain) > 3 and plain not in meant else []
    if near and meant[near[0]]:
        two = meant[near[0]]
        raise ValueError(f'expected the two letters of a country: if {codes[two]} is meant, write country = "{two}"')
    if re.fullmatch(r"[A-Za-z]{2}", written.strip()):
        raise ValueError('there is no country of these two letters: write those of ISO 3166, such as "FR"')
    raise ValueError("expected the two letters of a country, such as FR")
