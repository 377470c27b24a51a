"""The page that stands in for a secret whose reading could not be put on record: nothing of it is shown."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from sanban.base.access.readlog.recording import Unrecorded


class UnrecordedMiddleware:
    """Answers 503 with a plain sentence when the read log does not take a secret read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """The sentence for this one fault; every other is somebody else's."""
        if not isinstance(fault, Unrecorded):
            return None
        answer = render(request, "503.html", {"reason": fault.message}, status=503)
        answer["Retry-After"] = "30"
        return answer
