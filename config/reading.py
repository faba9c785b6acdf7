"""What the parts of a page ask alike is read once, see `offices.reading`."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from config.away import SAFE
from offices.reading import one_page


class OnePageMiddleware:
    """Around the view of a request that changes nothing; innermost, so that others read anew."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE:
            return self.get_response(request)
        with one_page():
            return self.get_response(request)
