"""Calls each URL as Python's standard library does: client.py CA CRL NAME=URL... A line of JSON for each. Where the name
begins with crl: it checks the CRL."""

import json
import ssl
import sys
import urllib.request

ca, crl, *calls = sys.argv[1:]

plain = ssl.create_default_context(cafile=ca)
checking = ssl.create_default_context(cafile=ca)
checking.load_verify_locations(crl)
checking.verify_flags |= ssl.VERIFY_CRL_CHECK_CHAIN

for name, url in (call.split("=", 1) for call in calls):
    context = checking if name.startswith("crl:") else plain
    try:
        with urllib.request.urlopen(url, context=context, timeout=10) as answer:
            why, accepted = str(answer.status), True
    except urllib.error.HTTPError as error:
        why, accepted = str(error.code), True
    except OSError as error:
        why, accepted = str(error), False
    print(json.dumps({"name": name, "accepted": accepted, "why": why}), flush=True)
