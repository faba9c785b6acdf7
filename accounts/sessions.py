"""Sessions of officials, as Django wants an engine of them.

What the browser shows is nowhere stored, only its SHA-256; what a session holds is sealed. It ends
after `SESSION_IDLE_MINUTES` without a request (`ADMINISTRATION_IDLE_MINUTES` where one
administers), after SESSION_COOKIE_AGE at the latest, and when password, roles or second factors
change. Citizens have none.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import SignInSession
from accounts.sealing import InvalidToken, hashed, opened, sealed
from offices.models import User

PURPOSE = "sessions"
# How exactly it is known when somebody was there.
SEEN_EVERY = timedelta(minutes=1)
# For how long it is known whose an ended session was.
REMEMBERED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Visit:
    """The request for which a session is opened."""

    path: str = ""
    browser: str = ""
    source: str | None = None

    @property
    def idle(self) -> timedelta:
        """For how long nobody may have been there."""
        administers = self.path.startswith(tuple(settings.ADMINISTRATION_PATHS))
        minutes = (
            settings.ADMINISTRATION_IDLE_MINUTES if administers else settings.SESSION_IDLE_MINUTES
        )
        return timedelta(minutes=minutes)


class SessionStore(SessionBase):
    """One session. visit: the request; without one it is nobody's in particular."""

    def __init__(self, session_key: str | None = None, visit: Visit | None = None) -> None:
        super().__init__(session_key)
        self.visit = visit or Visit()
        # The account whose session this was, if it has ended.
        self.lost_by: int | None = None
        self._began_at: datetime | None = None

    def encode(self, session_dict: dict[str, Any]) -> str:  # Any: as Django's
        """Sealed JSON."""
        return sealed(json.dumps(session_dict), PURPOSE)

    def decode(self, session_data: bytes | str) -> dict[str, Any]:  # Any: as Django's
        """What was sealed; nothing if the key is gone."""
        try:
            said: dict[str, Any] = json.loads(opened(str(session_data), PURPOSE))
        except InvalidToken:
            return {}
        return said

    def load(self) -> dict[str, Any]:  # Any: as Django's
        """What the session holds; nothing if it has ended. One statement, twice a minute two."""
        row = self._row()
        now = timezone.now()
        if row is None:
            self._session_key = None
            return {}
        if row.ended_at is not None or row.ends_at <= now or row.seen_at + self.visit.idle <= now:
            self.lost_by = row.user_id
            self._session_key = None
            _end(SignInSession.objects.filter(pk=row.pk))
            return {}
        self._began_at = row.began_at if row.user_id is not None else None
        if row.seen_at + SEEN_EVERY <= now:
            seen = {"seen_at": now, "source": self.visit.source or row.source}
            SignInSession.objects.filter(pk=row.pk, ended_at=None).update(**seen)
        return self.decode(row.data)

    def _row(self) -> SignInSession | None:
        if not self.session_key:
            return None
        return SignInSession.objects.filter(key_hash=hashed(self.session_key)).first()

    def exists(self, session_key: str) -> bool:
        """Whether this key is taken."""
        return SignInSession.objects.filter(key_hash=hashed(session_key)).exists()

    def create(self) -> None:
        """Makes a new session, with a key that nobody has."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Stores what changed. Raises UpdateError if the session has ended meanwhile."""
        if self.session_key is None:
            self.create()
            return
        held = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        user = held.get(SESSION_KEY)
        values = {"data": self.encode(held), "user_id": int(user) if user else None}
        key, now = hashed(self.session_key), timezone.now()
        if not must_create:
            if not SignInSession.objects.filter(key_hash=key, ended_at=None).update(**values):
                raise UpdateError
            return
        began = self._began_at or now
        try:
            with transaction.atomic():
                SignInSession.objects.create(
                    key_hash=key,
                    began_at=began,
                    seen_at=now,
                    ends_at=began + timedelta(seconds=settings.SESSION_COOKIE_AGE),
                    browser=self.visit.browser,
                    source=self.visit.source,
                    **values,
                )
        except IntegrityError:
            raise CreateError from None

    def delete(self, session_key: str | None = None) -> None:
        """Forgets a session that somebody has ended or that goes on under another key."""
        key = session_key or self.session_key
        if key:
            SignInSession.objects.filter(key_hash=hashed(key)).delete()

    def reopen(self) -> None:
        """Lets this session go on after all sessions of its account have ended."""
        key = hashed(self.session_key or "")
        data = self.encode(self._get_session())  # type: ignore[attr-defined]
        SignInSession.objects.filter(key_hash=key).update(ended_at=None, data=data)

    @classmethod
    def clear_expired(cls) -> None:
        """Forgets sessions that ended a day ago or longer."""
        before = timezone.now() - REMEMBERED
        over = Q(ended_at__lt=before) | Q(ends_at__lt=before) | Q(seen_at__lt=before)
        SignInSession.objects.filter(over).delete()

    def __getstate__(self) -> NoReturn:
        raise TypeError("A session is not to be copied.")


def open_sessions(user: User) -> QuerySet[SignInSession]:
    """The sessions in which somebody is signed in now, the latest first."""
    now = timezone.now()
    idle = timedelta(minutes=settings.SESSION_IDLE_MINUTES)
    return SignInSession.objects.filter(
        user=user, ended_at=None, ends_at__gt=now, seen_at__gt=now - idle
    ).order_by("-seen_at")


def end_sessions(user: User, but: str | None = None) -> int:
    """Ends the sessions of an account; how many. but: the key of one that goes on."""
    found = SignInSession.objects.filter(user=user, ended_at=None)
    if but:
        found = found.exclude(key_hash=hashed(but))
    return _end(found)


def _end(found: QuerySet[SignInSession]) -> int:
    return found.filter(ended_at=None).update(ended_at=timezone.now(), data="")
