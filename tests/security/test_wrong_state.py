"""Any page on the web can send the browser to the way back of a sign-in: without its state that ends nothing."""

from __future__ import annotations

import pytest
from tests.security.conftest import Fetch
from tests.signin.helpers import SignIns, ended


@pytest.mark.parametrize("query", ["code=c&state=wrong", "code=c", "error=access_denied", "error=access_denied&state=wrong"])
def test_it_gets_400_and_the_wait_goes_on(site: SignIns, owner: Fetch, query: str) -> None:
    child = site.at_terminal("login", "worksso", "--browser", "--no-browser")
    child.expect(r"(http://\S+/authorize\?\S+redirect_uri=http%3A%2F%2F127.0.0.1%3A(\d+)\S+)")
    assert owner(f"http://127.0.0.1:{child.match[2]}/oauth/callback?{query}") == (400, "")
    site.run(command=["curl", "-sL", child.match[1]])
    assert ended(child) == 0
    assert site.sessions()["worksso"]["sign_in"] == "valid"
