"""What the booth keeps of boto3's knowledge of Amazon, and that the rest makes no difference to it."""

import pytest
from botocore.config import Config
from botocore.loaders import Loader
from botocore.regions import EndpointResolver
from botocore.session import Session

from booth.drivers import amazon
from booth.drivers.bucket_options import BucketOptions
from booth.drivers.client import client

WHOLE = Loader()
OURS = amazon.loader()

REGIONS = [
    *(region for partition in WHOLE.load_data("endpoints")["partitions"] for region in partition["regions"]),
    "aws-global",
    "us-gov-nowhere-9",
    "nowhere",
]


def resolved(loader, region, style, endpoint_url):
    """Return the address that a session with *loader* signs, or what it says instead; without time and signature."""
    session = Session(session_vars={"config_file": (None, None, "/dev/null", None)})
    session.register_component("data_loader", loader)
    try:
        client = session.create_client(
            "s3",
            region_name=region,
            endpoint_url=endpoint_url,
            aws_access_key_id="id",
            aws_secret_access_key="secret",  # noqa: S106 - nobody's
            config=Config(signature_version="s3v4", s3={"addressing_style": style}),
        )
        signed = [
            client.generate_presigned_url(request, Params={"Bucket": bucket, "Key": "a/b.gif"})
            for request in ("get_object", "put_object")
            for bucket in ("party", "with.dots", "zone--use1-az4--x-s3" if endpoint_url else "plain")
        ]
    except Exception as exc:  # noqa: BLE001 - whatever it is, both have to say the same
        return type(exc).__name__, str(exc)
    return (
        client.meta.region_name,
        client.meta.partition,
        client.meta.endpoint_url,
        [
            (address.partition("&X-Amz-Date")[0], address.partition("&X-Amz-SignedHeaders")[2].partition("&")[0])
            for address in signed
        ],
    )


@pytest.mark.parametrize("way", [("virtual", None), ("path", "https://s3.example.com")], ids=["Amazon", "a server"])
@pytest.mark.parametrize("region", ["aws-global", "cn-north-1", "us-gov-west-1", "no where"])
def test_addresses_are_those_of_boto3(region, way):
    """What is signed with the part is what is signed with the whole, and so is what is refused."""
    assert resolved(WHOLE, region, *way) == resolved(OURS, region, *way)


def test_every_region_resolves_as_in_boto3():
    """Amazon's own, China, the governments', the global one, and one that is not there yet."""
    whole, ours = EndpointResolver(WHOLE.load_data("endpoints")), EndpointResolver(OURS.load_data("endpoints"))
    for region in REGIONS:
        assert whole.construct_endpoint("s3", region) == ours.construct_endpoint("s3", region)


def test_regions_are_boto3s_own_list_with_s3_alone():
    """All partitions are there, with all that is said of them; of the services only ours."""
    whole = Loader().load_data("endpoints")
    for partition in whole["partitions"]:
        partition["services"] = {"s3": partition["services"]["s3"]} if "s3" in partition["services"] else {}
    assert whole == amazon.loader().load_data("endpoints")


def without_documentation(value):
    """Return a description as it is without words for people."""
    if isinstance(value, dict):
        return {
            name: without_documentation(inner) for name, inner in value.items() if not name.startswith("documentation")
        }
    return [without_documentation(inner) for inner in value] if isinstance(value, list) else value


def test_requests_are_described_as_boto3_describes_them():
    """Each request that is kept, its shapes, and what is said of the service as a whole."""
    whole, ours = WHOLE.load_service_model("s3", "service-2"), OURS.load_service_model("s3", "service-2")
    assert set(amazon.REQUESTS) == set(ours["operations"])
    for kind in ("operations", "shapes"):
        assert without_documentation({name: whole[kind][name] for name in ours[kind]}) == ours[kind]
    for name in ("version", "metadata", "clientContextParams"):
        assert whole[name] == ours[name]


def test_no_shape_is_missing():
    """Whatever a request or a shape refers to is there."""
    ours = OURS.load_service_model("s3", "service-2")
    named = set()

    def look(value):
        if isinstance(value, dict):
            for name, inner in value.items():
                if name == "shape" and isinstance(inner, str):
                    named.add(inner)
                look(inner)
        elif isinstance(value, list):
            for inner in value:
                look(inner)

    look([ours["operations"], ours["shapes"]])
    assert set() == named - set(ours["shapes"])


def test_every_error_of_s3_is_there():
    """Those, too, that a description of a request leaves out: servers say what they please."""
    whole, ours = WHOLE.load_service_model("s3", "service-2"), OURS.load_service_model("s3", "service-2")
    errors = [name for name, shape in whole["shapes"].items() if "exception" in shape]
    assert errors == [name for name, shape in ours["shapes"].items() if "exception" in shape]


@pytest.mark.parametrize(
    "name",
    ["partitions", "_retry", "sdk-default-configuration", "s3/2006-03-01/endpoint-rule-set-1", "no-such-file"],
)
def test_other_files_are_read_whole(name):
    """As they are, packed or not; one that is not there is not there."""
    assert outcome(WHOLE, name) == outcome(OURS, name)


def outcome(loader, name):
    """Return what *loader* loads by that name, or the kind of its error."""
    try:
        return loader.load_data(name)
    except Exception as exc:  # noqa: BLE001 - both have to fail alike
        return type(exc).__name__


def test_the_bucket_knows_no_more_than_that(bucket):
    """Its client describes the requests that are kept, and only these: the rest stays out of memory."""
    model = bucket._client().meta.service_model
    assert set(amazon.REQUESTS) == set(model.operation_names)
    assert {"s3"} == set(bucket._client()._loader.load_data("endpoints")["partitions"][0]["services"])


def test_clients_share_what_was_read():
    """Each courier has a client of its own; what boto3 knows of Amazon is in memory once."""
    options = BucketOptions("http://127.0.0.1:1", "b", "eu-west-3", "a", "s")
    one, other = (client(options, attempts=1) for _ in range(2))
    assert one.meta.service_model.metadata is other.meta.service_model.metadata
