"""What a browser may keep of a form; decision 0015 has the reasons."""

from django.http import HttpRequest, HttpResponse


def keep_until_the_receipt(response: HttpResponse) -> HttpResponse:
    """Lets the person's own browser show the page again when the person goes back, nothing else.

    A page that answers a sending and may not be kept is an error page when one goes back to it.
    """
    response["Cache-Control"] = "private, no-cache"
    return response


def forget(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Takes back what `keep_until_the_receipt` let the browser keep.

    Only where the receipt is a page of its own: with JavaScript it takes the place of the form, and
    there is no page to forget.
    """
    if request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate":
        response["Clear-Site-Data"] = '"cache"'
    return response
