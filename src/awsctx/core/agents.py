"""Whether a coding agent makes this call (awsctx(1), GUARD RAILS). Pure.

Hot path: imports nothing that the interpreter has not loaded already.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# The variables by which the AWS CLI recognizes an agent.
VARIABLES = (
    "CLAUDECODE",
    "GEMINI_CLI",
    "CODEX_THREAD_ID",
    "KIRO_SESSION_ID",
    "OPENCODE",
    "ANTIGRAVITY_AGENT",
    "AMP_CURRENT_THREAD_ID",
    "PI_CODING_AGENT",
    "COPILOT_CLI",
    "CURSOR_AGENT",
)


def agent(environ: "Mapping[str, str]") -> str:
    """The name of the first variable that is set by an agent and neither empty nor `0`; empty where no agent makes this
    call."""
    return next((name for name in VARIABLES if environ.get(name, "") not in ("", "0")), "")
