"""Each argument is KIND=PATH; prints KIND and whether cryptography reads it. Beside the files: issuer.pem and password."""

import sys

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12


def octets(path):
    with open(path, "rb") as file:
        return file.read()


def check(signed, what):
    key = ISSUER.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signed.signature, what, padding.PKCS1v15(), signed.signature_hash_algorithm)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signed.signature, what, ec.ECDSA(signed.signature_hash_algorithm))
    else:
        key.verify(signed.signature, what)


def read(kind, content):
    if kind == "certificate":
        certificate = x509.load_pem_x509_certificate(content)
        check(certificate, certificate.tbs_certificate_bytes)
    elif kind == "CRL":
        crl = x509.load_der_x509_crl(content)
        check(crl, crl.tbs_certlist_bytes)
        assert len(crl) > 0
    elif kind == "key":
        load_pem_private_key(content, None)
    elif kind == "encrypted key":
        load_pem_private_key(content, PASSWORD)
    else:
        key, certificate, others = pkcs12.load_key_and_certificates(content, PASSWORD)
        assert key is not None and certificate is not None and len(others) == 2


ISSUER = x509.load_pem_x509_certificate(octets("issuer.pem"))
PASSWORD = octets("password").strip()
for argument in sys.argv[1:]:
    kind, path = argument.split("=", 1)
    try:
        read(kind, octets(path))
        print(kind + "=reads")
    except Exception as error:
        print(kind + "=refuses")
        print(kind, repr(error), file=sys.stderr)
