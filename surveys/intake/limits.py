"""How often things may be done, without knowing by whom: nobody's address is looked at or kept.

Codes may be tried so often in a minute by everybody, and so often with one beginning. One form may
be sent so often in a minute. Where far more forms come from a tablet or for an office than people
can fill in, they are taken and flagged. How it is counted says `surveys.windows`.
"""

from uuid import UUID

from surveys.windows import within

WINDOW = 60  # seconds
TRIES_BY_ALL = 600
TRIES_BY_BEGINNING = 20
# Letters of the code, 15 bits: one in 32,768 beginnings says nothing about whose code it is.
BEGINNING = 3
# A person taps once a second at most; each tap may be tried again.
SENDINGS = 120
# Forms finished in ten minutes: above, no crowd of people explains them.
SURGE_WINDOW = 600
FORMS_OF_A_TABLET = 60
FORMS_OF_AN_OFFICE = 300


def may_try(code: str, now: float | None = None) -> bool:
    """Counts this try; False when there were too many in this minute.

    code: only its first letters are used; now: seconds since 1970, the present by default.
    """
    tries = {"try:all": TRIES_BY_ALL, f"try:{code[:BEGINNING]}": TRIES_BY_BEGINNING}
    return within(tries, WINDOW, now)


def may_send(response_id: UUID, now: float | None = None) -> bool:
    """Counts this sending of one form; False when it was sent too often in this minute."""
    return within({f"send:{response_id}": SENDINGS}, WINDOW, now)


def is_surge(office_id: int, tablet_id: int | None = None, now: float | None = None) -> bool:
    """Counts a finished form; whether there are more in ten minutes than people can fill in.

    tablet_id: of a form from a tablet, which is counted for itself; the others for their office.
    """
    if tablet_id is not None:
        return not within({f"tablet:{tablet_id}": FORMS_OF_A_TABLET}, SURGE_WINDOW, now)
    return not within({f"office:{office_id}": FORMS_OF_AN_OFFICE}, SURGE_WINDOW, now)
