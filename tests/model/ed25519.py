"""Ed25519 signatures, verified as RFC 8032, section 5.1, says. Slow, and only for checking what is public."""

import hashlib

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    """x of a point with this y and lowest bit, or None where there is none."""
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P:
        return None
    return x if x & 1 == sign else P - x


def point(x, y):
    return (x, y, 1, x * y % P)


BASE = point(recover_x(4 * pow(5, P - 2, P) % P, 0), 4 * pow(5, P - 2, P) % P)


def add(one, other):
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(number, one):
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = add(total, one)
        one, number = add(one, one), number >> 1
    return total


def same(one, other):
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (one[1] * other[2] - other[1] * one[2]) % P == 0


def decompress(data):
    number = int.from_bytes(data, "little")
    y = number & ((1 << 255) - 1)
    x = recover_x(y, number >> 255)
    return None if x is None else point(x, y)


def verify(key, message, signature):
    """Whether the 64 bytes are the signature of the message by the 32 bytes of the public key."""
    if len(key) != 32 or len(signature) != 64:
        return False
    public, commitment = decompress(key), decompress(signature[:32])
    response = int.from_bytes(signature[32:], "little")
    if public is None or commitment is None or response >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    return same(times(response, BASE), add(commitment, times(challenge, public)))


def compress(one):
    inverse = pow(one[2], P - 2, P)
    x, y = one[0] * inverse % P, one[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def secret_number(secret):
    half = hashlib.sha512(secret).digest()
    number = int.from_bytes(half[:32], "little") & ((1 << 254) - 8) | 1 << 254
    return number, half[32:]


def public_key(secret):
    return compress(times(secret_number(secret)[0], BASE))


def sign(secret, message):
    """The signature of a message by 32 secret bytes."""
    number, prefix = secret_number(secret)
    key = public_key(secret)
    nonce = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % ORDER
    commitment = compress(times(nonce, BASE))
    challenge = int.from_bytes(hashlib.sha512(commitment + key + message).digest(), "little") % ORDER
    return commitment + ((nonce + challenge * number) % ORDER).to_bytes(32, "little")


def is_small(one):
    """Whether eight times a point is the neutral one."""
    return same(times(8, one), (0, 1, 1, 0))


def verify_strictly(key, message, signature):
    """As `verify`; keys and commitments of small order are refused."""
    points = [decompress(key), decompress(signature[:32])]
    return all(one is not None and not is_small(one) for one in points) and verify(key, message, signature)
