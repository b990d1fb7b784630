"""Which credentials and region botocore takes in each of the environments on stdin: a JSON array in, one out. An access key id
says where its keys come from."""

import json
import os
import sys

import botocore.session
from botocore import credentials
from botocore.exceptions import PartialCredentialsError

credentials.EC = object()  # what `aws login` needs to renew keys, and botocore alone does not bring; none are renewed here


def taken(environ: dict[str, str]) -> list[str]:
    os.environ.clear()
    os.environ.update(environ)
    session = botocore.session.Session()
    region = session.get_config_variable("region") or "none"
    try:
        found = session.get_credentials()
    except PartialCredentialsError:
        return ["error", region]
    return [found.get_frozen_credentials().access_key if found else "none", region]


if __name__ == "__main__":
    json.dump([taken(environ) for environ in json.load(sys.stdin)], sys.stdout)
