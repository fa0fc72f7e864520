"""A mail server others wrote (aiosmtpd), on a free port of this computer until standard input ends: STARTTLS and a log-in are required.

Arguments: certificate, key, user, password. It prints its port, and then each mail as Python's own parser reads it, a line of JSON each.
"""

import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

certificate, key, user, password = sys.argv[1:]


class Keep:
    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        print(
            json.dumps(
                {
                    "from": envelope.mail_from,
                    "to": envelope.rcpt_tos,
                    "user": session.auth_data if session.authenticated else None,
                    "encrypted": session.ssl is not None,
                    "id": mail["message-id"],
                    "subject": mail["subject"],
                    "text": mail.get_content(),
                    "defects": [str(it) for part in mail.walk() for it in part.defects],
                }
            ),
            flush=True,
        )
        return "250 2.0.0 kept"


def log_in(server, session, envelope, mechanism, data):
    if not isinstance(data, LoginPassword):
        return AuthResult(success=False)
    is_right = (data.login, data.password) == (user.encode(), password.encode())
    return AuthResult(success=is_right, auth_data=data.login.decode(), handled=is_right)


def session():
    return SMTP(Keep(), tls_context=context, require_starttls=True, authenticator=log_in, auth_required=True, hostname="mail.example")


async def serve():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(session, "127.0.0.1", 0)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(certificate, key)
asyncio.run(serve())
