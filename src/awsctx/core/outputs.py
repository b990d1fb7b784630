"""The output formats of the AWS CLI. Pure."""

from awsctx.core.text import near, visible
from awsctx.errors import AwsctxError

# Those of AWS CLI v2; v1 has only the first three.
OUTPUTS = ("json", "text", "table", "yaml", "yaml-stream", "off")


def check_output(output: str) -> str:
    """``output``, if the AWS CLI knows that format. Raises AwsctxError, with near misses."""
    if output in OUTPUTS:
        return output
    close = near(output, list(OUTPUTS)) if output else []
    hint = f"did you mean: {', '.join(close)}" if close else f"it is one of: {', '.join(OUTPUTS)}"
    raise AwsctxError(f"'{visible(output)}' is not an output format", hint)
