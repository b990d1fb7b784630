"""The sandbox behind `awsctx demo`, and the stand-in AWS that it and the tests run against.

    standin.py   one server on loopback: start it here or as a child process, steer it, ask what it was asked
      server.py    HTTP: which operation is meant, latency and faults, the log of calls, the control endpoint
      oidc.py      SSO-OIDC: RegisterClient, StartDeviceAuthorization, CreateToken, /authorize, /device
      portal.py    the SSO portal: ListAccounts, ListAccountRoles, GetRoleCredentials, Logout
      federation.py  the console's sign-in with keys
      login.py     AWS Sign-In, for `aws login`
      cloud.py     STS, and EC2 by moto, each seen as the account that the caller's keys belong to
      ledger.py    what was handed out: registrations, codes, tokens, keys
      scenario.py  the knobs: who may do what, how long things last, what goes wrong
      wire.py      requests, responses and errors in the form that the AWS SDKs read
    sandbox.py   a HOME of its own with the walkthrough's configuration, signed in, pointed at the stand-in
      tools.py     the real aws and jq, found or brought along
    play.py      the walkthrough, command by command, with its real output

Nothing here is imported by the everyday calls, and nothing here talks to anything but loopback (tools.py, when it
has to bring a tool along, asks the package managers of the machine).
"""
