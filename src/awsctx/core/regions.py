"""AWS's regions with their names, and what else may be a region (awsctx(1), DESCRIPTION). Pure.

The table and the patterns are those of botocore's partitions.json; a test compares them. Importing botocore would make a
TAB ten times slower.
"""

from awsctx.core.text import near, visible
from awsctx.errors import AwsctxError

REGIONS = {
    "af-south-1": "Africa (Cape Town)",
    "ap-east-1": "Asia Pacific (Hong Kong)",
    "ap-east-2": "Asia Pacific (Taipei)",
    "ap-northeast-1": "Asia Pacific (Tokyo)",
    "ap-northeast-2": "Asia Pacific (Seoul)",
    "ap-northeast-3": "Asia Pacific (Osaka)",
    "ap-south-1": "Asia Pacific (Mumbai)",
    "ap-south-2": "Asia Pacific (Hyderabad)",
    "ap-southeast-1": "Asia Pacific (Singapore)",
    "ap-southeast-2": "Asia Pacific (Sydney)",
    "ap-southeast-3": "Asia Pacific (Jakarta)",
    "ap-southeast-4": "Asia Pacific (Melbourne)",
    "ap-southeast-5": "Asia Pacific (Malaysia)",
    "ap-southeast-6": "Asia Pacific (New Zealand)",
    "ap-southeast-7": "Asia Pacific (Thailand)",
    "ca-central-1": "Canada (Central)",
    "ca-west-1": "Canada West (Calgary)",
    "eu-central-1": "Europe (Frankfurt)",
    "eu-central-2": "Europe (Zurich)",
    "eu-north-1": "Europe (Stockholm)",
    "eu-south-1": "Europe (Milan)",
    "eu-south-2": "Europe (Spain)",
    "eu-west-1": "Europe (Ireland)",
    "eu-west-2": "Europe (London)",
    "eu-west-3": "Europe (Paris)",
    "il-central-1": "Israel (Tel Aviv)",
    "me-central-1": "Middle East (UAE)",
    "me-south-1": "Middle East (Bahrain)",
    "me-west-1": "Middle East (Saudi Arabia)",
    "mx-central-1": "Mexico (Central)",
    "sa-east-1": "South America (Sao Paulo)",
    "sa-west-1": "South America (Chile)",
    "us-east-1": "US East (N. Virginia)",
    "us-east-2": "US East (Ohio)",
    "us-west-1": "US West (N. California)",
    "us-west-2": "US West (Oregon)",
    "cn-north-1": "China (Beijing)",
    "cn-northwest-1": "China (Ningxia)",
    "eusc-de-east-1": "AWS European Sovereign Cloud (Germany)",
    "us-iso-east-1": "US ISO East",
    "us-iso-west-1": "US ISO WEST",
    "us-isob-east-1": "US ISOB East (Ohio)",
    "us-isob-west-1": "US ISOB West",
    "eu-isoe-west-1": "EU ISOE West",
    "us-isof-east-1": "US ISOF EAST",
    "us-isof-south-1": "US ISOF SOUTH",
    "us-gov-east-1": "AWS GovCloud (US-East)",
    "us-gov-west-1": "AWS GovCloud (US-West)",
}

# The first parts of a region's name, before `-DIRECTION-NUMBER`, in the patterns of botocore's partitions.
PREFIXES = (
    *("us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"),
    *("cn", "eusc-de", "us-iso", "us-isob", "eu-isoe", "us-isof", "us-gov"),
)
_DIRECTIONS = ("north", "south", "east", "west", "central")


def is_like_one(region: str) -> bool:
    """Whether ``region`` fits the pattern of a partition and has a direction, or a pair of directions, before its number.
    AWS may have such a region even where the table lacks it."""
    before, _, number = region.rpartition("-")
    prefix, _, word = before.rpartition("-")
    if prefix not in PREFIXES or not (number.isascii() and number.isdigit()):
        return False
    return word in _DIRECTIONS or any(word == one + other for one in _DIRECTIONS for other in _DIRECTIONS if one != other)


def check_region(region: str) -> str:
    """``region``, if AWS has it or may have it. Raises AwsctxError, with near misses."""
    if region in REGIONS or is_like_one(region):
        return region
    close = near(region, list(REGIONS)) if region else []
    hint = f"did you mean: {', '.join(close)}" if close else "a region looks like eu-west-1"
    raise AwsctxError(f"'{visible(region)}' is not a region", hint)


def check_host_label(region: str) -> str:
    """``region`` from a file or an address, if it can be a part of a host name: letters, digits, hyphens. Raises
    AwsctxError."""
    plain = region.replace("-", "")
    odd = not (plain.isascii() and plain.isalnum()) or region.isdigit() or len(region) > 63
    if odd or region[0] == "-" or region[-1] == "-":
        raise AwsctxError(f"'{visible(region)}' is not a region", "a region looks like eu-west-1")
    return region
