"""The keys that AWS gives to a profile or a role. Pure."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Keys:
    """Credentials of a profile, or of a role in an account. ``expires_at`` is epoch seconds, UTC; None for keys that do not
    expire. The repr shows no secret."""

    access_key_id: str = field(repr=False)
    secret_access_key: str = field(repr=False)
    session_token: str = field(repr=False)
    expires_at: int | None = None
