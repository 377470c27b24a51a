"""The language of pages: Chinese, unless the person chose English; programs say theirs with every request."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

PROGRAMS: Final = "/api/"
Answer = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """What a browser says of itself does not count: office PCs come with all kinds of language settings.

    The choice is a cookie, as the rest of the look is. Requests of programs follow Accept-Language.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(language_of(request)):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "")
        return response


def language_of(request: HttpRequest) -> str:
    """The language to answer in."""
    if request.path_info.startswith(PROGRAMS):
        return translation.get_language_from_request(request)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
