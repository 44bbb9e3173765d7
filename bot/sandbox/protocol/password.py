"""Two-step passwords: the server's side of SRP.

https://core.telegram.org/api/srp
"""

import secrets

from msgspec import Struct
from telethon import password as telethon_password
from telethon.password import big_num_for_hash, sha256, xor
from telethon.tl import TLObject, types

from bot.sandbox.protocol.keys import DH_GENERATOR, DH_PRIME

_PRIME = DH_PRIME.to_bytes(256, "big")
_GENERATOR = DH_GENERATOR.to_bytes(256, "big")


class Challenge(Struct, frozen=True):
    """What a client must answer with the right password; good for one try."""

    id: int
    algorithm: TLObject
    verifier: int
    secret: int
    public: int

    def accepts(self, answer: TLObject) -> bool:
        """Tells whether an InputCheckPasswordSRP proves the password."""
        if answer.srp_id != self.id:
            return False
        a = int.from_bytes(answer.A, "big")
        if not 1 < a < DH_PRIME - 1:
            return False
        public = big_num_for_hash(self.public)
        u = int.from_bytes(sha256(answer.A, public), "big")
        shared = pow(a * pow(self.verifier, u, DH_PRIME), self.secret, DH_PRIME)
        proof: bytes = sha256(
            xor(sha256(_PRIME), sha256(_GENERATOR)),
            sha256(self.algorithm.salt1),
            sha256(self.algorithm.salt2),
            answer.A,
            public,
            sha256(big_num_for_hash(shared)),
        )
        return secrets.compare_digest(proof, answer.M1)


def make_challenge(password: str) -> Challenge:
    """Makes a challenge for the password (it costs a tenth of a second)."""
    algorithm = types.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(
        salt1=secrets.token_bytes(8),
        salt2=secrets.token_bytes(8),
        g=DH_GENERATOR,
        p=_PRIME,
    )
    verifier = int.from_bytes(telethon_password.compute_digest(algorithm, password), "big")
    multiplier = int.from_bytes(sha256(_PRIME, _GENERATOR), "big")
    secret = secrets.randbits(512) | (1 << 511)
    public = (multiplier * verifier + pow(DH_GENERATOR, secret, DH_PRIME)) % DH_PRIME
    return Challenge(secrets.randbits(62), algorithm, verifier, secret, public)


def view_password(challenge: Challenge | None) -> TLObject:
    """Gives account.Password for a challenge, or for an account without a password."""
    return types.account.Password(
        new_algo=types.PasswordKdfAlgoUnknown(),
        new_secure_algo=types.SecurePasswordKdfAlgoUnknown(),
        secure_random=secrets.token_bytes(16),
        has_password=challenge is not None,
        current_algo=challenge.algorithm if challenge else None,
        srp_B=big_num_for_hash(challenge.public) if challenge else None,
        srp_id=challenge.id if challenge else None,
    )
